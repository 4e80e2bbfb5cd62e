package check

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// gathered is what a evaluator told of.
type gathered struct {
	mu      sync.Mutex
	results map[string]report.Outcome
	broken  error
}

func (g *gathered) put(r report.Result, broken error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.results[r.ID], g.broken = r.Outcome, errors.Join(g.broken, broken)
}

func named(id, probe string, assert func(*exchange.Evidence)) Check {
	c := aCheck(assert)
	c.Requirement.ID, c.Probe = id, probe
	return c
}

// What has evidence is judged while another conversation goes on, and what never has any is judged when the time is over.
func TestEvaluator(t *testing.T) {
	t.Parallel()
	j, g := judge(""), &gathered{results: map[string]report.Outcome{}}
	j.Now = time.Now
	run := probe.New(probe.Target{}, probe.Limits{Concurrency: 1}, "x", redact.New(), nil)
	hold := make(chan struct{})
	defer close(hold)
	for name, future := range run.RunAll(t.Context(), []probe.Probe{{Name: "slow", Run: func(context.Context, *probe.Session) { <-hold }}}, func(string) {}) {
		j.Futures[name] = future
	}
	wrong := func(*exchange.Evidence) { expect.Expect(1).To(matcher.BeExactly(2)) }
	checks := []Check{named("waits", "slow", passing), named("fails", "p", wrong), named("passes", "p", passing)}
	evaluator := j.Begin(t.Context(), checks, g.put)
	for i, want := range []report.Outcome{report.Fail, report.Pass} {
		if got, err := evaluator.Spec(t.Context(), checks[i+1]); got.Outcome != want || err != nil {
			t.Errorf("%s: %s, %v", got.ID, got.Outcome, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := evaluator.Spec(ctx, checks[0]); got.Outcome != report.Inconclusive || err != nil {
		t.Errorf("interrupted: %s, %v", got.Outcome, err)
	}
	evaluator.End()
	if len(g.results) != len(checks) || g.broken != nil {
		t.Errorf("it told of %v, error %v", g.results, g.broken)
	}
}

// A panic of the judge itself is told as a broken check; the others are judged.
func TestEvaluatorOfABrokenJudge(t *testing.T) {
	t.Parallel()
	j, g := judge(""), &gathered{results: map[string]report.Outcome{}}
	var calls atomic.Int32
	j.Now = func() time.Time {
		if calls.Add(1) == 1 {
			panic("no clock")
		}
		return time.Time{}
	}
	j.Begin(t.Context(), []Check{named("one", "p", passing), named("another", "p", passing)}, g.put).End()
	var broken *exchange.Broken
	if !errors.As(g.broken, &broken) || broken.Stack == "" {
		t.Fatalf("error %v", g.broken)
	}
	for id, outcome := range g.results {
		want := report.Pass
		if "the check "+id == broken.Part {
			want = report.Inconclusive
		}
		if outcome != want {
			t.Errorf("%s: %s", id, outcome)
		}
	}
}

// A check that comes to no end is left behind when the time is over: the others are judged, and it is inconclusive, with the
// reason, once.
func TestEvaluatorEndsWithoutACheckThatDoesNot(t *testing.T) {
	t.Parallel()
	j, g := judge(""), &gathered{results: map[string]report.Outcome{}}
	j.Now, j.Late = time.Now, time.Millisecond
	hold, at := make(chan struct{}), make(chan struct{})
	endless := named("endless", "p", func(*exchange.Evidence) { close(at); <-hold })
	ctx, cancel := context.WithCancelCause(t.Context())
	evaluator := j.Begin(ctx, []Check{endless, named("passes", "p", passing)}, g.put)
	if _, err := evaluator.Spec(ctx, named("passes", "p", passing)); err != nil {
		t.Error(err)
	}
	<-at
	cancel(&wire.Ended{Reason: "the time was over"})
	evaluator.End()
	result, err := evaluator.Spec(ctx, endless)
	if err != nil || result.Outcome != report.Inconclusive || result.Message != "the time was over before it was judged" || len(g.results) != 2 {
		t.Errorf("%s: %s; it told of %v", result.Outcome, result.Message, g.results)
	}
	close(hold)
}

// A check that comes to another verdict in its spec than in the plain driver is broken.
func TestSpecsAgreeWithThePlainDriver(t *testing.T) {
	t.Parallel()
	j, g := judge(""), &gathered{results: map[string]report.Outcome{}}
	j.Now = time.Now
	var calls atomic.Int32
	fickle := named("fickle", "p", func(*exchange.Evidence) { expect.Expect(calls.Add(1)).To(matcher.BeExactly(int32(1))) })
	steady := named("steady", "p", passing)
	evaluator := j.Begin(t.Context(), []Check{fickle, steady}, g.put)
	var broken *exchange.Broken
	if _, err := evaluator.Spec(t.Context(), fickle); !errors.As(err, &broken) || broken.Part != "the check fickle" {
		t.Errorf("a check with two verdicts: %v", err)
	}
	if result, err := evaluator.Spec(t.Context(), steady); err != nil || result.Outcome != report.Pass {
		t.Errorf("%s, %v", result.Outcome, err)
	}
	evaluator.End()
}
