package suites

import (
	"bytes"
	"context"
	"testing"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/report"
)

// Run judges a target from a test of yours, as specs of Ginkgo, and fails the test unless the target is conformant. A
// process can do this once. Filters given to go test as flags of Ginkgo hold where cfg has none.
func Run(t *testing.T, cfg Config) *Result {
	t.Helper()
	focus, labels := check.Filters()
	if cfg.Focus == "" {
		cfg.Focus = focus
	}
	if cfg.LabelFilter == "" {
		cfg.LabelFilter = labels
	}
	result, err := Judge(context.WithoutCancel(t.Context()), cfg)
	if result != nil {
		var text bytes.Buffer
		if err := report.Text(&text, result.Report, report.TextOptions{}); err != nil {
			t.Errorf("rendering the report: %v", err)
		}
		t.Logf("\n%s", result.Secrets.RedactString(text.String()))
	}
	switch {
	case err != nil:
		t.Errorf("judging the target: %v", err)
	case result.Report.Verdict == report.Conformant:
	case result.Report.Verdict == report.Incomplete && cfg.AcceptIncomplete:
	default:
		t.Errorf("the target is %s", result.Report.Verdict)
	}
	return result
}
