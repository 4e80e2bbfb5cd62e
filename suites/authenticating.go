package suites

import (
	"context"
	"encoding/base64"
	"net/http"

	. "github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/internal/match"
	"github.com/sa-conformance/conformance/internal/probe"
)

// unauthenticatedCreate sends good bodies with credentials that are none.
func unauthenticatedCreate() probe.Probe {
	return probe.Probe{Name: "auth.refused", Run: func(ctx context.Context, s *probe.Session) {
		basic := base64.StdEncoding.EncodeToString([]byte("user:" + s.Mark()))
		for _, attempt := range []struct {
			step string
			as   probe.Identity
		}{
			{"missing", probe.Nobody()},
			{"garbage", probe.Bearer("garbage", "this-is-no-token-"+s.Mark())},
			{"scheme", probe.Header("basic", "Basic "+basic)},
		} {
			request := s.CreateRequest(fixtures.Minimal(s.Name("unauthenticated-" + attempt.step)))
			request.As = attempt.as
			s.Send(ctx, attempt.step, request)
		}
	}}
}

func authenticating(s *check.Suite) {
	s.Section("Authenticating", unauthenticatedCreate(), func() {
		s.Must("auth.missing.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("missing")).To(HaveStatus(http.StatusUnauthorized))
		})
		s.Must("auth.garbage.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("garbage")).To(HaveStatus(http.StatusUnauthorized))
		})
		s.Must("auth.scheme.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("scheme")).To(HaveStatus(http.StatusUnauthorized))
		})
		s.Must("auth.error.body", func(ev *exchange.Evidence) {
			Expect(unauthorized(ev)).To(Each(HaveErrorBody(s.Contract)))
		})
		s.Must("auth.error.code", func(ev *exchange.Evidence) {
			Expect(unauthorized(ev)).To(Each(HaveFittingErrorCode()))
		})
		s.Must("auth.challenge.bearer", func(ev *exchange.Evidence) {
			Expect(unauthorized(ev)).To(Each(HaveBearerChallenge()))
		})
	})
}

// unauthorized are the answers with 401; a target that gave none has none to judge.
func unauthorized(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool { return e.Answered() && e.Status() == http.StatusUnauthorized })
	if len(found) == 0 {
		lacking("nothing was answered with 401")
	}
	return found
}
