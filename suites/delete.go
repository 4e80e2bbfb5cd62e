package suites

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

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
