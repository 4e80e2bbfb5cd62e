package probe

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/secret"
)

// Probe is one conversation with the target.
type Probe struct {
	// Name is made of words, area.purpose; steps are named within it.
	Name string
	// Run holds the conversation. It must return soon after ctx is done.
	Run func(ctx context.Context, s *Session)
	// Finally, where there is one, goes on with the conversation when every probe's Run is over.
	Finally func(ctx context.Context, s *Session)
}

// Everything is the name of the evidence that holds the exchanges of all probes.
const Everything = "everything"

// Limits bound a run.
type Limits struct {
	// Timeout bounds each exchange.
	Timeout time.Duration
	// Await is how long reads may be behind writes, and a new token unknown.
	Await time.Duration
	// Patience bounds what one request waits when the target asks to be left alone (429, 503 with Retry-After).
	Patience time.Duration
	// Concurrency is the number of conversations at a time.
	Concurrency int
}

// Run is one run over a target: its recording, its secrets and the accounts that it made.
type Run struct {
	target    Target
	limits    Limits
	prefix    string
	now       func() time.Time
	recording *exchange.Recording
	secrets   *secret.Registry
	ledger    *ledger
	places    chan struct{} // for conversations that are held again

	mu    sync.Mutex
	names map[string]bool
	ids   map[string]bool
	fault error

	restrictedOnce sync.Once
	restricted     *Identity
}

// New prepares a run. The id becomes part of the name of every account; it is short and made of letters and digits.
func New(target Target, limits Limits, id string, secrets *secret.Registry, now func() time.Time) *Run {
	for label, value := range map[string]string{
		"token": target.Operator, "restricted-token": target.Restricted,
		"expired-token": target.Expired, "not-yet-valid-token": target.NotYetValid,
	} {
		if value != "" {
			secrets.Add(label, value)
		}
	}
	return &Run{
		target: target, limits: limits, prefix: "conf-" + id + "-", now: now,
		recording: &exchange.Recording{}, secrets: secrets, ledger: newLedger(),
		places: make(chan struct{}, max(limits.Concurrency, 1)),
		names:  map[string]bool{}, ids: map[string]bool{},
	}
}

// Recording is what has been said so far.
func (r *Run) Recording() *exchange.Recording { return r.recording }

// Facts is what the operator told the run, as far as checks may know it.
func (r *Run) Facts() exchange.Facts {
	return exchange.Facts{
		Organization: r.target.Organization, OtherOrganization: r.target.OtherOrganization,
		Groups: r.target.Groups, Prefix: r.prefix, BaseURL: r.target.BaseURL,
	}
}

// Future is the evidence of a probe that may still be running.
type Future struct {
	done      chan struct{}
	exchanges []*exchange.Exchange
	reason    string
}

// Wait returns the exchanges of the probe once it is over, and why it ended before all was said, if it did.
func (f *Future) Wait(ctx context.Context) (exchanges []*exchange.Exchange, reason string, err error) {
	select {
	case <-f.done: // evidence that is there is evidence, also when the run was interrupted
		return f.exchanges, f.reason, nil
	default:
	}
	select {
	case <-f.done:
		return f.exchanges, f.reason, nil
	case <-ctx.Done():
		return nil, "", fmt.Errorf("waiting for a probe: %w", context.Cause(ctx))
	}
}

// Settled makes a future that is over already, for judging what was recorded before.
func Settled(exchanges []*exchange.Exchange, reason string) *Future {
	f := &Future{done: make(chan struct{})}
	f.settle(exchanges, reason)
	return f
}

func (f *Future) settle(exchanges []*exchange.Exchange, reason string) {
	f.exchanges, f.reason = exchanges, reason
	close(f.done)
}

// RunAll starts the probes and returns at once with a future for each, and one for Everything. The answered function is
// called when a probe is over, from several goroutines.
func (r *Run) RunAll(ctx context.Context, probes []Probe, answered func(name string)) map[string]*Future {
	futures := map[string]*Future{Everything: {done: make(chan struct{})}}
	for _, p := range probes {
		futures[p.Name] = &Future{done: make(chan struct{})}
	}
	go r.conduct(ctx, probes, futures, answered)
	return futures
}

