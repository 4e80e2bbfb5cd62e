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
	// repeated counts the requests of each operation that got a 5xx every time, as long as none of it came out otherwise.
	repeated map[string]int
	// mended are the operations of which a request came out otherwise when it was sent again.
	mended map[string]bool
}

// mostRepeated is how many requests of one operation may get a 5xx every time before the rest of it is repeated less: a target that
// is wrong everywhere costs little more than a right one.
const mostRepeated = 10

// lasting reports whether an operation gets a 5xx every time.
func (f *faults) lasting(operation string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return operation != "" && f.repeated[operation] >= mostRepeated && !f.mended[operation]
}

// times is how often a request is sent again after a 5xx.
func (f *faults) times(operation string) int {
	if f.lasting(operation) {
		return 1
	}
	return len(faultPauses)
}

// faulty reports whether a response is a server error that may not repeat. 501 tells of what the target never does, and 503
// asks to be left alone.
func faulty(e *exchange.Exchange) bool {
	status := e.Status()
	return e.Answered() && status/100 == 5 && status != http.StatusNotImplemented && status != http.StatusServiceUnavailable
}

// came notes how a request that was answered with a 5xx came out, after it was sent again.
func (f *faults) came(e *exchange.Exchange) {
	if !e.Answered() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.repeated == nil {
		f.repeated, f.mended = map[string]int{}, map[string]bool{}
	}
	if faulty(e) {
		f.repeated[e.Operation]++
		return
	}
	f.mended[e.Operation] = true
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
