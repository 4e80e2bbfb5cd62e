// Package edit changes a file of waivers as a text, so that comments and order stay, and shows what is different. It writes no
// file.
package edit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/sa-conformance/conformance/internal/config"
	"github.com/sa-conformance/conformance/internal/report"
)

// Waiver is an entry as a form gives it.
type Waiver struct {
	Requirement, Message, Reason, Owner, Ticket, Expires string
	Intermittent, WithFollowers                          bool
}

// longest bounds each text of an entry, in bytes.
const longest = 2000

// Check says what is missing of an entry, in one sentence for each thing.
func (w Waiver) Check(today time.Time) (wrong []string) {
	for _, m := range []struct{ name, value string }{{"a requirement", w.Requirement}, {"a reason", w.Reason}, {"an owner", w.Owner}, {"a last day", w.Expires}} {
		if strings.TrimSpace(m.value) == "" {
			wrong = append(wrong, "Give "+m.name+".")
		}
	}
	for _, text := range []string{w.Requirement, w.Message, w.Reason, w.Owner, w.Ticket} {
		if len(text) > longest {
			wrong = append(wrong, fmt.Sprintf("Shorten what is longer than %d bytes.", longest))
			break
		}
	}
	if w.Expires == "" {
		return wrong
	}
	day, err := time.Parse(time.DateOnly, w.Expires)
	switch {
	case err != nil:
		wrong = append(wrong, "Write the last day as 2027-01-31.")
	case day.Before(today.UTC().Truncate(24 * time.Hour)):
		wrong = append(wrong, "Choose a last day that is not over.")
	}
	return wrong
}

// text is the entry as waivers.yaml has it.
func (w Waiver) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- requirement: %s\n", quoted(w.Requirement))
	for _, m := range []struct{ name, value string }{
		{"message", w.Message}, {"reason", w.Reason}, {"owner", w.Owner}, {"ticket", w.Ticket}, {"expires", w.Expires},
	} {
		if value := strings.TrimSpace(m.value); value != "" {
			fmt.Fprintf(&b, "  %s: %s\n", m.name, quoted(value))
		}
	}
	if w.Intermittent {
		b.WriteString("  intermittent: true\n")
	}
	if w.WithFollowers {
		b.WriteString("  with-followers: true\n")
	}
	return b.String()
}

// plain is what needs no quotes in YAML: ids, and days.
var plain = regexp.MustCompile(`^([a-z][a-z0-9-]*(\.[a-z0-9-]+)+|[0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// quoted is a text as a scalar of YAML: a word as it stands, or a double-quoted scalar, which JSON's strings are.
func quoted(text string) string {
	if plain.MatchString(text) {
		return text
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(report.Printable(text)) != nil {
		return `""`
	}
	return strings.TrimSpace(string(report.EscapeInvisible(b.String())))
}

// ErrNoEntry says that the entry to replace is not in the file.
var ErrNoEntry = errors.New("there is no such entry in the file any more; reload the page")

// Put returns the file with an entry in the place of that of a line, or at the end for line 0. What comes out is a file of
// waivers, or there is an error that says why not.
func Put(file []byte, line int, w Waiver) ([]byte, error) {
	text := w.text()
	if line == 0 {
		before := string(file)
		if trimmed := strings.TrimSpace(before); trimmed == "[]" || trimmed == "" {
			before = ""
		} else if !strings.HasSuffix(before, "\n") {
			before += "\n"
		}
		return checked(before + text)
	}
	return replace(file, line, text)
}

// Remove returns the file without the entry of a line.
func Remove(file []byte, line int) ([]byte, error) { return replace(file, line, "") }

func replace(file []byte, line int, text string) ([]byte, error) {
	entries, err := config.ParseWaivers(file)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(file), "\n")
	for i, e := range entries {
		if e.Line != line {
			continue
		}
		end := len(lines)
		if i+1 < len(entries) {
			end = entries[i+1].Line - 1
		}
		for end > line && kept(lines[end-1]) { // comments above the next entry belong to it
			end--
		}
		if !strings.HasPrefix(lines[line-1], "-") {
			return nil, fmt.Errorf("line %d does not begin with a hyphen; change this entry in an editor", line)
		}
		return checked(strings.Join(lines[:line-1], "") + text + strings.Join(lines[end:], ""))
	}
	return nil, ErrNoEntry
}

// kept reports whether a line is empty or a comment that begins at the margin.
func kept(line string) bool { return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") }

func checked(text string) ([]byte, error) {
	if _, err := config.ParseWaivers([]byte(text)); err != nil {
		return nil, fmt.Errorf("the file would not be one of waivers: %w", err)
	}
	return []byte(text), nil
}

// Digest names the text of a file.
func Digest(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

// Line is a line of a difference: Mark is "+", "-" or " ".
type Line struct{ Mark, Text string }

// Diff shows what is different between two texts, with some lines around it; none if they are alike.
func Diff(before, after []byte) (lines []Line) {
	text := string(diff.Diff("a", before, "b", after))
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if i < 3 || line == "" { // the names of the files
			continue
		}
		mark := line[:1]
		if mark == "@" || mark == `\` {
			mark = " "
			line = " …"
		}
		lines = append(lines, Line{mark, report.Printable(line[1:])})
	}
	return lines
}
