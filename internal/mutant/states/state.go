// Package states holds mutants that are wrong over several requests: lists, updates, rotations, deletions, and many at once.
// Their single responses are right.
package states

import (
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/generate"
)

// States let accounts be something else than the responses before said. Each is one of the generated mutants.
func States() []*mutant.Defect {
	const trust = "what a client read before is worth nothing"
	generated := func(where, what, when string) *mutant.Layer {
		return generate.Named(where + " | " + what + " | " + when).Layer
	}
	return mutant.Prefixed("state-", "state", append(everywhere(generated),
		mutant.Defective("list-mislabelled-at-times", "sends every second list as text", "clients fail now and then, and nobody can repeat it",
			generated("list response 200, Content-Type", "text/plain", "every second time"), "contract.every.response"),
		mutant.Defective("refused-update-empties", "takes tags and groups away with an update that it refuses", "a typing error takes somebody's rights away",
			generated("update refused", "takes tags and groups away", "always"), "state.list.agrees"),
		mutant.Defective("creator-moves", "shows another creator after an update", "nobody knows any more who made an account",
			generated("update response /metadata/createdBy", "constant", "always"), "state.identity.kept"),
		mutant.Defective("expiry-of-nothing", "lists an expiry that is a day later than that of the token after a rotation", "a token ends before it was to be renewed",
			generated("list response /status/expiry", "a day later", "after a rotation"), "state.expiry.current"),
		mutant.Defective("tagged-unlisted", "leaves accounts with several tags out of the list", "accounts with power are in no review",
			generated("list response", "without an account", "when there are several tags"), "state.list.present"),
		mutant.Defective("second-update-grows", "answers a second update with a group that nobody asked for", trust,
			generated("update response /spec/groupIDs", "with one more", "after two updates"), "state.write.echoed"),
	)...)
}
