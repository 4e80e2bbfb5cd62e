package scenario

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/model"
	"github.com/sa-conformance/conformance/internal/probe"
)

const FinalStateProbe = "aftermath"

// FinalState waits until every other conversation is over. It then creates a witness and reads the list until the witness
// is in it, so that whatever the others made without being told would be there too.
func FinalState() probe.Probe {
	return probe.Probe{
		Name: FinalStateProbe,
		Run:  func(context.Context, *probe.Session) {},
		Finally: func(ctx context.Context, s *probe.Session) {
			created := s.Create(ctx, "witness", fixtures.Minimal(s.Name("witness")))
			if !created.Success() || created.AccountID() == "" {
				s.GiveUp("the witness got %d and no account", created.Status())
				return
			}
			s.ListWith(ctx, "list", created.AccountID())
			// Another conversation that goes on at the end may write meanwhile: what a list has to show is asked at each list. A belief of
			// before would be waited for in vain.
			s.Await(ctx, "state", s.ListRequest(), func(list *exchange.Exchange) bool {
				return model.Believe(s.Facts(), s.Exchanges()).Agrees(list)
			})
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
	s.ListWithout(ctx, GoneStep, DeletedIn(s.Exchanges())...)
}

// GoneStep is the list at the end of a run that lacks every account that was deleted.
const GoneStep = "gone"

// DeletedIn are the ids of the accounts of a run whose deletion succeeded.
func DeletedIn(all []*exchange.Exchange) []string {
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