func (r *Run) conduct(ctx context.Context, probes []Probe, futures map[string]*Future, answered func(string)) {
	sessions := map[string]*Session{}
	for _, p := range probes {
		sessions[p.Name] = &Session{run: r, probe: p.Name}
	}
	settle := func(p Probe) {
		futures[p.Name].settle(r.recording.Of(p.Name), sessions[p.Name].Reason())
		answered(p.Name)
	}
	r.each(probes, func(p Probe) {
		r.converse(ctx, sessions[p.Name], p.Run)
		if p.Finally == nil {
			settle(p)
		}
	})
	var last []Probe
	for _, p := range probes {
		if p.Finally != nil {
			last = append(last, p)
		}
	}
	r.each(last, func(p Probe) {
		r.converse(ctx, sessions[p.Name], p.Finally)
		settle(p)
	})
	futures[Everything].settle(r.recording.All(), "")
}

// Again holds a conversation once more, from its beginning to its end, and records it under a name of its own. As many
// of these are held at a time as there are others.
func (r *Run) Again(ctx context.Context, p Probe, attempt int) *Future {
	s := &Session{run: r, probe: fmt.Sprintf("%s (attempt %d)", p.Name, attempt)}
	f := &Future{done: make(chan struct{})}
	go func() {
		r.places <- struct{}{}
		defer func() { <-r.places }()
		r.converse(ctx, s, p.Run)
		if p.Finally != nil {
			r.converse(ctx, s, p.Finally)
		}
		f.settle(r.recording.Of(s.probe), s.Reason())
	}()
	return f
}

// converse holds a conversation. A panic ends it, and no other: it is a fault of the probe, which Fault tells of.
func (r *Run) converse(ctx context.Context, s *Session, talk func(context.Context, *Session)) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		s.GiveUp("the probe itself failed: %v", cause)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.fault == nil {
			r.fault = &Broken{Probe: s.probe, Cause: cause, Stack: string(debug.Stack())}
		}
	}()
	talk(ctx, s)
}

// Broken is the error of a probe that ended by a fault of its own.
type Broken struct {
	Probe string
	Cause any
	Stack string
}

func (b *Broken) Error() string { return fmt.Sprintf("the probe %s is broken: %v", b.Probe, b.Cause) }

// Fault is the first panic of a probe, with its stack: a fault of the suite, not of the target. It is nil where there was
// none.
func (r *Run) Fault() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault
}

// each runs do for every probe, as many at a time as the limits allow, and returns when all are over.
func (r *Run) each(probes []Probe, do func(Probe)) {
	var wg sync.WaitGroup
	places := make(chan struct{}, max(r.limits.Concurrency, 1))
	for _, p := range probes {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			do(p)
		})
	}
	wg.Wait()
}

// unique makes a name that no other account of this run has.
func (r *Run) unique(label string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fresh(r.names, r.prefix+label, "-")
}

// exchangeID numbers the repetitions of a step.
func (r *Run) exchangeID(probe, step string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fresh(r.ids, probe+"/"+step, "#")
}

// fresh is the text, or the text with the first number from 2 on that makes it one that is not taken. It is taken then.
func fresh(taken map[string]bool, text, separator string) string {
	free := text
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s%s%d", text, separator, n)
	}
	taken[free] = true
	return free
}

// ours reports whether an account of a list was made by this run: its name, its description or a tag says so.
func (r *Run) ours(account any) bool {
	name, _ := exchange.Lookup(account, "/metadata/name")
	description, _ := exchange.Lookup(account, "/metadata/description")
	marks := []any{name, description}
	tags, _ := exchange.Lookup(account, "/metadata/tags")
	list, _ := tags.([]any)
	for _, tag := range list {
		value, _ := exchange.Lookup(tag, "/value")
		marks = append(marks, value)
	}
	return slices.ContainsFunc(marks, func(mark any) bool {
		text, ok := mark.(string)
		return ok && strings.Contains(text, r.prefix)
	})
}

// oursOf picks this run's accounts out of a list.
func (r *Run) oursOf(items []any) []any {
	return slices.DeleteFunc(slices.Clone(items), func(item any) bool { return !r.ours(item) })
}
