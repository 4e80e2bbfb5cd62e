package outcome

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

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/compare"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/suites"
)

// baseline is the old one of two runs.
type baseline struct {
	report *report.Report
	// recorded is set if the report was judged from a recording just now.
	recorded bool
	// again is the old run judged by this suite; nil if it cannot be, and whyNot says why.
	again  *report.Report
	whyNot string
}

func (b *baseline) Compare(next *report.Report, recorded bool) *compare.Comparison {
	return compare.Compare(compare.Input{
		Old: b.report, New: next, OldRecording: b.recorded, NewRecording: recorded, Again: b.again, WhyNot: b.whyNot,
	})
}

// LoadBaseline reads the old run, and judges its recording again.
func LoadBaseline(ctx context.Context, a *app.App, path, recording string) (*baseline, error) {
	b := &baseline{}
	var err error
	if b.report, b.recorded, err = LoadRun(ctx, a, path); err != nil {
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
	again, isRecording, err := LoadRun(ctx, a, beside)
	switch {
	case err != nil && recording != "":
		return nil, err
	case err != nil:
		b.whyNot = recordingFile + " beside its report cannot be judged"
	case !isRecording && recording != "":
		return nil, app.Wrong("%s: %s is no recording.har", a.Source("old-recording"), app.Shown(recording))
	case !isRecording:
		b.whyNot = recordingFile + " beside its report is no recording"
	case again.RunID != b.report.RunID && recording != "":
		return nil, app.Wrong("%s: %s is the recording of another run than the old report", a.Source("old-recording"), app.Shown(recording))
	case again.RunID != b.report.RunID:
		b.whyNot = recordingFile + " beside its report is of another run"
	default:
		b.again = again
	}
	return b, nil
}

// LoadRun reads a report.json, or judges a recording.har; recorded tells which.
func LoadRun(ctx context.Context, a *app.App, path string) (r *report.Report, recorded bool, err error) {
	defer a.Reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, false, app.Wrong("%s cannot be read: %s; name a report.json or a recording.har", app.Shown(path), app.Cause(err))
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, app.MaxRun+1))
	switch {
	case err != nil:
		return nil, false, app.Wrong("%s cannot be read: %s; name a report.json or a recording.har", app.Shown(path), app.Cause(err))
	case len(data) > app.MaxRun:
		return nil, false, app.Wrong("%s is longer than %d bytes; name a report.json or a recording.har", app.Shown(path), app.MaxRun)
	}
	var form struct {
		Log json.RawMessage `json:"log"`
	}
	if json.Unmarshal(data, &form) != nil || form.Log == nil {
		r, err = reportjson.Read(bytes.NewReader(data))
		if err != nil {
			return nil, false, app.Wrong("%s: %s; name a report.json or a recording.har that \"conformance run --out\" wrote", app.Shown(path), report.Printable(err.Error()))
		}
		return r, false, nil
	}
	result, err := suites.Rejudge(ctx, bytes.NewReader(data), engine.RejudgeConfig{Version: a.Build.Version, Commit: a.Build.Commit})
	switch {
	case engine.NotARecording(err):
		return nil, true, app.Wrong("%s: %s; name a recording.har that \"conformance run --out\" wrote", app.Shown(path), report.Printable(err.Error()))
	case err != nil || result == nil:
		return nil, true, app.Broken("judging %s: %s", app.Shown(path), report.Printable(fmt.Sprint(err)))
	}
	return result.Report, true, nil
}
