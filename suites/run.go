package suites

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	plaintext "github.com/sa-conformance/conformance/internal/report/text"
	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/spec"
)

// Run judges a target from a test of yours, by Judge, and fails the test unless the target is conformant. It may be called
// any number of times in a process, from parallel tests, and inside or after a Ginkgo suite of yours; if that comes after
// Run and flags of Ginkgo are given, set Config.Plain.
//
// The deadline of the test (go test -timeout) bounds the run and its clean-up, and so does the first interrupt, SIGTERM or
// SIGHUP; then the test fails. It is skipped in a dry run (-ginkgo.dry-run), and in all but the first of the parallel
// processes of "ginkgo -p". If nothing can be sent, Run ends the test.
func Run(t *testing.T, cfg engine.Config) *engine.Result {
	t.Helper()
	if deadline, ok := t.Deadline(); ok && (cfg.Deadline.IsZero() || deadline.Before(cfg.Deadline)) {
		cfg.Deadline = deadline
	}
	ctx, stop := interruptible(context.WithoutCancel(t.Context()))
	defer stop()
	result, err := Judge(ctx, cfg)
	switch {
	case errors.Is(err, engine.ErrElsewhere):
		t.Skip(err)
	case result == nil:
		t.Fatalf("judging the target: %v", err)
	case result.Dry:
		t.Skip("dry run: nothing was sent")
	}
	var shown bytes.Buffer
	if err := plaintext.Render(&shown, result.Report, report.Options{}); err != nil {
		t.Errorf("rendering the report: %v", err)
	}
	t.Logf("\n%s", result.Secrets.RedactString(shown.String()))
	switch {
	case err != nil:
		t.Errorf("judging the target: %v", err)
	case ctx.Err() != nil:
		t.Errorf("%s: the report is incomplete", wire.Why(ctx))
	case result.Report.Gate.Status == report.GatePassed:
	case result.Report.Stopped != "":
		t.Errorf("nothing was judged: %s", result.Secrets.RedactString(result.Report.Stopped))
	default:
		t.Errorf("the target is %s%s", result.Report.Verdict, ownFailures(result.Report))
	}
	return result
}

// ownFailures names the own requirements of teams that did not hold or have no verdict, and are not waived; "" if there are
// none.
func ownFailures(r *report.Report) string {
	var ids []string
	for _, result := range r.Results {
		if result.Owner != "" && result.Outcome != report.Pass && !result.Waived() && (result.Level == spec.Must || r.Configuration.Strict) {
			ids = append(ids, result.ID)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return "; own requirements failed: " + strings.Join(ids, ", ")
}

// interruptible makes a context that ends at the first signal to end the process. The second one ends the process.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	wanted := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		wanted = append(wanted, syscall.SIGHUP)
	}
	signal.Notify(signals, wanted...)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			cancel(&wire.Ended{Reason: "the test was interrupted (" + s.String() + ")"})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}
