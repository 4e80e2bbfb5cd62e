package suites

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

func rotating(s *check.Suite) {
	s.Section("Rotating an access token", rotatedAccount(), func() {
		s.Must("rotate.status.ok", func(ev *exchange.Evidence) {
			Expect(finalResponse(ev, "rotate")).To(HaveStatus(http.StatusOK))
		})
		s.Must("rotate.token.present", func(ev *exchange.Evidence) {
			Expect(account(ev, "rotate")).To(HaveMember("/status/accessToken", BeNonEmptyText()))
		})
		s.Must("rotate.keeps.identity", func(ev *exchange.Evidence) {
			e := account(ev, "rotate")
			for _, pointer := range []string{"/metadata/id", "/metadata/name", "/metadata/organizationId", "/metadata/creationTime", "/spec/groupIDs"} {
				Expect(e).To(HaveMember(pointer, BeAsBefore(pointer, shownBefore(ev, pointer)...)))
			}
		})
		s.Must("rotate.expiry.future", func(ev *exchange.Evidence) {
			e := account(ev, "rotate")
			moment(e, "/status/expiry")
			Expect(e).To(HaveMember("/status/expiry", BeLaterThan(TargetClock(e), "the time of the response")))
		})
		s.Must("rotate.body.schema", func(ev *exchange.Evidence) {
			Expect(account(ev, "rotate")).To(MatchContract(s.Contract, spec.AspectMediaType, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
		s.Must("rotate.unknown.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("rotate.malformed-id.refused", func(ev *exchange.Evidence) {
			Expect(ev.At(notUUID)).To(BeClientError())
		})
	})
}

func rotatingAtOnce(s *check.Suite) {
	s.Section("State of the accounts", contentProbe(), func() {
		s.Must(oneTokenRequirement, func(ev *exchange.Evidence) {
			if !ev.At(firstRotation).Success() || !ev.At(secondRotation).Success() {
				ev.Observe("does not apply: one of two rotations at once did not succeed")
				return
			}
			if ev.At(firstUsed).Status() == http.StatusUnauthorized {
				return
			}
			Expect(ev.At(secondUsed)).To(HaveStatus(http.StatusUnauthorized))
		})
	})
}
