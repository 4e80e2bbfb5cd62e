package check

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// The process's handler of failed assertions stays that of its other tests, during a check and afterwards.
func TestHandlerOfTheProcess(t *testing.T) {
	var heard []string
	gomega.RegisterFailHandler(func(message string, _ ...int) { heard = append(heard, message) })
	result, err := judge("").Judge(t.Context(), aCheck(func(*exchange.Evidence) {
		gomega.Expect("during").To(matcher.BeExactly("another"))
		expect.Expect("the check").To(matcher.BeExactly("another"))
	}))
	gomega.Expect("afterwards").To(matcher.BeExactly("another"))
	if err != nil || result.Outcome != report.Fail || result.Seen != `"the check"` || len(heard) != 2 {
		t.Errorf("error %v, %s of %s; the process's handler heard %q", err, result.Outcome, result.Seen, heard)
	}
}
