package explore

import (
	"context"
	"fmt"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Play sends operations one after the other, until ctx is done or the time is over. It returns how many it sent, and calls
// each for what came of them.
func (w *World) Play(ctx context.Context, operations []Operation, until time.Time, each func(n int, e *exchange.Exchange)) int {
	for n, o := range operations {
		if ctx.Err() != nil || !until.IsZero() && time.Now().After(until) {
			return n
		}
		prefix := fmt.Sprintf("%04d-", n)
		switch o.Kind {
		case Settle:
			each(n, w.Settle(ctx, prefix+Settle))
		case Refused:
			w.refused(ctx, prefix, o)
		default:
			if o.As == "rotated away" || o.As == "deleted" {
				prefix = "dead-" + prefix
			}
			if e := w.Do(ctx, prefix, o); e != nil {
				each(n, e)
			}
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
		timer := time.NewTimer(w.s.Settle())
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}
