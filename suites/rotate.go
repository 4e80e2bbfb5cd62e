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

func rotating(s *check.Suite) {
	s.Section("Rotating an access token", scenario.RotatedAccount(), func() {
		s.Must("rotate.status.ok", func(ev *exchange.Evidence) {
			Expect(evidence.FinalResponse(ev, "rotate")).To(HaveStatus(http.StatusOK))
		})
		s.Must("rotate.token.present", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "rotate")).To(HaveMember("/status/accessToken", BeNonEmptyText()))
		})
		s.Must("rotate.keeps.identity", func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "rotate")
			for _, pointer := range []string{"/metadata/id", "/metadata/name", "/metadata/organizationId", "/metadata/creationTime", "/spec/groupIDs"} {
				Expect(e).To(HaveMember(pointer, BeAsBefore(pointer, evidence.ShownBefore(ev, pointer)...)))
			}
		})
		s.Must("rotate.expiry.future", func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "rotate")
			evidence.Moment(e, "/status/expiry")
			Expect(e).To(HaveMember("/status/expiry", BeLaterThan(TargetClock(e), "the time of the response")))
		})
		s.Must("rotate.body.schema", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "rotate")).To(MatchContract(s.Contract, spec.AspectMediaType, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
		s.Must("rotate.unknown.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("rotate.malformed-id.refused", func(ev *exchange.Evidence) {
			Expect(ev.At(scenario.NotUUID)).To(BeClientError())
		})
	})
}

func rotatingAtOnce(s *check.Suite) {
	s.Section("State of the accounts", scenario.ContentProbe(), func() {
		s.Must(scenario.OneTokenRequirement, func(ev *exchange.Evidence) {
			if !ev.At(scenario.FirstRotation).Success() || !ev.At(scenario.SecondRotation).Success() {
				ev.Observe("does not apply: one of two rotations at once did not succeed")
				return
			}
			if ev.At(scenario.FirstUsed).Status() == http.StatusUnauthorized {
				return
			}
			Expect(ev.At(scenario.SecondUsed)).To(HaveStatus(http.StatusUnauthorized))
		})
	})
}
