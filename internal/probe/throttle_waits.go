package probe

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	// mostPutOff is how many requests in a row are waited for to the end of their patience.
	mostPutOff = 3
	// enoughRefusals is how often a request is answered 503 without Retry-After, and enoughServed how many others are served
	// in the meantime, before the 503 is taken to be the response to that request.
	enoughRefusals, enoughServed = 8, 5
	// leastPause is the first pause of a request that the target put off; it doubles up to a second.
	leastPause = 50 * time.Millisecond
	// apart is how far the requests that wait are spread from each other, and spreadShare the part of the patience in which
	// all are.
	apart, spreadShare = 250 * time.Millisecond, 3
)

// throttleWaits is what one request went through because the target asked to be left alone.
type throttleWaits struct {
	began  time.Time
	waited time.Duration
	times  int
	// waits is set while the request is one of those that wait.
	waits bool
	// served is how many responses the run had when the request was put off first.
	served int
	// brief is set if the request does not wait for long, and first is the time that the target asked for at first.
	brief bool
	first time.Duration
}

// briefPatience is how long a brief request waits if the target names no time.
const briefPatience = 4 * time.Second

// patience is how long the request waits in all.
func (w *throttleWaits) patience(most, asked time.Duration) time.Duration {
	if w.began.IsZero() {
		w.first = asked
	}
	if !w.brief {
		return most
	}
	if w.first > most { // longer than a run ever waits
		return 0
	}
	return min(most, max(briefPatience, w.first+w.first/8))
}

func (w *throttleWaits) add(pause time.Duration) {
	w.waited += pause
	w.times++
}

// least is the shortest pause that comes next.
func (w *throttleWaits) least() time.Duration { return min(leastPause<<min(w.times, 5), time.Second) }

// deferred marks an exchange in which the target asked to be left alone. It returns how long, and whether that is worth
// waiting for: to the end of the run's limit, and longer as long as other throttled requests get through. A 503 without
// Retry-After that comes every time while others are served is the response.
func (r *Run) deferred(e *exchange.Exchange, w *throttleWaits) (pause time.Duration, wait bool) {
	pause, asked := retryAfter(e, r.now())
	if !asked || !e.Answered() {
		if e.Answered() {
			r.health.served(w)
		}
		return 0, false
	}
	patience := w.patience(r.limits.Patience, pause)
	long := pause > r.limits.Patience
	pause = max(pause, w.least()) + r.health.spread(patience)
	wait, counts := r.health.wait(w, pause, patience, e.Status() == http.StatusServiceUnavailable && e.Response.Header.Get("Retry-After") == "")
	if !counts {
		e.Failure = putOff(e.Status(), pause, long)
	}
	return pause, wait
}

// served counts a response.
func (l *connectionHealth) served(w *throttleWaits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.responses++
	if w.waits {
		l.through, l.putOff, l.refused = time.Now(), 0, 0
		l.leave(w)
	}
}

// wait tells whether a request that was put off is worth waiting for. Otherwise counts tells whether its status is the
// response to it.
func (l *connectionHealth) wait(w *throttleWaits, pause, patience time.Duration, bare bool) (wait, counts bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w.began.IsZero() {
		w.began, w.served = time.Now(), l.responses
	}
	if !w.waits {
		w.waits = true
		l.waiting++
	}
	moving := l.through.After(w.began)
	if bare && l.refused >= mostPutOff && w.times >= enoughRefusals {
		patience = 0
	}
	switch {
	case w.waited+pause <= patience && l.putOff < mostPutOff:
		return true, false
	case moving && time.Since(l.through)+pause <= patience && w.waited+pause <= mostExtended*patience:
		return true, false
	case bare && !moving && w.times >= enoughRefusals && l.responses-w.served >= enoughServed:
		l.refused++
		l.leave(w)
		return false, true
	}
	l.putOff++
	l.leave(w)
	return false, false
}

// leave takes a request out of those that wait.
func (l *connectionHealth) leave(w *throttleWaits) {
	w.waits = false
	l.waiting--
}

// spread is what a request waits beyond what the target asks for: the more, the more requests are waiting, and for each another
// time. So a target that asks to be left alone is not asked more often because many wait, nor by all of them at once.
func (l *connectionHealth) spread(patience time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	most := min(time.Duration(l.waiting)*apart, patience/spreadShare)
	return rand.N(most + 1) //nolint:gosec // nothing is secret about it
}

// putOff is the failure of an exchange that was answered with a request to be left alone: never a verdict's ground.
func putOff(status int, pause time.Duration, long bool) *exchange.Failure {
	message := fmt.Sprintf("the target asked to be left alone (%d)", status)
	if long {
		message = fmt.Sprintf("the target asked to be left alone (%d) for longer than the run waits (%s)", status, pause)
	}
	return &exchange.Failure{Kind: exchange.Busy, Message: message}
}
