// Package waivers writes a waiver to fill in for each failure that fails the gate and has none. It decides nothing: the gate
// does.
package waivers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// passing is what is different in every run: ids, times, and the places of secrets. A waiver must not rest on it.
var passing = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}|[0-9]{6}|\[redacted`)

// messageLimit is the number of characters of a message that a waiver is printed with.
const messageLimit = 160

// Render writes a waiver for every failure that needs one, as Write does.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	_, err := Write(w, r, 0)
	return err
}

// Write writes a waiver for each failure that keeps the gate shut and has none, not even an expired one, as waivers.yaml has them, with reason, owner
// and expiry left to fill in: at most limit of them, 0 for all. It returns how many it left out.
func Write(w io.Writer, r *report.Report, limit int) (left int, err error) {
	var b bytes.Buffer
	if judged := report.Judged(r); judged != "" {
		b.WriteString("# " + judged + "\n")
	}
	written := 0
	for _, x := range unwaived(r) {
		if limit > 0 && written == limit {
			left++
			continue
		}
		written++
		fmt.Fprintf(&b, "- requirement: %s\n", quoted(x.ID))
		switch message := messageOf(x); {
		case message == "":
		case passing.MatchString(message) || r.RunID != "" && strings.Contains(message, r.RunID):
			fmt.Fprintf(&b, "  # %s\n", message)
		default:
			fmt.Fprintf(&b, "  message: %s\n", quoted(message))
		}
		if x.ConsequenceOf != "" {
			fmt.Fprintf(&b, "  # follows from %s\n", report.Printable(x.ConsequenceOf))
		}
		b.WriteString("  reason:\n  owner:\n  ticket:\n  expires: # the last day, such as 2027-01-31\n")
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return left, fmt.Errorf("writing waivers: %w", err)
	}
	return left, nil
}

// unwaived returns what stops the release without ever having had a waiver, causes before what follows from them.
func unwaived(r *report.Report) (all []report.Result) {
	stops := func(x report.Result) bool {
		return x.Waiver == nil && (x.Outcome == report.Fail && !report.IsWarning(x, r.Configuration.Strict) || x.Outcome == report.Unstable && !report.IsWarning(x, false))
	}
	for _, c := range report.Cards(r) {
		if stops(c.Result) {
			all = append(all, c.Result)
		}
		for _, x := range c.Consequences {
			if stops(x) {
				all = append(all, x)
			}
		}
	}
	return all
}

// messageOf is the beginning of what a failure says, on one line.
func messageOf(r report.Result) string {
	runes := []rune(report.Found(r))
	return strings.TrimSpace(string(runes[:min(len(runes), messageLimit)]))
}

// quoted is a text as YAML: a word as it stands, or a double-quoted scalar, which JSON's strings are.
func quoted(s string) string {
	if idWord.MatchString(s) {
		return s
	}
	text, err := json.Marshal(report.Printable(s))
	if err != nil {
		return `""`
	}
	return string(report.EscapeInvisible(string(text)))
}

// idWord is what ids look like.
var idWord = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$`)
