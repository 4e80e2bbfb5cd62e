// Package expect has Gomega's Expect for checks, without Gomega's global failure handler: a failed assertion panics in the
// goroutine of its check. So the checks of a run do not disturb other tests of the same process.
package expect

import (
	"strings"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/suites/matcher"
)

// Failure is an assertion that does not hold. It ends a check as a panic, in the goroutine of the check.
type Failure struct {
	// Finding is what a matcher of package matcher found; the zero value for other matchers.
	Finding matcher.Mismatch
	// Note is the description of the assertion, and the whole message of other matchers.
	Note string
}

// Error is the message in full.
func (f Failure) Error() string { return strings.TrimSpace(f.Note + "\n" + f.Finding.String()) }

// Expect begins an assertion of a check. One that does not hold panics with a Failure.
func Expect(actual any, extra ...any) types.Assertion {
	a := &assertion{actual: actual}
	a.Assertion = gomega.NewGomega(a.fail).Expect(actual, extra...)
	return a
}

// assertion remembers the matcher, so that a failure keeps what it found.
type assertion struct {
	types.Assertion

	actual  any
	matcher types.GomegaMatcher
	negated bool
}

func (a *assertion) fail(message string, _ ...int) {
	message = strings.TrimSpace(message)
	if found, ok := matcher.Find(a.matcher, a.actual, a.negated); ok {
		panic(Failure{Finding: found, Note: strings.TrimSpace(strings.TrimSuffix(message, found.String()))})
	}
	panic(Failure{Note: message})
}

func (a *assertion) with(m types.GomegaMatcher, negated bool) types.Assertion {
	a.matcher, a.negated = m, negated
	return a.Assertion
}

func (a *assertion) Should(m types.GomegaMatcher, description ...any) bool {
	return a.with(m, false).Should(m, description...)
}

func (a *assertion) ShouldNot(m types.GomegaMatcher, description ...any) bool {
	return a.with(m, true).ShouldNot(m, description...)
}

func (a *assertion) To(m types.GomegaMatcher, description ...any) bool {
	return a.with(m, false).To(m, description...)
}

func (a *assertion) ToNot(m types.GomegaMatcher, description ...any) bool {
	return a.with(m, true).ToNot(m, description...)
}

func (a *assertion) NotTo(m types.GomegaMatcher, description ...any) bool {
	return a.with(m, true).NotTo(m, description...)
}

// WithOffset changes nothing: a failure names no line of a caller.
func (a *assertion) WithOffset(int) types.Assertion { return a }
