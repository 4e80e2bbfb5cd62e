package suites

import (
	"net/http"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func updating(s *check.Suite) {
	s.Section("Updating a service account", scenario.UpdatedAccount(), func() {
		s.Must("update.clears.left-out", func(ev *exchange.Evidence) {
			Expect(evidence.FinalResponse(ev, "bare")).To(HaveStatus(http.StatusOK))
			list, at := evidence.Listed(ev, "list-bare")
			for pointer, cleared := range map[string]types.GomegaMatcher{"/metadata/description": BeEmpty(), "/metadata/tags": HoldNoTag()} {
				Expect(evidence.Account(ev, "bare")).To(MayHaveMember(pointer, cleared))
				Expect(list).To(MayHaveMember(at+pointer, cleared))
			}
		})
	})
	s.Section("Updating a service account", scenario.UpdatedAccount(), func() {
		s.Must("update.status.ok", func(ev *exchange.Evidence) {
			Expect(evidence.FinalResponse(ev, "update")).To(HaveStatus(http.StatusOK))
		})
		changeChecks(s)
		keepChecks(s)
		s.Must("update.body.schema", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "update")).To(MatchContract(s.Contract, spec.AspectMediaType, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
		s.Must("update.rejects.malformed", func(ev *exchange.Evidence) {
			Expect(ev.Every("malformed-")).To(EachAnswered(beRefused()))
		})
		s.Must("update.rejects.no-json", func(ev *exchange.Evidence) {
			Expect(ev.Every("no-json-")).To(EachAnswered(beRefused()))
		})
		s.Must("update.rejects.nothing-changed", func(ev *exchange.Evidence) {
			updated := evidence.Account(ev, "update")
			list, at := evidence.Listed(ev, "list-after")
			Expect(list).To(HaveMember(at+"/metadata/name", BeExactly(evidence.Sent(updated, "/metadata/name"))))
			Expect(list).To(HaveMember(at+"/metadata/description", BeExactly(evidence.Sent(updated, "/metadata/description"))))
		})
		s.Must("update.unknown.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("update.malformed-id.refused", func(ev *exchange.Evidence) {
			Expect(ev.At(scenario.NotUUID)).To(BeClientError())
		})
	})
}

func changeChecks(s *check.Suite) {
	s.Must("update.changes.name", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "update")
		Expect(e).To(HaveMember("/metadata/name", BeExactly(evidence.Sent(e, "/metadata/name"))))
	})
	s.Must("update.changes.description", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "update")
		Expect(e).To(HaveMember("/metadata/description", BeExactly(evidence.Sent(e, "/metadata/description"))))
	})
	s.Must("update.changes.tags", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "update")
		Expect(e).To(HaveMember("/metadata/tags", All(HoldTags(evidence.Sent(e, "/metadata/tags")), LackTag("owner"))))
	})
	s.Must("update.changes.groups", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "update")
		Expect(e).To(HaveMember("/spec/groupIDs", BeSameSet(ev.Facts().Groups[0])))
	})
	s.Must("update.listed.agrees", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "update")
		list, at := evidence.Listed(ev, "list")
		Expect(list).To(HaveMember(at+"/metadata/name", BeExactly(evidence.Sent(e, "/metadata/name"))))
		Expect(list).To(HaveMember(at+"/metadata/description", BeExactly(evidence.Sent(e, "/metadata/description"))))
		Expect(list).To(HaveMember(at+"/metadata/tags", All(HoldTags(evidence.Sent(e, "/metadata/tags")), LackTag("owner"))))
		Expect(list).To(HaveMember(at+"/spec/groupIDs", BeSameSet(evidence.Strings(evidence.Sent(e, "/spec/groupIDs"))...)))
	})
	s.Must("update.clears.groups", func(ev *exchange.Evidence) {
		Expect(evidence.FinalResponse(ev, "clear")).To(HaveStatus(http.StatusOK))
		Expect(evidence.Account(ev, "clear")).To(HaveMember("/spec/groupIDs", BeSameSet([]string{}...)))
		list, at := evidence.Listed(ev, "list-after")
		Expect(list).To(HaveMember(at+"/spec/groupIDs", BeSameSet([]string{}...)))
	})
}

func keepChecks(s *check.Suite) {
	s.Must("update.keeps.identity", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "update")
		for _, pointer := range []string{"/metadata/id", "/metadata/organizationId", "/metadata/creationTime"} {
			Expect(e).To(HaveMember(pointer, BeAsBefore(pointer, evidence.ShownBefore(ev, pointer)...)))
		}
	})
	s.Should("update.keeps.expiry", func(ev *exchange.Evidence) {
		Expect(evidence.Account(ev, "update")).To(HaveMember("/status/expiry", BeAsBefore("/status/expiry", evidence.ShownBefore(ev, "/status/expiry")...)))
	})
	s.Must("update.token.absent", func(ev *exchange.Evidence) {
		Expect(evidence.Account(ev, "update")).To(LackToken("/status/accessToken"))
	})
	s.Should("update.token.survives", func(ev *exchange.Evidence) {
		evidence.Account(ev, "update")
		if before := ev.At("token-before"); !scenario.IsAuthenticated(before) {
			evidence.Inconclusive("the token did not authenticate before the update either")
		}
		Expect(ev.At("token-after")).To(BeAuthenticated())
	})
}
