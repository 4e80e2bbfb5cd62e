package check

import (
	"errors"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// assert runs the check's assertion and returns its first failure, or exchange.Missing. A panic of another kind is a
// fault of the check: it is returned as a *Broken, and the failure says that nothing could be judged.
func assert(c Check, evidence *exchange.Evidence) (failure, broken error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case failed:
			failure = errors.New(string(cause))
		case exchange.Missing:
			failure = cause
		default:
			failure = exchange.Missing{Reason: "the check itself failed"}
			broken = &Broken{ID: c.Requirement.ID, Cause: cause, Stack: string(debug.Stack())}
		}
	}()
	c.Assert(evidence)
	return nil, nil
}

// failed is the message of an assertion that does not hold. It ends the check as a panic, in the goroutine of the check.
type failed string

// turn is that of the checks of the process. As many are judged at a time as there are processors: each may read bodies of
// megabytes.
var turn = turns{places: make(chan struct{}, runtime.GOMAXPROCS(0))}

// turns lets a number of checks go on at a time, and lends them Gomega's handler of failures: its assertions have one for
// the whole process.
type turns struct {
	places chan struct{}

	mu    sync.Mutex
	users int
}

func (t *turns) take() (giveBack func()) {
	t.places <- struct{}{}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.users == 0 { // others in the process may have put in theirs since
		gomega.RegisterFailHandler(func(message string, _ ...int) { panic(failed(message)) })
	}
	t.users++
	return func() {
		t.mu.Lock()
		t.users--
		t.mu.Unlock()
		<-t.places
	}
}
