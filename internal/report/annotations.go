package report

import (
	"fmt"
	"io"
	"strings"
)

// Annotations writes one workflow command of GitHub Actions for each failure that is not the consequence of another:
// ::error, and ::warning where the verdict is not touched or a waiver holds. What failed and is not scored is a ::notice.
func Annotations(w io.Writer, r *Report) error {
	if r.Target.Embedded {
		if _, err := fmt.Fprintf(w, "::notice title=conformance::%s\n", referenceJudged); err != nil {
			return fmt.Errorf("writing annotations: %w", err)
		}
	}
	for _, c := range Cards(r) {
		command, text := "error", summary(c.Result)
		if c.Warning || c.Waived() {
			command = "warning"
		}
		if how := standing(c.Result); how != "" {
			text = Printable(how) + ": " + text
		}
		if n := len(c.Consequences); n > 0 {
			text += " (" + plural(n, "other follows from it", "others follow from it") + ")"
		}
		title := Printable(c.ID) + " (" + Printable(string(c.Level)) + ")"
		if _, err := fmt.Fprintf(w, "::%s title=%s::%s\n", command, escapeProperty(title), escapeData(text)); err != nil {
			return fmt.Errorf("writing annotations: %w", err)
		}
	}
	for _, x := range unscored(r) {
		if !x.Outcome.Broke() {
			continue
		}
		if _, err := fmt.Fprintf(w, "::notice title=%s::%s\n", escapeProperty(Printable(x.ID)), escapeData(Printable(standing(x))+": "+summary(x))); err != nil {
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
