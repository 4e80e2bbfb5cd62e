package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
)

// ErrElsewhere says that this is one of several parallel processes of Ginkgo, and not the first, which alone sends and judges.
var ErrElsewhere = errors.New("the first of the parallel processes judges, and this one sent nothing")

// errStopped ends Ginkgo's suite before its specs: the run has its result, and judges nothing.
var errStopped = errors.New("nothing is judged: the report says why")

// drive begins the run, and shows it as specs of Ginkgo if that was asked for and is possible. An error that comes before
// the run has begun means that nothing was sent.
func (r *running) drive(ctx context.Context, begin func() error) error {
	err := check.ErrNoGinkgo
	if r.toGinkgo() {
		err = check.Ginkgo(ctx, ignoreFailures{}, check.Specs{
			Checks: r.selection.Chosen, Strict: r.cfg.Strict, Output: r.output(), Begin: begin, Verdict: r.printable,
		})
	}
	var mistake *ConfigError
	switch {
	case errors.Is(err, errStopped):
		return nil
	case r.run != nil:
		return err // nil, or a fault in the middle
	case errors.As(err, &mistake):
		return mistake
	case err != nil && !errors.Is(err, check.ErrNoGinkgo):
		return err
	case r.flags.Process > 1 && !check.InSpec():
		return ErrElsewhere
	case err == nil:
		return errors.New("the run was not begun by Ginkgo")
	}
	lost, reports := r.flags.Without()
	if len(reports) > 0 && !r.cfg.Plain {
		return newConfigError("%s cannot be honoured, and nothing was sent: a process has one run of Ginkgo, which was used, or the test is "+
			"to run several times; leave it out, or judge with Config.Plain", strings.Join(reports, " and "))
	}
	if lost = append(lost, reports...); len(lost) > 0 {
		r.remarks = append(r.remarks, "judged without Ginkgo, so that "+strings.Join(lost, ", ")+" had no effect")
	}
	if err := begin(); !errors.Is(err, errStopped) {
		return err
	}
	return nil
}

// toGinkgo reports whether the run is to be one of Ginkgo.
func (r *running) toGinkgo() bool {
	return !r.cfg.Plain && (r.cfg.GinkgoOutput != nil || len(r.flags.Given) > 0)
}

func (r *running) output() io.Writer {
	if r.cfg.GinkgoOutput != nil {
		return r.cfg.GinkgoOutput
	}
	return os.Stdout
}

// printable judges a check for Ginkgo's output and reports: without secrets, and without what a terminal obeys.
func (r *running) printable(ctx context.Context, c check.Check) report.Result {
	result, broken := r.evaluator.Spec(ctx, c)
	if broken != nil {
		r.verdicts.Put(result, broken)
	}
	result.Message = report.Printable(r.secrets.RedactString(result.Message))
	return result
}

// rehearse says what would be judged. Nothing is sent, and the result is of no requirement.
func (r *running) rehearse(ctx context.Context) (*Result, error) {
	const dry = "dry run: nothing was sent"
	if r.toGinkgo() {
		err := check.Ginkgo(ctx, ignoreFailures{}, check.Specs{Checks: r.selection.Chosen, Output: r.output()})
		if err != nil && !errors.Is(err, check.ErrNoGinkgo) {
			return nil, &ConfigError{message: err.Error()}
		}
	}
	var text strings.Builder
	for _, c := range r.selection.Chosen {
		r.selection.Untested[c.Requirement.ID] = dry
		fmt.Fprintf(&text, "would be judged: %s\n", c.Requirement.ID)
	}
	fmt.Fprintf(&text, "%s; %d requirements would be judged\n", dry, len(r.selection.Chosen))
	if _, err := io.WriteString(r.output(), text.String()); err != nil {
		return nil, fmt.Errorf("writing what would be judged: %w", err)
	}
	told, err := assemble(r.suite, r.selection, r.verdicts, "", r.cfg)
	if err != nil {
		return nil, err
	}
	told.RunID, told.StartedAt = r.id, r.started.UTC()
	told.Accounts.Verified = true
	told.Warnings = append(told.Warnings, dry)
	report.Decide(told, report.Policy{})
	return &Result{Report: told, Secrets: r.secrets, Recording: &exchange.Recording{}, Dry: true}, nil
}

// ignoreFailures is a GinkgoTestingT that takes no notice of failing specs: the verdict of the report decides.
type ignoreFailures struct{}

func (ignoreFailures) Fail() {}
