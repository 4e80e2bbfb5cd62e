package engine

import (
	"context"
	"time"

	"github.com/sa-conformance/conformance/internal/cputime"
	"github.com/sa-conformance/conformance/internal/wire"
)

const (
	// mostTime bounds a run for which no other time was asked; one with a limit of requests a second gets what usualRequests
	// take in addition.
	mostTime      = 15 * time.Minute
	usualRequests = 600
	// leastTime is what a run with a deadline needs: with less, nothing is sent.
	leastTime = 5 * time.Second
	// lateVerdicts is how long evidence that is there is still judged after a run was ended.
	lateVerdicts = 3 * time.Second
)

// schedule is when a run sends nothing more, and when it must be over.
type schedule struct {
	sendUntil time.Time
	// reason says why it sends nothing more then.
	reason string
	// over is when the clean-up ends whatever is left; the zero time if only its own limit ends it.
	over time.Time
	// limit is set if sendUntil follows from MaxTime.
	limit bool
	// cpu is how much CPU time the process may use until nothing more is sent, 0 for no limit, and spent says that it did.
	cpu   time.Duration
	spent string
}

// schedule works out the schedule of a run that begins now. The timeout is that of Ginkgo, 0 for none. With a
// deadline, up to half of the time is kept for the clean-up.
func (c Config) schedule(now time.Time, timeout time.Duration) (Config, schedule, error) {
	most, by := c.MaxTime, "--max-time"
	if most <= 0 {
		most = mostTime
		if c.RPS > 0 {
			most += time.Duration(usualRequests / c.RPS * float64(time.Second))
		}
	}
	if timeout > 0 && timeout < most {
		most, by = timeout, "--ginkgo.timeout"
	}
	s := schedule{
		sendUntil: now.Add(most), limit: true, reason: "the limit of " + most.String() + " for the run (" + by + ") was reached",
		cpu: c.MaxCPU, spent: "the limit of " + c.MaxCPU.String() + " of CPU time for the run (--max-cpu) was reached",
	}
	if c.Deadline.IsZero() {
		return c, s, nil
	}
	left := c.Deadline.Sub(now)
	if left < leastTime {
		return c, s, newConfigError("there are %s until the deadline, and a run needs at least %s; nothing was sent; give it more time (go test -timeout)",
			max(left, 0).Round(time.Millisecond), leastTime)
	}
	s.over = c.Deadline.Add(-min(leastTime, left/10)) // what is left is for the reports
	c.CleanupTimeout = min(c.CleanupTimeout, left/2)
	if until := s.over.Add(-c.CleanupTimeout); until.Before(s.sendUntil) {
		s.sendUntil, s.limit = until, false
		s.reason = "the time until the deadline of the test (go test -timeout) was used up, but for the time of the clean-up"
	}
	return c, s, nil
}

// begin makes a context that ends when nothing more is to be sent, and a function that ends it for another reason. The
// cause is a *probe.Ended.
func (s schedule) begin(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(time.Until(s.sendUntil), func() { cancel(&wire.Ended{Reason: s.reason}) })
	context.AfterFunc(ctx, func() { timer.Stop() })
	if s.cpu > 0 {
		const interval = 200 * time.Millisecond
		ticker, before := time.NewTicker(interval), cputime.Used()
		context.AfterFunc(ctx, ticker.Stop)
		go s.watch(ctx, ticker.C, func() time.Duration { return cputime.Used() - before }, cancel)
	}
	return ctx, cancel
}

// watch ends a run that has used the CPU time that it may use.
func (s schedule) watch(ctx context.Context, tick <-chan time.Time, used func() time.Duration, cancel context.CancelCauseFunc) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			if used() >= s.cpu {
				cancel(&wire.Ended{Reason: s.spent})
				return
			}
		}
	}
}

// hit reports whether a limit of the configuration ended the run, for a reason.
func (s schedule) hit(reason string) bool { return s.limit && reason == s.reason || reason == s.spent }

// within bounds a context of the clean-up, which goes on when the run was ended.
func (s schedule) within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	until, why := time.Now().Add(limit), "the clean-up was not done within "+limit.String()+" (--cleanup-timeout)"
	if !s.over.IsZero() && s.over.Before(until) {
		until, why = s.over, "the time of the clean-up until the deadline of the test was used up"
	}
	return context.WithDeadlineCause(context.WithoutCancel(ctx), until, &wire.Ended{Reason: why})
}
