package explore

import (
	"context"
	"fmt"
	"time"
)

// DeadPrefix begins the steps of requests with a token that was revoked. The number of the operation follows.
const DeadPrefix = "dead-"

// Play sends operations one after the other, until ctx is done or the time is over. It returns how many it sent. A step begins
// with the number of its operation.
func (w *World) Play(ctx context.Context, operations []Operation, until time.Time) int {
	for n, o := range operations {
		if ctx.Err() != nil || !until.IsZero() && time.Now().After(until) {
			return n
		}
		prefix := fmt.Sprintf("%04d-", n)
		switch o.Kind {
		case Settle:
			w.Settle(ctx, prefix+Settle)
		case Refused:
			w.refused(ctx, prefix, o)
		case Wait:
			rest(ctx, waiting)
		default:
			if o.As == "rotated away" || o.As == "deleted" {
				prefix = DeadPrefix + prefix
			}
			w.Do(ctx, prefix, o)
		}
	}
	return len(operations)
}

// refused waits until the token of an account that was revoked last is refused, and for as long as replicas may differ.
func (w *World) refused(ctx context.Context, prefix string, o Operation) {
	a := w.known(o.Holder)
	if a == nil {
		return
	}
	token := w.Rotated(o.Holder)
	if a.deleted {
		token = a.token
	}
	if w.Refused(ctx, prefix+Refused, token, a.deleted) {
		rest(ctx, w.s.Settle())
	}
}

func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
