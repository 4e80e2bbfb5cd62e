// Package ctrf writes a report in the Common Test Report Format (CTRF), a JSON that many dashboards and bots of CI read. A test is
// a requirement. It judges nothing.
package ctrf

import (
	"io"
	"math"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
	"github.com/sa-conformance/conformance/spec"
)

// specVersion is the version of CTRF that is written.
const specVersion = "0.0.0"

type document struct {
	Extra     map[string]string `json:"extra,omitempty"`
	Format    string            `json:"reportFormat"`
	Version   string            `json:"specVersion"`
	RunID     string            `json:"runId,omitempty"`
	Generated string            `json:"generatedBy"`
	Results   results           `json:"results"`
}

type results struct {
	Tool        tool        `json:"tool"`
	Summary     summary     `json:"summary"`
	Tests       []test      `json:"tests"`
	Environment environment `json:"environment"`
	Extra       extra       `json:"extra"`
}

type extra struct {
	Verdict      string   `json:"verdict"`
	Gate         string   `json:"gate"`
	Set          string   `json:"set"`
	Organization string   `json:"organization"`
	Warnings     []string `json:"warnings"`
}

type tool struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type summary struct {
	Tests   int   `json:"tests"`
	Passed  int   `json:"passed"`
	Failed  int   `json:"failed"`
	Skipped int   `json:"skipped"`
	Pending int   `json:"pending"`
	Other   int   `json:"other"`
	Start   int64 `json:"start"`
	Stop    int64 `json:"stop"`
}

type test struct {
	ID       string            `json:"testId,omitempty"`
	Name     string            `json:"name"`
	Status   string            `json:"status"`
	Raw      string            `json:"rawStatus,omitempty"`
	Duration int64             `json:"duration"`
	Suite    []string          `json:"suite"`
	Message  string            `json:"message,omitempty"`
	Trace    string            `json:"trace,omitempty"`
	Tags     []string          `json:"tags"`
	Extra    map[string]string `json:"extra"`
}

type environment struct {
	App string `json:"appName"`
}

// Render writes a report as CTRF. An inconclusive result has the status other; a warning passes, with its message.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	start := r.StartedAt.UTC().UnixMilli()
	d := document{
		Format: "CTRF", Version: specVersion, RunID: report.Printable(r.RunID), Generated: "conformance (" + spec.Project + ")",
		Results: results{
			Tool:        tool{"conformance", report.Printable(r.Suite.Version)},
			Summary:     summary{Start: start, Stop: start + milliseconds(r.DurationSeconds)},
			Tests:       []test{},
			Environment: environment{report.Printable(r.Target.URL)},
			Extra: extra{
				Verdict: report.Printable(string(r.Verdict)), Gate: report.Printable(string(r.Gate.Status)), Set: report.Printable(r.Set.Name),
				Organization: report.Printable(r.Target.Organization), Warnings: []string{},
			},
		},
	}
	if judged := report.Judged(r); judged != "" {
		d.Extra = map[string]string{"judged": judged}
	}
	for _, warning := range slices.Concat(r.Warnings, r.Gate.Warnings) {
		d.Results.Extra.Warnings = append(d.Results.Extra.Warnings, report.Printable(warning))
	}
	for _, x := range report.Cases(r) {
		d.Results.add(testOf(r, x))
	}
	return report.WriteJSON(w, "CTRF", d)
}

func (r *results) add(t test) {
	r.Summary.Tests++
	switch t.Status {
	case "passed":
		r.Summary.Passed++
	case "failed":
		r.Summary.Failed++
	case "skipped":
		r.Summary.Skipped++
	default:
		r.Summary.Other++
	}
	r.Tests = append(r.Tests, t)
}

func testOf(r *report.Report, x report.Result) test {
	id := report.Printable(x.ID)
	t := test{
		ID: id, Name: id, Raw: report.Printable(string(x.Outcome)), Duration: milliseconds(x.DurationSeconds),
		Suite: []string{report.Printable(string(x.Profile)), report.Printable(x.Section)}, Message: report.CaseNote(r, x),
		Tags: []string{report.Printable(string(x.Level))},
		Extra: map[string]string{
			"statement": report.Printable(x.Statement), "citation": report.Printable(x.Citation),
		},
	}
	if t.Name == "" {
		t.Name = "without an id"
	}
	if page := x.Page(); page != "" {
		t.Extra["page"] = page
	}
	switch status := report.StatusOf(r, x); status {
	case report.CaseBroken:
		t.Status = "other"
	case report.CaseFailed:
		t.Status, t.Trace = string(status), plain.CardText(r, x)
	default:
		t.Status = string(status)
	}
	return t
}

func milliseconds(seconds float64) int64 {
	return int64(math.Round(max(seconds, 0) * float64(time.Second/time.Millisecond)))
}
