package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/compare"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/suites"
)

// compareFlags are the flags of "conformance compare".
type compareFlags struct {
	failOn, recording  string
	asJSON, asMarkdown bool
}

// What compare can fail on.
const (
	onRegression = "regression"
	onAny        = "any"
)

func (a *app) compareCommand() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Tell what is different between two runs, and what made it so",
		Long: `Compares two runs, each a report.json or a recording.har that "conformance run --out DIR" wrote: what is newly failing,
newly untested or newly passing, and what rests on other evidence. It says for each what moved it: the target, the suite,
the catalogue, the contract or the configuration. To tell these apart it judges the old recording, which it looks for
beside the old report, with the checks of this version. Nothing is sent.

A regression is a MUST (with --strict of the new run: a SHOULD too) that is newly failing, or passed and is no longer
tested, for another reason than the suite's.

Exit codes: 0 compared, 1 there is what --fail-on names, 2 a file cannot be read.`,
		Example: `  conformance compare last/report.json reports/report.json --fail-on regression
  conformance compare last/recording.har reports/recording.har --markdown`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return wrong(`"%s" takes an old and a new report.json or recording.har, and got %d arguments; see "%s --help"`, cmd.CommandPath(), len(args), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.compare(cmd.Context(), f, args[0], args[1]) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.failOn, "fail-on", "", "exit 1 if there is `WHAT`: regression, or any change")
	s.StringVar(&f.recording, "old-recording", "", "recording.har `FILE` of the old run (default: beside the old report)")
	s.BoolVar(&f.asJSON, "json", false, "print JSON")
	s.BoolVar(&f.asMarkdown, "markdown", false, "print Markdown")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	return cmd
}

func (a *app) compare(ctx context.Context, f compareFlags, old, next string) error {
	if f.failOn != "" && f.failOn != onRegression && f.failOn != onAny {
		return wrong("%s: %s is neither %s nor %s", a.source("fail-on"), shown(f.failOn), onRegression, onAny)
	}
	before, err := a.loadBaseline(ctx, old, f.recording)
	if err != nil {
		return err
	}
	after, recorded, err := a.loadRun(ctx, next)
	if err != nil {
		return err
	}
	c := before.compare(after, recorded)
	switch {
	case f.asJSON:
		err = a.printJSON(c)
	case f.asMarkdown:
		err = a.written(compare.Markdown(a.out, c))
	default:
		err = a.written(compare.Text(a.out, c))
	}
	if err != nil {
		return err
	}
	switch n := len(c.Regressions()); {
	case f.failOn == onRegression && n > 0:
		return &failure{code: exitNonConformant, text: count(n, "regression")}
	case f.failOn == onAny && len(c.Changes) > 0:
		return &failure{code: exitNonConformant, text: count(len(c.Changes), "change")}
	}
	return nil
}

// baseline is the old one of two runs.
type baseline struct {
	report *report.Report
	// recorded is set if the report was judged from a recording just now.
	recorded bool
	// again is the old run judged by this suite; nil if it cannot be, and whyNot says why.
	again  *report.Report
	whyNot string
}

func (b *baseline) compare(next *report.Report, recorded bool) *compare.Comparison {
	return compare.Compare(compare.Input{
		Old: b.report, New: next, OldRecording: b.recorded, NewRecording: recorded, Again: b.again, WhyNot: b.whyNot,
	})
}

// loadBaseline reads the old run, and judges its recording again.
func (a *app) loadBaseline(ctx context.Context, path, recording string) (*baseline, error) {
	b := &baseline{}
	var err error
	if b.report, b.recorded, err = a.loadRun(ctx, path); err != nil {
		return nil, err
	}
	if b.recorded {
		b.again = b.report
		return b, nil
	}
	beside := recording
	if beside == "" {
		beside = filepath.Join(filepath.Dir(path), recordingFile)
		if _, err := os.Stat(beside); errors.Is(err, fs.ErrNotExist) {
			b.whyNot = "there is no " + recordingFile + " beside its report"
			return b, nil
		}
	}
	again, isRecording, err := a.loadRun(ctx, beside)
	switch {
	case err != nil && recording != "":
		return nil, err
	case err != nil:
		b.whyNot = recordingFile + " beside its report cannot be judged"
	case !isRecording && recording != "":
		return nil, wrong("%s: %s is no recording.har", a.source("old-recording"), shown(recording))
	case !isRecording:
		b.whyNot = recordingFile + " beside its report is no recording"
	case again.RunID != b.report.RunID && recording != "":
		return nil, wrong("%s: %s is the recording of another run than the old report", a.source("old-recording"), shown(recording))
	case again.RunID != b.report.RunID:
		b.whyNot = recordingFile + " beside its report is of another run"
	default:
		b.again = again
	}
	return b, nil
}

// maxRun bounds what is read of a report or a recording, in bytes.
const maxRun = 1 << 28

// loadRun reads a report.json, or judges a recording.har; recorded tells which.
func (a *app) loadRun(ctx context.Context, path string) (r *report.Report, recorded bool, err error) {
	defer a.reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, false, wrong("%s cannot be read: %s; name a report.json or a recording.har", shown(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxRun+1))
	switch {
	case err != nil:
		return nil, false, wrong("%s cannot be read: %s; name a report.json or a recording.har", shown(path), cause(err))
	case len(data) > maxRun:
		return nil, false, wrong("%s is longer than %d bytes; name a report.json or a recording.har", shown(path), maxRun)
	}
	var form struct {
		Log json.RawMessage `json:"log"`
	}
	if json.Unmarshal(data, &form) != nil || form.Log == nil {
		r, err = reportjson.Read(bytes.NewReader(data))
		if err != nil {
			return nil, false, wrong("%s: %s; name a report.json or a recording.har that \"conformance run --out\" wrote", shown(path), report.Printable(err.Error()))
		}
		return r, false, nil
	}
	result, err := suites.Rejudge(ctx, bytes.NewReader(data), engine.RejudgeConfig{Version: a.Build.Version, Commit: a.Build.Commit})
	switch {
	case engine.NotARecording(err):
		return nil, true, wrong("%s: %s; name a recording.har that \"conformance run --out\" wrote", shown(path), report.Printable(err.Error()))
	case err != nil || result == nil:
		return nil, true, broken("judging %s: %s", shown(path), report.Printable(fmt.Sprint(err)))
	}
	return result.Report, true, nil
}
