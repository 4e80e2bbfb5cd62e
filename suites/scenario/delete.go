package scenario

import (
	"context"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
)

const DeleteProbe = "delete.account"

// DeletedAccount deletes one account, waits until it has left the list, and deletes it again.
func DeletedAccount() probe.Probe {
	return probe.Probe{Name: DeleteProbe, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, fixtures.Minimal(s.Name("delete")))
		if !ok {
			return
		}
		id := created.AccountID()
		retryOnConflict(ctx, s, "delete", s.DeleteRequest(id))
		list := s.ListWithout(ctx, "list", id)
		s.Send(ctx, "unknown", s.DeleteRequest(s.Invented(unknownLike(id))))
		s.Send(ctx, NotUUID, oddly(s, "delete", s.DeleteRequest(NotUUID)))
		if _, position := list.Listed(id); position >= 0 || !list.Success() {
			s.GiveUp("no list was seen without the account that was deleted")
			return
		}
		s.Send(ctx, "twice", s.DeleteRequest(id))
	}}
}
