package engine

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
	held    chan struct{} // closed when attempts are let go on; nil if none is held back
}

type repetition struct {
	probe   string
	attempt int
}

// of is the evidence of an attempt.
func (r *repetitions) of(ctx context.Context, name string, attempt int) *probe.Future {
	r.mu.Lock()
	defer r.mu.Unlock()
	if held := r.held; held != nil {
		r.mu.Unlock()
		<-held
		r.mu.Lock()
	}
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

// hold holds back the attempts to come until release is called. It is not ok if there was one already.
func (r *repetitions) hold() (release func(), ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.futures) > 0 {
		return nil, false
	}
	r.held = make(chan struct{})
	return func() { close(r.held) }, true
}

// wait begins no more attempts, and waits for the end of those that are under way. It reports whether there were any.
func (r *repetitions) wait(ctx context.Context) bool {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	for _, f := range r.futures {
		_, _, _ = f.Wait(ctx)
	}
	return len(r.futures) > 0
}
