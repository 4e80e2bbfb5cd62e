package engine

import (
	"context"
	"slices"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// showing makes the views of exchanges that a report holds, most of them while the last checks are judged.
type showing struct {
	secrets *redact.Registry
	early   chan map[*exchange.Exchange]report.Exchange // nil if none were begun
	known   int                                         // secrets, when the early views were begun
}

// begin makes views as soon as everything is said. It returns at once.
func (s *showing) begin(ctx context.Context, everything *probe.Future) {
	s.early = make(chan map[*exchange.Exchange]report.Exchange, 1)
	go func() {
		defer close(s.early)
		exchanges, _, err := everything.Wait(ctx)
		if err != nil {
			return
		}
		s.known = s.secrets.Len()
		views := make(map[*exchange.Exchange]report.Exchange, len(exchanges))
		for _, e := range exchanges {
			views[e] = report.View(e, s.secrets.Conceal, s.secrets.Variables()...)
		}
		s.early <- views
	}()
}

// end returns the views of a recording. A secret that came late may stand anywhere: then no early view counts.
func (s *showing) end(recording *exchange.Recording) []report.Exchange {
	var views map[*exchange.Exchange]report.Exchange
	if s.early != nil {
		views = <-s.early
	}
	if s.known != s.secrets.Len() {
		views = nil
	}
	all := recording.All()
	shown := make([]report.Exchange, 0, len(all))
	for _, e := range all {
		view, done := views[e]
		if !done {
			view = report.View(e, s.secrets.Conceal, s.secrets.Variables()...)
		}
		shown = append(shown, view)
	}
	return shown
}

// spotless reports whether there is nothing to explain by an exchange.
func spotless(results []report.Result) bool {
	return !slices.ContainsFunc(results, func(r report.Result) bool { return r.Outcome != report.Pass && r.Outcome != report.NotTested })
}
