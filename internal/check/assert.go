package check

import (
	"runtime"
	"runtime/debug"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// assert runs the check's assertion and returns its first failure, or exchange.Missing. A panic of another kind is a
// fault of the check: it is returned as a *Broken, and the failure says that nothing could be judged.
func assert(c Check, evidence *exchange.Evidence) (failure, broken error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case expect.Failure:
			failure = cause
		case exchange.Missing:
			failure = cause
		default:
			failure = exchange.Missing{Reason: "the check itself failed"}
			broken = &exchange.Broken{Part: "the check " + c.Requirement.ID, Cause: cause, Stack: string(debug.Stack())}
		}
	}()
	c.Assert(evidence)
	return nil, nil
}

// evaluations limits the checks that are judged at a time to the number of processors: each may read bodies of megabytes.
var evaluations = semaphore{places: make(chan struct{}, runtime.GOMAXPROCS(0))}

type semaphore struct{ places chan struct{} }

func (t *semaphore) acquire() (giveBack func()) {
	t.places <- struct{}{}
	return func() { <-t.places }
}
