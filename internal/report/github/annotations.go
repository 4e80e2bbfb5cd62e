// Package github writes a report as workflow commands of GitHub Actions, which become annotations. Standard output
// alone takes them.
package github

import (
	"fmt"
	"io"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// Render writes one workflow command of GitHub Actions for each failure that is not the consequence of another:
// ::error, and ::warning where the verdict is not touched or a waiver holds. What failed and is not scored is a ::notice.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	if judged := report.Judged(r); judged != "" {
		if _, err := fmt.Fprintf(w, "::notice title=conformance::%s\n", judged); err != nil {
			return fmt.Errorf("writing annotations: %w", err)
		}
	}
	for _, c := range report.Cards(r) {
		command, text := "error", report.Summary(c.Result)
		if c.Warning || c.Waived() {
			command = "warning"
		}
		if how := report.StandingNote(c.Result); how != "" {
			text = report.Printable(how) + ": " + text
		}
		if n := len(c.Consequences); n > 0 {
			text += " (" + report.Plural(n, "other follows from it", "others follow from it") + ")"
		}
		if c.Rerun != "" {
			text += "\nTo run just this: " + c.Rerun
		}
		title := report.Printable(c.ID) + " (" + report.Printable(string(c.Level)) + ")"
		if _, err := fmt.Fprintf(w, "::%s title=%s::%s\n", command, escapeProperty(title), escapeData(text)); err != nil {
			return fmt.Errorf("writing annotations: %w", err)
		}
	}
	for _, x := range report.NotScored(r) {
		if !x.Outcome.Broke() {
			continue
		}
		if _, err := fmt.Fprintf(w, "::notice title=%s::%s\n", escapeProperty(report.Printable(x.ID)), escapeData(report.Printable(report.StandingNote(x))+": "+report.Summary(x))); err != nil {
			return fmt.Errorf("writing annotations: %w", err)
		}
	}
	return nil
}

// escapeData and escapeProperty escape as the toolkit of GitHub Actions does.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
