package probe

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// faultPauses are the pauses before a request that was answered with a 5xx is sent again. A single failure may be that of a
// gateway in front; a fault of the target repeats.
var faultPauses = [...]time.Duration{30 * time.Millisecond, 250 * time.Millisecond}

// faults counts the 5xx responses that the same request did not repeat. It is safe for concurrent use.
type faults struct {
	mu     sync.Mutex
	passed []string
}

// faulty reports whether a response is a server error that may not repeat. 501 tells of what the target never does, and 503
// asks to be left alone.
func faulty(e *exchange.Exchange) bool {
	status := e.Status()
	return e.Answered() && status/100 == 5 && status != http.StatusNotImplemented && status != http.StatusServiceUnavailable
}

// came notes how a request that was answered with a 5xx came out, after it was sent again.
func (f *faults) came(e *exchange.Exchange) {
	if !e.Answered() || faulty(e) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.passed = append(f.passed, e.Probe+"/"+e.Step)
}

// warned tells which requests were answered with a 5xx that did not repeat.
func (f *faults) warned() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.passed) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the target answered with a server error, and otherwise when the same request was sent again, on %s: no verdict counts it", few(f.passed))}
}
