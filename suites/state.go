package suites

import (
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/model"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// state compares every response of a run with what a client may believe after the requests before it.
func state(s *check.Suite) {
	s.Section("State of the accounts", everything(), func() {
		s.Must("state.write.echoed", func(ev *exchange.Evidence) { Expect(believed(ev)).To(NotContradict(model.Echo)) })
		s.Must("state.identity.kept", func(ev *exchange.Evidence) { Expect(believed(ev)).To(NotContradict(model.Identity)) })
		s.Must("state.list.present", func(ev *exchange.Evidence) { Expect(seen(ev)).To(NotContradict(model.Present)) })
		s.Must("state.list.agrees", func(ev *exchange.Evidence) { Expect(seen(ev)).To(NotContradict(model.Content)) })
		s.Must("state.expiry.current", func(ev *exchange.Evidence) { Expect(believed(ev)).To(NotContradict(model.Expiry)) })
	})
}

// believed is the model after all exchanges of the run.
func believed(ev *exchange.Evidence) *model.Model {
	return model.Follow(ev.Facts(), ev.Where(func(*exchange.Exchange) bool { return true }))
}

// seen is the model of a run whose credential may see the accounts that it made.
func seen(ev *exchange.Evidence) *model.Model {
	m := believed(ev)
	if !m.Seen() {
		lacking("no list showed an account of the run")
	}
	return m
}

// NotContradict accepts a model that no response contradicts in one of the promises.
func NotContradict(promises ...model.Promise) types.GomegaMatcher {
	return By(func(m *model.Model) *Mismatch {
		found := m.Contradictions(promises...)
		if len(found) == 0 {
			return nil
		}
		first := found[0]
		return &Mismatch{
			Expected: Show(first.Expected) + ", as of " + first.Earlier.ID, Seen: Show(first.Seen), Pointer: first.Pointer, Exchange: first.Exchange.ID,
		}
	})
}
