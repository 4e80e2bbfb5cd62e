// Package defects lists the named mutants of all families. A new family is one line here.
package defects

import (
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/access"
	"github.com/sa-conformance/conformance/internal/mutant/requests"
	"github.com/sa-conformance/conformance/internal/mutant/responses"
	"github.com/sa-conformance/conformance/internal/mutant/states"
	"github.com/sa-conformance/conformance/internal/mutant/tokens"
	"github.com/sa-conformance/conformance/internal/mutant/unforeseen"
)

// All lists every defect, family by family.
func All() []mutant.Defect {
	var all []mutant.Defect
	for _, family := range [][]*mutant.Defect{
		responses.Statuses(),
		aboutSigning(tokens.JwsStructure()), tokens.JweStructure(), aboutSigning(tokens.TokenRelations()), waiting(tokens.TokenLife()), waiting(tokens.TokenDeath()),
		aboutSigning(tokens.Discovery()), access.Bypasses(), aboutSigning(tokens.Forgeries()), access.Challenges(), access.Refusals(), access.Permissions(),
		responses.MediaTypes(),
		responses.Metadata(),
		responses.Times(),
		responses.Uuids(),
		responses.Enums(),
		responses.InGroups(),
		responses.Echoes(),
		access.Takeovers(),
		requests.Variety(),
		onWire(mutant.Bodies()),
		onWire(responses.Headers()),
		responses.ErrorBodies(),
		responses.Leaks(),
		onWire(access.Methods()),
		onWire(access.Paths()),
		requests.Contests(),
		states.Together(),
		waiting(onWire(states.Crashes())),
		tokens.TokensAlike(),
		requests.MalformedMembers(), requests.MalformedTexts(), requests.MalformedNames(), requests.MalformedMediaTypes(), requests.MalformedDuplicates(),
		access.BadRefusals(), access.DeedsBeforeRefusal(), onWire(access.Overwhelmed()),
		waiting(states.BadLists()), states.InCrowds(), states.BadUpdates(), states.BadRotations(), waiting(states.BadDeletions()), access.BadGuards(), states.States(), states.Beyond(), states.OwnAccounts(), states.Packed(), unforeseen.Defects(),
	} {
		for _, d := range family {
			all = append(all, *d)
		}
	}
	return all
}

// waiting marks defects whose trials mostly wait.
func waiting(defects []*mutant.Defect) []*mutant.Defect {
	for _, d := range defects {
		d.Waits = true
	}
	return defects
}

// onWire marks defects that show only on a real connection.
func onWire(defects []*mutant.Defect) []*mutant.Defect {
	for i := range defects {
		defects[i].Wire = true
	}
	return defects
}

// aboutSigning marks defects of what tokens are signed by.
func aboutSigning(defects []*mutant.Defect) []*mutant.Defect {
	for _, d := range defects {
		d.Signed = true
	}
	return defects
}
