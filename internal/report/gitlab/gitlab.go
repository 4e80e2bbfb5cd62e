// Package gitlab writes a report as a code quality report of GitLab, which merge requests show. It lists what failed, and judges
// nothing.
package gitlab

import (
	"cmp"
	"io"
	"slices"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// defaultPlace is the file that findings are shown at if the user names none: GitLab wants one, and the target is not a file.
const defaultPlace = ".gitlab-ci.yml"

type issue struct {
	Description string   `json:"description"`
	Check       string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"`
	Lines lines  `json:"lines"`
}

type lines struct {
	Begin int `json:"begin"`
}

// Render writes an issue for each failure that counts. A MUST is critical, a SHOULD minor, and a failure that follows from another
// one, is waived or is not scored is for information.
func Render(w io.Writer, r *report.Report, o report.Options) error {
	counted, issues := report.CountedResults(r), []issue{}
	place := location{cmp.Or(o.Place, defaultPlace), lines{1}}
	if r.Stopped != "" {
		issues = append(issues, issue{
			"nothing was judged: " + report.Printable(r.Stopped), "conformance", report.Fingerprint(r, report.Result{}), "blocker", place,
		})
	}
	for _, x := range slices.Concat(counted, report.NotScored(r)) {
		if !x.Outcome.Broke() {
			continue
		}
		text := report.Printable(x.ID) + ": " + report.Summary(x)
		if how := report.StandingNote(x); how != "" {
			text += " (" + report.Printable(how) + ")"
		}
		if judged := report.Judged(r); judged != "" {
			text = judged + " " + text
		}
		issues = append(issues, issue{
			Description: text, Check: cmp.Or(report.Printable(x.ID), "requirement"), Fingerprint: report.Fingerprint(r, x), Severity: severity(r, x, counted),
			Location: place,
		})
	}
	return report.WriteJSON(w, "a GitLab code quality report", issues)
}

func severity(r *report.Report, x report.Result, counted []report.Result) string {
	switch {
	case report.Explained(x, counted), x.Waived(), bool(x.Unscored):
		return "info"
	case x.Level == spec.Should && !r.Configuration.Strict:
		return "minor"
	case x.Outcome == report.Unstable:
		return "major"
	}
	return "critical"
}
