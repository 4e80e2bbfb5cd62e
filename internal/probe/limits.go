package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Limits bound a run.
type Limits struct {
	// Timeout bounds each exchange.
	Timeout time.Duration
	// Await is how long reads may be behind writes, and a new token unknown.
	Await time.Duration
	// Revocation is how long a token may go on working after a rotate, by the operator's word.
	Revocation time.Duration
	// Settle is how long the replicas of a target may differ after one of them refused a token.
	Settle time.Duration
	// Patience bounds what one request waits when the target asks to be left alone (429, 503 with Retry-After).
	Patience time.Duration
	// Grace is how long a create that is under way may go on when the run is interrupted: its response names the account.
	Grace time.Duration
	// Mute is how long deletions go on if none gets a response in time; 0: until the clean-up is over.
	Mute time.Duration
	// Concurrency is the number of conversations at a time.
	Concurrency int
	// Requests and Created bound what is sent and what is created; 0: no bound. The clean-up is not counted.
	Requests, Created int
	// Rate bounds the requests a second, the clean-up's included; 0: no bound.
	RPS float64
	// Bodies is how many times the memory of a run of the depth standard the bodies of responses may take; 0 means once.
	Bodies int64
}

// budget keeps a run within its limits.
type budget struct {
	mu      sync.Mutex
	changed *sync.Cond
	sent    int
	// pending creates have no response yet; made ones may have made an account.
	pending, made int
	// warnings says which limits were hit, each once.
	warnings []string

	turn chan struct{} // held by the one whose request is the next
	next time.Time     // when it may be sent; guarded by turn
}

func newBudget() *budget {
	b := &budget{turn: make(chan struct{}, 1)}
	b.changed = sync.NewCond(&b.mu)
	return b
}

// admit takes a request into account, or says which limit forbids it. A create waits for the responses of others where
// these decide whether it may be sent; settle must be called for it.
func (b *budget) admit(l Limits, creating, cleaning bool) (refusal string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for creating && l.Created > 0 && b.made+b.pending >= l.Created && b.pending > 0 {
		b.changed.Wait()
	}
	switch {
	case creating && l.Created > 0 && b.made+b.pending >= l.Created:
		return b.hit(fmt.Sprintf("the limit of %d accounts created is reached (--max-created)", l.Created))
	case !cleaning && l.Requests > 0 && b.sent >= l.Requests:
		return b.hit(fmt.Sprintf("the limit of %d requests is reached (--max-requests)", l.Requests))
	}
	if !cleaning {
		b.sent++
	}
	if creating {
		b.pending++
	}
	return ""
}

// settle says what came of a create that was admitted.
func (b *budget) settle(made bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending--
	if made {
		b.made++
	}
	b.changed.Broadcast()
}

func (b *budget) hit(warning string) string {
	for _, known := range b.warnings {
		if known == warning {
			return warning
		}
	}
	b.warnings = append(b.warnings, warning)
	return warning
}

func (b *budget) warned() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.warnings...)
}

// pace waits until the rate limit allows the request.
func (b *budget) pace(ctx context.Context, rate float64) {
	if rate <= 0 {
		return
	}
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return
	}
	if wait := time.Until(b.next); wait > 0 && !sleep(ctx, wait) {
		return
	}
	b.next = time.Now().Add(time.Duration(float64(time.Second) / rate))
}

// unsent reports whether a request never left.
func unsent(e *exchange.Exchange) bool { return e.Failure != nil && e.Failure.Kind == exchange.Limit }
