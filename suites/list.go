package suites

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

func listing(s *check.Suite) {
	s.Section("Listing service accounts", minimalCreate(), func() {
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
			Expect(ev.At("list")).To(ListAccount(account(ev, "create").AccountID()))
		})
		s.Must("list.organization.same", func(ev *exchange.Evidence) {
			Expect(ev.At("list")).To(ListEach("/metadata/organizationId", BeSameID(ev.Facts().Organization)))
		})
		s.Must("list.agrees.created", func(ev *exchange.Evidence) {
			created := account(ev, "create")
			list, at := listed(ev, "list")
			Expect(list).To(HaveMember(at+"/metadata/id", BeSameID(created.AccountID())))
			Expect(list).To(HaveMember(at+"/metadata/name", BeExactly(textAt(created, "/metadata/name"))))
			Expect(list).To(HaveMember(at+"/metadata/organizationId", BeSameID(textAt(created, "/metadata/organizationId"))))
			Expect(list).To(HaveMember(at+"/metadata/creationTime", BeSameSecond(moment(created, "/metadata/creationTime"))))
			Expect(list).To(HaveMember(at+"/status/expiry", BeSameSecond(moment(created, "/status/expiry"))))
		})
		s.Must("list.body.schema", func(ev *exchange.Evidence) {
			Expect(answeredList(ev)).To(MatchContract(s.Contract, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
	})
	s.Section("Listing service accounts", everything(), func() {
		s.Must("list.token.absent", func(ev *exchange.Evidence) {
			Expect(everyList(ev)).To(Each(ListNoToken()))
		})
		s.Must("list.ids.unique", func(ev *exchange.Evidence) {
			Expect(everyList(ev)).To(Each(ListDistinct()))
		})
	})
}

// answeredList is the list of a create, if the target answered with one.
func answeredList(ev *exchange.Evidence) *exchange.Exchange {
	e := ev.At("list")
	if !e.Success() {
		inconclusive("%s got %d, so that there is no list to look at", e.ID, e.Status())
	}
	return e
}
