package mutant

// states let accounts be something else than the responses before said. Each is one of the generated mutants.
func states() []*Defect {
	const trust = "what a client read before is worth nothing"
	generated := func(where, what, when string) *Layer { return Generated(where + " | " + what + " | " + when).Layer }
	return prefixed("state-", "state",
		defective("list-mislabelled-at-times", "sends every second list as text", "clients fail now and then, and nobody can repeat it",
			generated("list response 200, Content-Type", "text/plain", "every second time"), "contract.every.response"),
		defective("refused-update-empties", "takes tags and groups away with an update that it refuses", "a typing error takes somebody's rights away",
			generated("update refused", "takes tags and groups away", "always"), "state.list.agrees"),
		defective("creator-moves", "shows another creator after an update", "nobody knows any more who made an account",
			generated("update response /metadata/createdBy", "constant", "always"), "state.identity.kept"),
		defective("expiry-of-nothing", "lists an expiry that is a day later than that of the token after a rotation", "a token ends before it was to be renewed",
			generated("list response /status/expiry", "a day later", "after a rotation"), "state.expiry.current"),
		defective("tagged-unlisted", "leaves accounts with several tags out of the list", "accounts with power are in no review",
			generated("list response", "without an account", "when there are several tags"), "state.list.present"),
		defective("second-update-grows", "answers a second update with a group that nobody asked for", trust,
			generated("update response /spec/groupIDs", "with one more", "after two updates"), "state.write.echoed"),
	)
}
