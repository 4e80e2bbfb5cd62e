// Package expect has Gomega's Expect for checks, without Gomega's global failure handler: a failed assertion panics in the
// goroutine of its check. So the checks of a run do not disturb other tests of the same process.
package expect

import (
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// Failure is the message of an assertion that does not hold. It ends a check as a panic, in the goroutine of the check.
type Failure string

// assertions is never changed: its handler is the same for every run.
var assertions = gomega.NewGomega(func(message string, _ ...int) { panic(Failure(message)) })

// Expect begins an assertion of a check. One that does not hold panics with a Failure.
func Expect(actual any, extra ...any) types.Assertion { return assertions.Expect(actual, extra...) }
