package suites

import (
	"context"
	"net/http"
	"slices"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const (
	raceStep            = report.RaceStep
	firstUsed           = raceStep + "first-used"
	secondUsed          = raceStep + "second-used"
	firstRotation       = raceStep + "1-rotate"
	secondRotation      = raceStep + "2-rotate"
	oneTokenRequirement = "rotate.together.one-token"
)

// rotateAtOnce rotates an account twice at the same moment, and uses both tokens until one of them is refused.
func rotateAtOnce(ctx context.Context, s *probe.Session, w *explore.World, account int) {
	rotation := explore.Operation{Kind: explore.Rotate, Account: account}
	both := w.AtOnce(ctx, raceStep, rotation, rotation)
	if !both[0].Success() || !both[1].Success() {
		return
	}
	first := listAs(s, probe.Bearer("account", both[0].AccessToken()))
	second := listAs(s, probe.Bearer("account", both[1].AccessToken()))
	used := []*exchange.Exchange{s.Send(ctx, firstUsed, first), s.Send(ctx, secondUsed, second)}
	if slices.ContainsFunc(used, func(e *exchange.Exchange) bool { return e.Status() == http.StatusUnauthorized }) {
		return
	}
	if s.AwaitRefusal(ctx, secondUsed, second, false).Status() != http.StatusUnauthorized {
		s.Send(ctx, firstUsed, first)
	}
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
