package suites

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func deleting(s *check.Suite) {
	s.Section("Deleting a service account", scenario.DeletedAccount(), func() {
		s.Must("delete.status.ok", func(ev *exchange.Evidence) {
			Expect(evidence.FinalResponse(ev, "delete")).To(HaveStatus(http.StatusOK))
		})
		s.Must("delete.listed.gone", func(ev *exchange.Evidence) {
			if deleted := ev.At("delete"); !deleted.Success() {
				evidence.Inconclusive("%s got %d", deleted.ID, deleted.Status())
			}
			list := ev.At("list")
			if evidence.Leaving(list, evidence.Account(ev, "create").AccountID()) {
				evidence.Inconclusive("the account is listed as one that is being deleted; a longer time for reads to catch up may show it gone")
			}
			Expect(list).To(ListNot(evidence.Account(ev, "create").AccountID()))
		})
		s.Must("delete.twice.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("twice")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("delete.unknown.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("delete.malformed-id.refused", func(ev *exchange.Evidence) {
			Expect(ev.At(scenario.NotUUID)).To(BeClientError())
		})
	})
}
