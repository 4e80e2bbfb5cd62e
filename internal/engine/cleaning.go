package engine

import (
	"context"
	"time"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/wire"
)

// cleaning removes what a run made: while the last checks are judged where none of them has failed yet, and afterwards
// where that made a conversation necessary once more.
type cleaning struct {
	run      *probe.Run
	others   *repetitions
	timeout  time.Duration
	schedule schedule
	pacing   bool // the timeout is what may pass without a deletion
	tell     func(accounts int)
	nothing  bool                 // nothing was made, so that nothing is sent
	unread   string               // why the list is not read; "" if it is
	early    chan probe.Leftovers // closed without a value where nothing was cleaned up early
}

// begin cleans up as soon as everything is said. It returns at once.
func (c *cleaning) begin(ctx context.Context, everything *probe.Future) {
	c.early = make(chan probe.Leftovers, 1)
	go func() {
		defer close(c.early)
		if _, _, err := everything.Wait(ctx); err != nil {
			return
		}
		if release, ok := c.others.hold(); ok {
			defer release()
			c.early <- c.cleanUp(ctx)
		}
	}()
}

// end makes sure that nothing is left when every verdict is there. It goes on when the run was interrupted: what was
// created must not stay.
func (c *cleaning) end(ctx context.Context) probe.Leftovers {
	leftovers, done := <-c.early
	waiting, cancel := c.schedule.within(ctx, c.timeout)
	defer cancel()
	again := c.others.wait(waiting)
	c.run.Idle(waiting) // a probe that is still sending would create behind our back
	if !done || again {
		leftovers = c.cleanUp(ctx)
	}
	return leftovers
}

func (c *cleaning) cleanUp(ctx context.Context) probe.Leftovers {
	if c.nothing {
		return probe.Leftovers{Verified: true}
	}
	if c.unread != "" {
		return probe.Leftovers{Unanswered: 1, Unverified: "the list could not be read: " + c.unread}
	}
	bounded, cancel := c.bounded(ctx)
	defer cancel()
	c.tell(c.run.Pending())
	return c.run.CleanUp(bounded)
}

// mostRounds bounds how many times its limit a clean-up gets that follows the target's pace.
const mostRounds = 10

// bounded ends after the timeout. If the operator named none, it goes on as long as accounts are deleted.
func (c *cleaning) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if !c.pacing {
		return c.schedule.within(ctx, c.timeout)
	}
	within, release := c.schedule.within(ctx, mostRounds*c.timeout)
	limited, end := context.WithCancelCause(within)
	go func() {
		for pending := -1; pending != c.run.Pending(); {
			pending = c.run.Pending()
			select {
			case <-time.After(c.timeout):
			case <-limited.Done():
				return
			}
		}
		end(&wire.Ended{Reason: "the clean-up deleted nothing for " + c.timeout.String() + "; --cleanup-timeout gives it longer"})
	}()
	return limited, func() {
		end(nil)
		release()
	}
}
