package suites

import (
	"context"
	"net/http"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const deleteProbe = "delete.account"

// deletedAccount deletes one account, waits until it has left the list, and deletes it again.
func deletedAccount() probe.Probe {
	return probe.Probe{Name: deleteProbe, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, fixtures.Minimal(s.Name("delete")))
		if !ok {
			return
		}
		id := created.AccountID()
		retryOnConflict(ctx, s, "delete", s.DeleteRequest(id))
		list := s.ListWithout(ctx, "list", id)
		s.Send(ctx, "unknown", s.DeleteRequest(s.Invented(unknownLike(id))))
		s.Send(ctx, notUUID, s.DeleteRequest(s.Invented(notUUID)))
		if _, position := list.Listed(id); position >= 0 || !list.Success() {
			s.GiveUp("no list was seen without the account that was deleted")
			return
		}
		s.Send(ctx, "twice", s.DeleteRequest(id))
	}}
}

func deleting(s *check.Suite) {
	s.Section("Deleting a service account", deletedAccount(), func() {
		s.Must("delete.status.ok", func(ev *exchange.Evidence) {
			Expect(finalResponse(ev, "delete")).To(HaveStatus(http.StatusOK))
		})
		s.Must("delete.listed.gone", func(ev *exchange.Evidence) {
			if deleted := ev.At("delete"); !deleted.Success() {
				inconclusive("%s got %d", deleted.ID, deleted.Status())
			}
			list := ev.At("list")
			if leaving(list, account(ev, "create").AccountID()) {
				inconclusive("the account is listed as one that is being deleted; a longer time for reads to catch up may show it gone")
			}
			Expect(list).To(ListNot(account(ev, "create").AccountID()))
		})
		s.Must("delete.twice.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("twice")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("delete.unknown.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("delete.malformed-id.refused", func(ev *exchange.Evidence) {
			Expect(ev.At(notUUID)).To(BeClientError())
		})
	})
}

// leaving reports whether a list says of an account that its deletion is under way.
func leaving(list *exchange.Exchange, id string) bool {
	account, _ := list.Listed(id)
	status, _ := exchange.Lookup(account, "/metadata/provisioningStatus")
	_, marked := exchange.Lookup(account, "/metadata/deletionTime")
	return status == "deprovisioning" || marked
}
