package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
)

// progressed tells a Progress of the events of a run.
type progressed struct{ to Progress }

func (p progressed) Handle(e event.Event) {
	switch e.Kind {
	case event.Started:
		p.to.Started(e.Run.Conversations, e.Run.Requirements)
	case event.Conversation:
		p.to.Answered(e.Conversation)
	case event.Judged:
		p.to.Judged(e.Result.ID, e.Result.Outcome == report.Fail)
	case event.Cleaning:
		p.to.Cleaning(e.Cleanup.Accounts)
	case event.Finished:
		p.to.Finished()
	}
}

// stream makes the stream of the events of a run.
func (c Config) stream(runID string) *event.Stream {
	return event.NewStream(runID, time.Now, append([]event.Handler{progressed{c.Progress}}, c.Events...)...)
}

// longestMessage is the number of characters of a message that an event holds.
const longestMessage = 2000

// tell hides what a text of the target may hold, and makes it one that a terminal shows as it is.
func (r *running) tell(text string) string {
	if len(r.cfg.Events) == 0 { // progress shows no text
		return text
	}
	return report.Shorten(report.Printable(r.secrets.Conceal(text)), longestMessage)
}

func (r *running) tellStart(conversations, requirements int) {
	r.events.Emit(event.Event{Kind: event.Started, Run: &event.Run{
		Target: r.tell(r.cfg.Target), Organization: r.cfg.Organization, Embedded: r.cfg.embedded, Suite: r.cfg.Version, Profiles: r.cfg.Profiles,
		Conversations: conversations, Requirements: requirements,
	}})
}

func (r *running) tellConversation(name string) {
	r.events.Emit(event.Event{Kind: event.Conversation, Conversation: r.tell(name)})
}

func (r *running) tellExchange(e *exchange.Exchange) {
	if len(r.cfg.Events) == 0 {
		return
	}
	told := &event.Exchange{
		ID: r.tell(e.ID), Conversation: r.tell(e.Probe), Operation: e.Operation, Identity: r.tell(e.Identity), Method: r.tell(e.Request.Method),
		StartedAt: e.StartedAt.UTC(), Seconds: e.Timings.Total.Seconds(), Status: e.Status(), TraceParent: e.Request.Header.Get("Traceparent"),
	}
	if e.Failure != nil {
		told.Failure = r.tell(string(e.Failure.Kind) + ": " + e.Failure.Message)
	}
	r.events.Emit(event.Event{Kind: event.Exchanged, Exchange: told})
}

func (r *running) tellResult(result report.Result) {
	r.events.Emit(event.Event{Kind: event.Judged, Result: &event.Result{
		ID: result.ID, Level: result.Level, Profile: result.Profile, Outcome: result.Outcome, Message: r.tell(result.Message), Conversation: result.Probe,
	}})
}

func (r *running) tellCleaning(accounts int) {
	r.events.Emit(event.Event{Kind: event.Cleaning, Cleanup: &event.Cleanup{Accounts: accounts}})
}

// tellEnd is told of the report, nil if there is none.
func (r *running) tellEnd(told *report.Report) {
	summary := &event.Summary{Verdict: report.Incomplete, Seconds: time.Since(r.started).Seconds()}
	if told != nil {
		summary.Verdict, summary.Complete, summary.Stopped = told.Verdict, told.Complete, r.tell(told.Stopped)
		summary.Counts = report.Count(report.Ours(told))
		summary.Created, summary.Deleted, summary.Left = told.Accounts.Created, told.Accounts.Deleted, told.Accounts.Left
	}
	r.events.Emit(event.Event{Kind: event.Finished, Summary: summary})
}

// callbacks keeps what the user's functions did instead of returning.
type callbacks struct {
	mu    sync.Mutex
	first error
}

func (c *callbacks) fault() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}

// call calls a function of the user's in a goroutine of its own: neither a panic in it nor the end of its goroutine (t.Fatal)
// ends the process or the run in the middle. The first such fault is kept and returned.
func (c *callbacks) call(what string, f func()) error {
	done := make(chan error, 1)
	go func() {
		returned := false
		defer func() {
			switch cause := recover(); {
			case returned:
				done <- nil
			case cause != nil:
				done <- fmt.Errorf("%s panicked: %v", what, cause)
			default:
				done <- fmt.Errorf("%s did not return: it ended its goroutine, as t.Fatal does", what)
			}
		}()
		f()
		returned = true
	}()
	err := <-done
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == nil {
		c.first = err
	}
	return err
}

// guard makes the functions of a configuration harmless.
func (c *callbacks) guard(cfg Config) Config {
	if cfg.Progress != nil {
		cfg.Progress = guarded{to: cfg.Progress, by: c}
	}
	if source := cfg.TokenSource; source != nil {
		cfg.TokenSource = func(ctx context.Context) (token string, err error) {
			if fault := c.call("TokenSource", func() { token, err = source(ctx) }); fault != nil {
				return "", fault
			}
			return token, err
		}
	}
	return cfg
}

// guarded is the user's Progress.
type guarded struct {
	to Progress
	by *callbacks
}

func (g guarded) Started(probes, checks int) {
	_ = g.by.call("Progress", func() { g.to.Started(probes, checks) }) // kept by callbacks
}

func (g guarded) Answered(probe string) {
	_ = g.by.call("Progress", func() { g.to.Answered(probe) }) // kept by callbacks
}

func (g guarded) Judged(id string, failed bool) {
	_ = g.by.call("Progress", func() { g.to.Judged(id, failed) }) // kept by callbacks
}

func (g guarded) Cleaning(accounts int) {
	_ = g.by.call("Progress", func() { g.to.Cleaning(accounts) }) // kept by callbacks
}

func (g guarded) Finished() {
	_ = g.by.call("Progress", g.to.Finished) // kept by callbacks
}
