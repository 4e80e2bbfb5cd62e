package suites

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/model"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// state compares every response of a run with what a client may believe after the requests before it.
func state(s *check.Suite) {
	for _, p := range scenario.StateProbes() {
		s.Section("State of the accounts", p, func() {})
	}
	datedEverywhere(s)
	rotatingAtOnce(s)
	s.Section("State of the accounts", scenario.Everything(), func() {
		s.Must("state.write.echoed", func(ev *exchange.Evidence) { Expect(believed(ev)).To(notContradict(ev, model.Echo)) })
		s.Must("state.identity.kept", func(ev *exchange.Evidence) { Expect(believed(ev)).To(notContradict(ev, model.Identity)) })
		s.Must("state.list.present", func(ev *exchange.Evidence) { Expect(seen(ev)).To(notContradict(ev, model.Present)) })
		s.Must("state.list.agrees", func(ev *exchange.Evidence) { Expect(seen(ev)).To(notContradict(ev, model.Content)) })
		s.Must("state.expiry.current", func(ev *exchange.Evidence) { Expect(believed(ev)).To(notContradict(ev, model.Expiry)) })
		for _, promised := range []struct {
			id      string
			promise model.Promise
		}{
			{"state.rotate.agrees", model.Rotated},
			{"state.read-only.kept", model.ReadOnly},
			{"state.request.answered", model.Answered},
			{"state.request.steady", model.Steady},
			{"state.concurrent.ordered", model.Order},
			{"state.valid.accepted", model.Accepted},
			{"state.invalid.refused", model.Invalid},
			{"state.credential.refused", model.Unauthenticated},
			{"state.unknown.refused", model.Unknown},
			{"state.undeclared.refused", model.Undeclared},
			{"state.neighbour.refused", model.Neighbour},
			{"state.own-groups.kept", model.OwnGroups},
			{"state.own-list.confined", model.OwnList},
			{"state.own-rotation.kept", model.Turned},
			{"state.token.works", model.Works},
			{"state.token.subject", model.Subject},
			{"state.token.distinct", model.Distinct},
			{"state.secret.kept", model.Secret},
			{"state.list.unasked", model.Unasked},
			{"state.deletion.final", model.Back},
			{"state.location.own", model.Location},
		} {
			s.Must(promised.id, func(ev *exchange.Evidence) { Expect(believed(ev)).To(notContradict(ev, promised.promise)) })
		}
		s.Must("state.deletion.listed", func(ev *exchange.Evidence) {
			list, ids := evidence.LeftList(ev)
			Expect(list).To(evidence.ListNone(ids))
		})
		s.Should("state.liberty.kept", func(ev *exchange.Evidence) { Expect(believed(ev)).To(notContradict(ev, model.Liberty)) })
		s.Should("state.powers.kept", func(ev *exchange.Evidence) { Expect(believed(ev)).To(notContradict(ev, model.Powerless)) })
		s.Should("state.token.survives", func(ev *exchange.Evidence) { Expect(believed(ev)).To(notContradict(ev, model.Survives)) })
	})
}

// believed is the model after all exchanges of the run. The checks share it.
func believed(ev *exchange.Evidence) *model.Model {
	m, _ := ev.Found("model", func(facts exchange.Facts, all []*exchange.Exchange) any { return model.Follow(facts, all) }).(*model.Model)
	return m
}

// seen is the model of a run whose credential may see the accounts that it made.
func seen(ev *exchange.Evidence) *model.Model {
	m := believed(ev)
	if !m.Seen() {
		evidence.Inconclusive("no list showed an account of the run")
	}
	return m
}

// notContradict accepts a model that no response contradicts in a promise. The evidence is the response and the one before.
func notContradict(ev *exchange.Evidence, promise model.Promise) types.GomegaMatcher {
	return By(func(m *model.Model) *Mismatch {
		found := m.Contradictions(promise)
		if len(found) == 0 {
			ev.Touch(last(ev)...)
			return nil
		}
		first := found[0]
		ev.Touch(first.Earlier, first.Exchange)
		return &Mismatch{
			Expected: Show(first.Expected) + ", as of " + first.Earlier.ID, Seen: Show(first.Seen), Pointer: first.Pointer, Exchange: first.Exchange.ID,
		}
	})
}

// last is the exchange up to which nothing contradicts the model: the evidence of a pass.
func last(ev *exchange.Evidence) []*exchange.Exchange {
	found, _ := ev.Found("last", func(_ exchange.Facts, all []*exchange.Exchange) any { return all[max(len(all)-1, 0):] }).([]*exchange.Exchange)
	return found
}

// datedEverywhere judges tokens whose time is over, or has not come, in the operations around the create.
func datedEverywhere(s *check.Suite) {
	in := func(ev *exchange.Evidence, as, claim string, limit func(e *exchange.Exchange) time.Time) []*exchange.Exchange {
		found := ev.Where(func(e *exchange.Exchange) bool {
			return slices.Contains(strings.Split(e.Step, "."), as) && e.Answered() && !evidence.Met(e)
		})
		if len(found) == 0 {
			evidence.Inconclusive("no such token was presented")
		}
		for _, e := range found {
			evidence.WithinLeeway(e, claim, limit(e))
		}
		return found
	}
	s.Section("Guarding the operations around", scenario.StrangersProbe(), func() {
		s.Must("guard.expired.refused", func(ev *exchange.Evidence) {
			found := in(ev, "expired", "exp", func(e *exchange.Exchange) time.Time { return e.StartedAt.Add(-evidence.Leeway) })
			Expect(found).To(EachAnswered(HaveStatus(http.StatusUnauthorized)))
		})
		s.Must("guard.not-yet-valid.refused", func(ev *exchange.Evidence) {
			found := in(ev, "not-yet-valid", "nbf", func(e *exchange.Exchange) time.Time { return e.StartedAt.Add(evidence.Leeway) })
			Expect(found).To(EachAnswered(HaveStatus(http.StatusUnauthorized)))
		})
	})
}
