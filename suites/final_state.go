package suites

import (
	"context"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/model"
	"github.com/sa-conformance/conformance/internal/probe"
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
		},
	}
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
