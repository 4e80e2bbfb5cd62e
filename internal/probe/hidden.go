package probe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// Of the accounts that a clean-up deleted so many are looked at once more: one of sampledOf, but a few in any case.
const (
	fewSampled, mostSampled = 2, 10
	sampledOf               = 5
)

// owner is an account that was deleted, and its last token.
type owner struct{ id, token string }

// hiding says why accounts that no list shows any more may still be there; "" if nothing tells so. A target may hide what it
// should delete: then the account's token goes on working (contract section 3). The journal keeps which accounts these are.
func (c *cleaner) hiding(ctx context.Context) string {
	deadline := time.Now().Add(max(c.run.limits.Revocation, deletionShare*c.run.limits.Await))
	looked := c.sample()
	var alive []owner
	for _, o := range c.working(ctx, looked) {
		request := c.asOwner(o)
		e := c.await(ctx, "token-of-deleted", request, time.Until(deadline), func(e *exchange.Exchange) bool { return !e.Success() })
		if e.Success() {
			alive = append(alive, o)
			c.run.journal.Alive(o.id)
		}
	}
	if len(alive) == 0 {
		return ""
	}
	return fmt.Sprintf("access tokens still work of accounts that were deleted and that no list shows: %d of the %d that were tried; "+
		"they may be hidden, and not deleted", len(alive), len(looked))
}

func (c *cleaner) asOwner(o owner) Request {
	request := c.ListRequest()
	request.As = Bearer("account", o.token)
	return request
}

// working picks the owners whose token is accepted now.
func (c *cleaner) working(ctx context.Context, owners []owner) (found []owner) {
	var wg sync.WaitGroup
	accepted := make([]bool, len(owners))
	places := make(chan struct{}, AtOnce(c.run.limits.Concurrency))
	for i, o := range owners {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			accepted[i] = c.Send(ctx, "token-of-deleted", c.asOwner(o)).Success()
		})
	}
	wg.Wait()
	for i, o := range owners {
		if accepted[i] {
			found = append(found, o)
		}
	}
	return found
}

// sample picks some of the accounts that the clean-up deleted, the first and the last among them, with their last tokens.
func (c *cleaner) sample() []owner {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, order := map[string]string{}, []owner{}
	for _, e := range c.run.recording.All() {
		if e.Operation != CreateOperation && e.Operation != RotateOperation || !e.Success() {
			continue
		}
		key, token := tracking.Canonical(e.AccountID()), e.AccessToken()
		if !c.done[key] || !fitForHeader(token) {
			continue
		}
		if last[key] == "" {
			order = append(order, owner{id: e.AccountID()})
		}
		last[key] = token
	}
	var all []owner
	for _, o := range order {
		o.token = last[tracking.Canonical(o.id)]
		if !slices.ContainsFunc(all, func(other owner) bool { return other.token == o.token }) {
			all = append(all, o)
		}
	}
	n := max(fewSampled, min(len(all)/sampledOf, mostSampled))
	if len(all) <= n {
		return all
	}
	between := all[1 : len(all)-1] // in an order that no counting of accounts meets
	slices.SortFunc(between, func(a, b owner) int { return bytes.Compare(scattered(a.id), scattered(b.id)) })
	return append(slices.Clone(between[:n-fewSampled]), all[0], all[len(all)-1])
}

func scattered(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}

// mostRotated bounds how many accounts a sweep looks at once more.
const mostRotated = 200

// hidden picks the accounts that the sweep deleted, that no list shows, and that are still there: the operator can rotate
// their tokens, which is not so for an id that is unknown (contract section 3).
func (s *sweeper) hidden(ctx context.Context) map[string]bool {
	found := map[string]bool{}
	deadline := time.Now().Add(deletionShare * s.run.limits.Await)
	for _, f := range s.result.Found[:min(len(s.result.Found), mostRotated)] {
		if tracking.Unfit(f.ID) != "" || !s.isDone(f.ID) {
			continue
		}
		request := s.RotateRequest(f.ID)
		request.Path = f.Collection + "/" + f.ID + "/rotate"
		there := func(e *exchange.Exchange) bool { return e.Success() || e.Status() == http.StatusConflict }
		e := s.await(ctx, "rotate-deleted", request, max(time.Until(deadline), 0), func(e *exchange.Exchange) bool { return !there(e) })
		found[f.ID] = e.Success()
	}
	return found
}

// isDone reports whether the deletion of an account was answered with success.
func (c *cleaner) isDone(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done[tracking.Canonical(id)]
}
