package check

import (
	"errors"
	"runtime/debug"
	"sync"

	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// assert runs the check's assertion and returns its first failure, or exchange.Missing. A panic of another kind is a
// fault of the check: it is returned as a *Broken, and the failure says that nothing could be judged.
func assert(c Check, evidence *exchange.Evidence) (failure, broken error) {
	defer handler.borrow()()
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

// handler is Gomega's: its assertions have one handler of failures for the whole process.
var handler shared

// shared lends Gomega's handler to any number of checks at a time.
type shared struct {
	mu    sync.Mutex
	users int
}

func (s *shared) borrow() (giveBack func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users == 0 { // others in the process may have put in theirs since
		gomega.RegisterFailHandler(func(message string, _ ...int) { panic(failed(message)) })
	}
	s.users++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.users--
	}
}
