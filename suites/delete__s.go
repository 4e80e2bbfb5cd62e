package suites

import (
	"context"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
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
