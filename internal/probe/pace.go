package probe

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

const (
	// longShare is the part of its time limit after which a request is taken to have waited behind others.
	longShare = 10
	// mostExtended bounds how many times its limit one request gets.
	mostExtended = 12
	// deletionShare is how many times the limits of others a deletion gets: deployments take ten seconds for one.
	deletionShare = 3
	// mostVain is how many deletions in a row may use up that time before they get no more than other requests.
	mostVain = 3
)

// pace gives each exchange the time that the target's pace demands. A target may serve the requests of a run one after the
// other. A request gets more time as long as others that had to wait are answered in the meantime.
type pace struct {
	mu sync.Mutex
	// served is when a request that had waited long was answered last: by class, reads and writes.
	served map[bool]time.Time
	// futile counts the deletions in a row that came to no end.
	futile int
}

func newPace() *pace { return &pace{served: map[bool]time.Time{}} }

// allowance is the time of one exchange.
type allowance struct {
	pace     *pace
	write    bool
	deletion bool
	limit    time.Duration
	began    time.Time
	timer    *time.Timer
	cancel   context.CancelCauseFunc
	used     bool // guarded by pace.mu
}

// allow begins an exchange. The context ends when the exchange has used up its time; end must be called.
func (p *pace) allow(ctx context.Context, method string, limit time.Duration) (context.Context, *allowance) {
	limited, cancel := context.WithCancelCause(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	a := &allowance{
		pace: p, write: method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions,
		deletion: method == http.MethodDelete, limit: limit, began: time.Now(), cancel: cancel,
	}
	if a.deletion && p.futile < mostVain {
		a.limit = deletionShare * limit
	}
	a.timer = time.AfterFunc(a.limit, a.check)
	return limited, a
}

// check ends the exchange, or gives it more time.
func (a *allowance) check() {
	a.pace.mu.Lock()
	defer a.pace.mu.Unlock()
	from := a.began
	if served := a.pace.served[a.write]; served.After(from) {
		from = served
	}
	end := from.Add(a.limit)
	if last := a.began.Add(mostExtended * a.limit); last.Before(end) {
		end = last
	}
	if more := time.Until(end); more > 0 {
		a.timer.Reset(more)
		return
	}
	a.used = true
	a.cancel(context.DeadlineExceeded)
}

// end tells what came of the exchange.
func (a *allowance) end(answered bool) {
	a.timer.Stop()
	a.cancel(nil)
	a.pace.mu.Lock()
	defer a.pace.mu.Unlock()
	now := time.Now()
	if answered && now.Sub(a.began) >= a.limit/longShare {
		a.pace.served[a.write] = now
	}
	switch {
	case a.deletion && answered:
		a.pace.futile = 0
	case a.deletion && a.used:
		a.pace.futile++
	}
}

// classify turns an error of net/http into a failure. An exchange that used up its time says how much that was.
func (a *allowance) classify(ctx context.Context, err error) *exchange.Failure {
	a.pace.mu.Lock()
	defer a.pace.mu.Unlock()
	if a.used && ctx.Err() == nil {
		err = context.DeadlineExceeded
	}
	limit := a.limit
	if took := time.Since(a.began); took >= 2*limit {
		limit = took.Round(limit)
	}
	return wire.Classify(ctx, err, limit)
}
