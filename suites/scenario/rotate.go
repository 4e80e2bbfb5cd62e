package scenario

import (
	"context"
	"net/http"
	"slices"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
)

const RotateProbe = "rotate.account"

// RotatedAccount asks for a new token of one account, in a group if the operator named one.
func RotatedAccount() probe.Probe {
	return probe.Probe{Name: RotateProbe, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name("rotate"), Groups: oneGroup(s)}))
		if !ok {
			return
		}
		before := s.ListWith(ctx, "list-before", created.AccountID())
		retryOnConflict(ctx, s, "rotate", s.RotateRequest(created.AccountID()))
		s.Send(ctx, "unknown", s.RotateRequest(s.Invented(unknownBeside(created.AccountID(), before))))
		s.Send(ctx, NotUUID, oddly(s, "rotate", s.RotateRequest(NotUUID)))
	}}
}

const (
	raceStep            = report.RaceStep
	FirstUsed           = raceStep + "first-used"
	SecondUsed          = raceStep + "second-used"
	FirstRotation       = raceStep + "1-rotate"
	SecondRotation      = raceStep + "2-rotate"
	OneTokenRequirement = "rotate.together.one-token"
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
	used := []*exchange.Exchange{s.Send(ctx, FirstUsed, first), s.Send(ctx, SecondUsed, second)}
	if slices.ContainsFunc(used, func(e *exchange.Exchange) bool { return e.Status() == http.StatusUnauthorized }) {
		return
	}
	if s.AwaitRefusal(ctx, SecondUsed, second, false).Status() != http.StatusUnauthorized {
		s.Send(ctx, FirstUsed, first)
	}
}
