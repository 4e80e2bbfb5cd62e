package suites

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/model"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const finalStateProbe = "aftermath"

// finalState waits until every other conversation is over. It then creates a witness and reads the list until the witness
// is in it, so that whatever the others made without being told would be there too.
func finalState() probe.Probe {
	return probe.Probe{
		Name: finalStateProbe,
		Run:  func(context.Context, *probe.Session) {},
		Finally: func(ctx context.Context, s *probe.Session) {
			created := s.Create(ctx, "witness", fixtures.Minimal(s.Name("witness")))
			if !created.Success() || created.AccountID() == "" {
				s.GiveUp("the witness got %d and no account", created.Status())
				return
			}
			s.ListWith(ctx, "list", created.AccountID())
			believed := model.Believe(s.Facts(), s.Exchanges())
			s.Await(ctx, "state", s.ListRequest(), believed.Agrees)
			deleteRich(ctx, s)
		},
	}
}

// deleteRich deletes the accounts that have all kinds of content, and reads the list until all accounts that were deleted in the
// whole run are gone.
func deleteRich(ctx context.Context, s *probe.Session) {
	var ids []string
	for _, e := range s.Exchanges() {
		if e.Probe == contentProbeName && !strings.Contains(e.Step, "twin") && e.Operation == probe.CreateOperation && e.Success() && e.Foreign == "" && e.AccountID() != "" {
			ids = append(ids, e.AccountID())
		}
	}
	var deletions []attempt
	for i, id := range ids {
		deletions = append(deletions, attempt{fmt.Sprintf("delete-%d", i+1), s.DeleteRequest(id)})
	}
	sendAll(ctx, s, deletions)
	s.ListWithout(ctx, goneStep, deletedIn(s.Exchanges())...)
}

// goneStep is the list at the end of a run that lacks every account that was deleted.
const goneStep = "gone"

// deletedIn are the ids of the accounts of a run whose deletion succeeded.
func deletedIn(all []*exchange.Exchange) []string {
	var ids []string
	for _, e := range all {
		if e.Operation == probe.DeleteOperation && e.Identity == "operator" && e.Success() {
			if address, err := url.Parse(e.Request.URL); err == nil {
				ids = append(ids, path.Base(address.Path))
			}
		}
	}
	return ids
}

// finalList is the list that was read when all was over, out of the evidence of everything. A list without the witness
// may be behind, and tells nothing.
func finalList(ev *exchange.Evidence) *exchange.Exchange {
	var witness, list *exchange.Exchange
	for _, e := range ev.Where(func(e *exchange.Exchange) bool { return e.Probe == finalStateProbe }) {
		switch e.Step {
		case "witness":
			witness = e
		case "list":
			list = e
		}
	}
	switch {
	case !witness.Success() || witness.AccountID() == "":
		inconclusive("no witness could be created at the end, so that a list would tell nothing")
	case list == nil:
		inconclusive("the list was not read at the end")
	case !list.Answered():
		inconclusive("%s", list.Unanswered())
	}
	if _, position := list.Listed(witness.AccountID()); position < 0 {
		inconclusive("the list of the end, %s, does not hold the account that was created just before it was read", list.ID)
	}
	return list
}

// leftList is the last list of a run, and the ids of the accounts that were deleted before it was asked for and that it does not
// show as being deleted.
func leftList(ev *exchange.Evidence) (list *exchange.Exchange, ids []string) {
	for _, e := range ev.Where(func(e *exchange.Exchange) bool { return e.Probe == finalStateProbe && e.Step == goneStep }) {
		list = e
	}
	switch {
	case list == nil:
		inconclusive("the list was not read after the last deletion")
	case !list.Success():
		inconclusive("%s got %d", list.ID, list.Status())
	}
	ids = deletedIn(ev.Where(func(e *exchange.Exchange) bool { return e.FinishedAt().Before(list.StartedAt) }))
	if len(ids) == 0 {
		inconclusive("no account was deleted")
	}
	return list, slices.DeleteFunc(ids, func(id string) bool { return leaving(list, id) }) // a deletion may take its time
}

// listNone accepts a list without any of some accounts.
func listNone(ids []string) types.GomegaMatcher {
	return By(func(list *exchange.Exchange) *Mismatch {
		for _, id := range ids {
			if _, at := list.Listed(id); at >= 0 {
				return &Mismatch{Expected: "no account that was deleted", Seen: "the account " + id, Pointer: fmt.Sprintf("/%d", at), Exchange: list.ID}
			}
		}
		return nil
	})
}
