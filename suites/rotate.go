package suites

import (
	"context"
	"net/http"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const rotateProbe = "rotate.account"

// rotatedAccount asks for a new token of one account, in a group if the operator named one.
func rotatedAccount() probe.Probe {
	return probe.Probe{Name: rotateProbe, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name("rotate"), Groups: oneGroup(s)}))
		if !ok {
			return
		}
		s.ListWith(ctx, "list-before", created.AccountID())
		retryOnConflict(ctx, s, "rotate", s.RotateRequest(created.AccountID()))
		s.Send(ctx, "unknown", s.RotateRequest(s.Invented(unknownLike(created.AccountID()))))
		s.Send(ctx, notUUID, s.RotateRequest(s.Invented(notUUID)))
	}}
}

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
