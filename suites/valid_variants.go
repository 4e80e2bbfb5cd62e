package suites

import (
	"net/http"
	"slices"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func varying(s *check.Suite) {
	accepted := BeSuccess() // which success it is to be is create.status.created's matter
	s.Section("Legal variety of the request", scenario.VariedCreates(), func() {
		for _, step := range []string{"description-long", "groups-duplicated", "chunked", "query"} { // which may be refused
			s.Should("create.accepts."+step, func(ev *exchange.Evidence) { Expect(ev.At(step)).To(accepted) })
		}
		for _, step := range []string{
			"name-longest", "name-characters", "description-empty", "description-unicode", "tags-empty", "tags-several", "groups-one",
			"unknown-members", "read-only-members", "white-space", "charset", "media-type-case", "bearer-case",
		} {
			s.Must("create.accepts."+step, func(ev *exchange.Evidence) { Expect(ev.At(step)).To(accepted) })
		}
		s.Must("create.accepts.name-shortest", func(ev *exchange.Evidence) {
			// A name that short may be taken already, and names may be unique.
			Expect(ev.At("name-shortest")).To(BeSuccess(http.StatusConflict))
		})
		s.Must("create.answers.unknown-group", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown-group")).To(BeCreatedOrRefused())
		})
		s.Must("create.answers.empty-group", func(ev *exchange.Evidence) {
			Expect(ev.At("empty-group")).To(BeCreatedOrRefused())
		})
		s.Must("create.answers.reserved-tag", func(ev *exchange.Evidence) {
			Expect(ev.At("reserved-tag")).To(BeCreatedOrRefused())
		})
		s.Must("create.keeps.name", func(ev *exchange.Evidence) { Expect(varied(ev)).To(Each(EchoName())) })
		s.Must("create.keeps.description", func(ev *exchange.Evidence) { Expect(varied(ev)).To(Each(EchoDescription())) })
		s.Must("create.keeps.tags", func(ev *exchange.Evidence) {
			reserved := func(e *exchange.Exchange) bool { return e.Step == "reserved-tag" } // may be dropped
			Expect(slices.DeleteFunc(varied(ev), reserved)).To(Each(EchoTags()))
		})
		s.Must("create.keeps.groups", func(ev *exchange.Evidence) {
			if e := ev.At("groups-duplicated"); e.Status()/100 == 4 {
				ev.Observe("does not apply: a group that is named twice is refused")
				return
			}
			Expect(evidence.Account(ev, "groups-duplicated")).To(HaveMember("/spec/groupIDs", BeSameSet(ev.Facts().Groups[0])))
		})
		s.Must("create.keeps.no-groups", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "name-longest")).To(HaveMember("/spec/groupIDs", BeSameSet()))
		})
		readOnlyChecks(s)
		s.Must("create.listed.agrees", func(ev *exchange.Evidence) {
			Expect(varied(ev)).To(Each(BeListedAsAnswered(ev.At("list"))))
		})
	})
}

// readOnlyChecks look at an account whose request named an id, times and a token of its own.
func readOnlyChecks(s *check.Suite) {
	taken := func(pointer string) func(*exchange.Evidence) {
		return func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "read-only-members")
			Expect(e).To(MayHaveMember(pointer, BeOtherThan(evidence.Sent(e, pointer))))
		}
	}
	s.Must("create.ignores.id", taken("/metadata/id"))
	s.Must("create.ignores.organization", taken("/metadata/organizationId"))
	s.Must("create.ignores.creation-time", taken("/metadata/creationTime"))
	s.Must("create.ignores.created-by", taken("/metadata/createdBy"))
	s.Must("create.ignores.expiry", taken("/status/expiry"))
	s.Must("create.ignores.token", taken("/status/accessToken"))
}

// varied are the responses of the varied creates that yielded an account.
func varied(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return e.Operation == probe.CreateOperation && e.Success() && e.AccountID() != ""
	})
	if len(found) == 0 {
		evidence.Inconclusive("none of the varied creates yielded an account")
	}
	return found
}
