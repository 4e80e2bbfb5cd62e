package evidence

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// FinalList is the list that was read when all was over, out of the evidence of everything. A list without the witness
// may be behind, and tells nothing.
func FinalList(ev *exchange.Evidence) *exchange.Exchange {
	var witness, list *exchange.Exchange
	for _, e := range ev.Where(func(e *exchange.Exchange) bool { return e.Probe == scenario.FinalStateProbe }) {
		switch e.Step {
		case "witness":
			witness = e
		case "list":
			list = e
		}
	}
	switch {
	case !witness.Success() || witness.AccountID() == "":
		Inconclusive("no witness could be created at the end, so that a list would tell nothing")
	case list == nil:
		Inconclusive("the list was not read at the end")
	case !list.Answered():
		Inconclusive("%s", list.Unanswered())
	}
	if _, position := list.Listed(witness.AccountID()); position < 0 {
		Inconclusive("the list of the end, %s, does not hold the account that was created just before it was read", list.ID)
	}
	return list
}

// LeftList is the last list of a run, and the ids of the accounts that were deleted before it was asked for and that it does not
// show as being deleted.
func LeftList(ev *exchange.Evidence) (list *exchange.Exchange, ids []string) {
	for _, e := range ev.Where(func(e *exchange.Exchange) bool {
		return e.Probe == scenario.FinalStateProbe && e.Step == scenario.GoneStep
	}) {
		list = e
	}
	switch {
	case list == nil:
		Inconclusive("the list was not read after the last deletion")
	case !list.Success():
		Inconclusive("%s got %d", list.ID, list.Status())
	}
	ids = scenario.DeletedIn(ev.Where(func(e *exchange.Exchange) bool { return e.FinishedAt().Before(list.StartedAt) }))
	if len(ids) == 0 {
		Inconclusive("no account was deleted")
	}
	return list, slices.DeleteFunc(ids, func(id string) bool { return Leaving(list, id) }) // a deletion may take its time
}

// ListNone accepts a list without any of some accounts.
func ListNone(ids []string) types.GomegaMatcher {
	return By(func(list *exchange.Exchange) *Mismatch {
		for _, id := range ids {
			if _, at := list.Listed(id); at >= 0 {
				return &Mismatch{Expected: "no account that was deleted", Seen: "the account " + id, Pointer: fmt.Sprintf("/%d", at), Exchange: list.ID}
			}
		}
		return nil
	})
}

// LastCreates are the last exchanges of all steps that sent a create, of those that satisfy keep.
func LastCreates(ev *exchange.Evidence, keep func(*exchange.Exchange) bool) []*exchange.Exchange {
	places, family := map[string]int{}, []*exchange.Exchange{}
	for _, e := range ev.Where(func(e *exchange.Exchange) bool { return e.Operation == probe.CreateOperation && keep(e) }) {
		if at, again := places[e.Probe+"/"+e.Step]; again {
			family[at] = e
			continue
		}
		places[e.Probe+"/"+e.Step] = len(family)
		family = append(family, e)
	}
	return family
}

// Leaving reports whether a list says of an account that its deletion is under way.
func Leaving(list *exchange.Exchange, id string) bool {
	account, _ := list.Listed(id)
	status, _ := exchange.Lookup(account, "/metadata/provisioningStatus")
	_, marked := exchange.Lookup(account, "/metadata/deletionTime")
	return status == "deprovisioning" || marked
}
