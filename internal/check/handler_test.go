package check

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/match"
	"github.com/sa-conformance/conformance/internal/report"
)

// The process's handler of failed assertions stays that of its other tests, during a check and afterwards.
func TestHandlerOfTheProcess(t *testing.T) {
	var heard []string
	gomega.RegisterFailHandler(func(message string, _ ...int) { heard = append(heard, message) })
	result, err := judge("").Judge(t.Context(), aCheck(func(*exchange.Evidence) {
		gomega.Expect("during").To(match.BeExactly("another"))
		expect.Expect("the check").To(match.BeExactly("another"))
	}))
	gomega.Expect("afterwards").To(match.BeExactly("another"))
	if err != nil || result.Outcome != report.Fail || result.Seen != `"the check"` || len(heard) != 2 {
		t.Errorf("error %v, %s of %s; the process's handler heard %q", err, result.Outcome, result.Seen, heard)
	}
}
