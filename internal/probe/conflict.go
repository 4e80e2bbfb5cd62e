package probe

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// conflictPauses are the pauses before a write that was refused with 409 is sent again.
var conflictPauses = [...]time.Duration{20 * time.Millisecond, 40 * time.Millisecond, 80 * time.Millisecond, 160 * time.Millisecond, 320 * time.Millisecond}

// writes keeps the writes of a run apart from one that was refused because of a conflict and is sent again. A target may
// refuse one of several writes at once, and the run itself sends several; it must not refuse one that meets no other.
type writes struct{ lock sync.RWMutex }

// enter waits until a request may be sent, and returns what ends its turn. Alone is set if it may meet no other write. Requests
// that are to meet each other wait for nobody.
func (w *writes) enter(request Request, alone bool) (leave func()) {
	switch {
	case safe(request.Method) || request.Together != nil:
		return func() {}
	case alone:
		w.lock.Lock()
		return w.lock.Unlock
	}
	w.lock.RLock()
	return w.lock.RUnlock
}

func safe(method string) bool {
	return slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace}, method)
}

// collided reports whether a write was refused because of a conflict.
func collided(request Request, e *exchange.Exchange) bool {
	return !safe(request.Method) && e.Answered() && e.Status() == http.StatusConflict
}
