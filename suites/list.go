package suites

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func listing(s *check.Suite) {
	s.Section("Listing service accounts", scenario.MinimalCreate(), func() {
		s.Must("list.status.ok", func(ev *exchange.Evidence) {
			Expect(ev.At("list")).To(HaveStatus(http.StatusOK))
		})
		s.Must("list.media-type.json", func(ev *exchange.Evidence) {
			Expect(answeredList(ev)).To(HaveMediaType("application/json"))
		})
		s.Must("list.body.array", func(ev *exchange.Evidence) {
			Expect(answeredList(ev)).To(BeAccountList())
		})
		s.Must("list.contains.created", func(ev *exchange.Evidence) {
			Expect(ev.At("list")).To(ListAccount(evidence.Account(ev, "create").AccountID()))
		})
		s.Must("list.organization.same", func(ev *exchange.Evidence) {
			Expect(ev.At("list")).To(ListEach("/metadata/organizationId", BeSameID(ev.Facts().Organization)))
		})
		s.Must("list.agrees.created", func(ev *exchange.Evidence) {
			created := evidence.Account(ev, "create")
			list, at := evidence.Listed(ev, "list")
			Expect(list).To(HaveMember(at+"/metadata/id", BeSameID(created.AccountID())))
			Expect(list).To(HaveMember(at+"/metadata/name", BeExactly(evidence.TextAt(created, "/metadata/name"))))
			Expect(list).To(HaveMember(at+"/metadata/organizationId", BeSameID(evidence.TextAt(created, "/metadata/organizationId"))))
			Expect(list).To(HaveMember(at+"/metadata/creationTime", BeSameSecond(evidence.Moment(created, "/metadata/creationTime"))))
			Expect(list).To(HaveMember(at+"/status/expiry", BeSameSecond(evidence.Moment(created, "/status/expiry"))))
		})
		s.Must("list.body.schema", func(ev *exchange.Evidence) {
			Expect(answeredList(ev)).To(MatchContract(s.Contract, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
	})
	s.Section("Listing service accounts", scenario.Everything(), func() {
		s.Must("list.token.absent", func(ev *exchange.Evidence) {
			Expect(evidence.EveryList(ev)).To(Each(ListNoToken()))
		})
		s.Must("list.ids.unique", func(ev *exchange.Evidence) {
			Expect(evidence.EveryList(ev)).To(Each(ListDistinct()))
		})
	})
}

// answeredList is the list of a create, if the target answered with one.
func answeredList(ev *exchange.Evidence) *exchange.Exchange {
	e := ev.At("list")
	if !e.Success() {
		evidence.Inconclusive("%s got %d, so that there is no list to look at", e.ID, e.Status())
	}
	return e
}
