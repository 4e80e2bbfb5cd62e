package probe

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

const (
	// kept is the time before the end of a clean-up that is kept for reading the list, at most.
	kept = 3 * time.Second
	// absent is how long deletions go on if nobody listens at the target.
	absent = 10 * time.Second
	// stuck is how long one deletion after the other is tried, while none succeeds, if the clean-up has no limit of its own.
	stuck = 45 * time.Second
)

// removed is what came of a deletion.
type removed int

const (
	again    removed = iota // it was dropped, collided or failed, and may work later
	settled                 // the account is gone
	hopeless                // the target refuses, or the request must not be sent
)

// removeAll deletes accounts, several at a time until a deletion is dropped, collides with another one or fails. From then
// on it goes on one at a time, and tries until it has no more time.
func (c *cleaner) removeAll(ctx context.Context, accounts []tracking.Account) {
	left := c.together(ctx, accounts)
	if len(left) == 0 {
		return
	}
	if deadline, ok := ctx.Deadline(); ok {
		bounded, cancel := context.WithDeadline(ctx, deadline.Add(-min(kept, time.Until(deadline)/4)))
		defer cancel()
		ctx = bounded
	}
	c.oneByOne(ctx, left)
}

// together deletes several accounts at a time. It returns those that are to be tried again one by one.
func (c *cleaner) together(ctx context.Context, accounts []tracking.Account) (left []tracking.Account) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	places := make(chan struct{}, AtOnce(c.run.limits.Concurrency))
	for i, a := range accounts {
		places <- struct{}{}
		if c.careful.Load() {
			mu.Lock()
			left = append(left, accounts[i:]...)
			mu.Unlock()
			break
		}
		wg.Go(func() {
			defer func() { <-places }()
			if c.remove(ctx, a) == again {
				c.careful.Store(true)
				mu.Lock()
				defer mu.Unlock()
				left = append(left, a)
			}
		})
	}
	wg.Wait()
	return left
}

// oneByOne deletes one account after the other, and those that could not be deleted again and again.
func (c *cleaner) oneByOne(ctx context.Context, queue []tracking.Account) {
	deadline, limited := ctx.Deadline()
	limited = limited && time.Until(deadline) < 2*stuck
	since := time.Now() // the last success
	for pause := firstPause; len(queue) > 0; pause = min(2*pause, longestPause) {
		var left []tracking.Account
		for _, a := range queue {
			if ctx.Err() != nil || c.away() {
				return
			}
			if c.remove(ctx, a) == again {
				left = append(left, a)
			}
		}
		if len(left) < len(queue) {
			pause, since = firstPause, time.Now()
		}
		if !limited && time.Since(since) > stuck {
			return
		}
		if queue = left; len(queue) > 0 && !sleep(ctx, pause) {
			return
		}
	}
}

// remove deletes one account: where it was created, and where it should have been. It is gone if one of these places says
// that it was deleted, or all of them that they do not know it.
func (c *cleaner) remove(ctx context.Context, a tracking.Account) removed {
	c.mu.Lock()
	c.tried[a.Id] = true
	c.mu.Unlock()
	unknown, result := true, hopeless
	for _, collection := range distinct(a.Collection, Accounts(c.run.target.Organization)) {
		e := c.erase(ctx, collection, a.Id)
		if e.Success() {
			c.gone(a.Id)
			c.erased.Store(true)
			return settled
		}
		unknown = unknown && e.Answered() && e.Status() == http.StatusNotFound
		if passing(e) {
			result = again
		}
	}
	if unknown {
		c.gone(a.Id)
		return settled
	}
	return result
}

// gone notes that an account is gone by the response to its deletion.
func (c *cleaner) gone(id string) {
	c.run.tracker.Mark(id, true)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[tracking.Canonical(id)] = true
}

// passing reports whether a deletion may work later: it collided with something, the target failed, or no response came.
func passing(e *exchange.Exchange) bool {
	switch {
	case unsent(e):
		return false
	case !e.Answered():
		return true
	}
	return e.Status() == http.StatusConflict || e.Status() == http.StatusRequestTimeout ||
		e.Status() == http.StatusTooManyRequests || e.Status() >= 500
}

// erase asks once for the deletion of an account.
func (c *cleaner) erase(ctx context.Context, collection, id string) *exchange.Exchange {
	step := "delete"
	if len(id) <= 64 && tracking.Unfit(id) == "" {
		step += " " + id
	}
	request := c.DeleteRequest(id)
	request.Path = collection + "/" + id
	request.single = true
	e := c.Send(ctx, step, request)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !e.Answered() && !unsent(e) {
		c.unheard[tracking.Canonical(id)] = true
	}
	switch {
	case e.Answered():
		c.heard = true
		delete(c.unheard, tracking.Canonical(id))
	case c.mute.IsZero() && kindOf(e) == exchange.Timeout:
		c.mute = e.StartedAt
	}
	switch {
	case !nobody(e):
		c.lonely = time.Time{}
	case c.lonely.IsZero():
		c.lonely = time.Now()
	}
	return e
}

// away reports whether nobody has listened at the target for a while, or no deletion got a response.
func (c *cleaner) away() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.lonely.IsZero() && time.Since(c.lonely) > absent || c.patience > 0 && !c.heard && !c.mute.IsZero() && c.run.now().Sub(c.mute) >= c.patience
}
