package suites

import (
	"context"
	"slices"
	"sync"

	"github.com/sa-conformance/conformance/internal/probe"
)

// repetitions runs each probe once for each attempt, however many of its checks ask for it. It is safe for concurrent
// use.
type repetitions struct {
	run    *probe.Run
	probes []probe.Probe

	mu      sync.Mutex
	futures map[repetition]*probe.Future
	closed  bool
}

type repetition struct {
	probe   string
	attempt int
}

// of is the evidence of an attempt.
func (r *repetitions) of(ctx context.Context, name string, attempt int) *probe.Future {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := repetition{name, attempt}
	if r.futures[key] == nil {
		if r.closed {
			return probe.Settled(nil, "the run is over")
		}
		at := slices.IndexFunc(r.probes, func(p probe.Probe) bool { return p.Name == name })
		r.futures[key] = r.run.Again(ctx, r.probes[at], attempt)
	}
	return r.futures[key]
}

// wait begins no more attempts, and waits for the end of those that are under way.
func (r *repetitions) wait(ctx context.Context) {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	for _, f := range r.futures {
		_, _, _ = f.Wait(ctx)
	}
}
