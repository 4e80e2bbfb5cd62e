package compare

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// titles are the kinds in words.
var titles = map[Kind]string{
	NewlyFailing: "Newly failing", NewlyUntested: "Newly untested", NewlyScored: "Newly scored, and failing as before",
	ChangedEvidence: "Changed evidence", NewlyPassing: "Newly passing",
}

// Text writes a comparison for people: what got worse first.
func Text(w io.Writer, c *Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Old: %s\nNew: %s\n", c.Old.line(), c.New.line())
	for _, d := range c.Differences {
		fmt.Fprintf(&b, "     %s: %s\n", d.Kind, d.Detail)
	}
	if c.Note != "" {
		fmt.Fprintf(&b, "     %s\n", report.Printable(c.Note))
	}
	for _, kind := range Kinds() {
		mine := c.of(kind)
		if len(mine) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s (%d)\n", titles[kind], len(mine))
		for _, group := range alike(mine) {
			x := group[0]
			name := fmt.Sprintf("%s  %s", x.ID, x.Level)
			if len(group) > 1 {
				name = fmt.Sprintf("%d alike", len(group))
			}
			fmt.Fprintf(&b, "  %s  %s → %s%s\n      moved by %s\n", name, word(x.Old), word(x.New), x.mark(), x.cause())
			for _, found := range x.found() {
				fmt.Fprintf(&b, "      %s\n", found)
			}
			for i := 0; i < len(group) && len(group) > 1; i += idsOfLine {
				fmt.Fprintf(&b, "      %s\n", strings.Join(ids(group[i:min(i+idsOfLine, len(group))]), ", "))
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", c.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// Markdown writes a comparison as GitHub-flavoured Markdown. What a target sent stands in code spans alone.
func Markdown(w io.Writer, c *Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## Comparison\n\n- Old: %s\n- New: %s\n", report.CodeSpan(c.Old.line()), report.CodeSpan(c.New.line()))
	for _, d := range c.Differences {
		fmt.Fprintf(&b, "- %s: %s\n", d.Kind, report.CodeSpan(d.Detail))
	}
	if c.Note != "" {
		fmt.Fprintf(&b, "\n%s\n", report.CodeSpan(c.Note))
	}
	for _, kind := range Kinds() {
		mine := c.of(kind)
		if len(mine) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s (%d)\n\n| requirement | level | outcome | moved by | found |\n|---|---|---|---|---|\n", titles[kind], len(mine))
		for _, x := range mine {
			cells := []string{report.CodeSpan(x.ID), string(x.Level), word(x.Old) + " → " + word(x.New) + x.mark(), report.CodeSpan(x.cause()), report.CodeSpan(strings.Join(x.found(), "; "))}
			for i := range cells {
				cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
			}
			fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", c.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// idsOfLine is the number of ids on a line.
const idsOfLine = 4

// alike groups changes that are told in the same words, in the order of the first of each; what got worse stands alone.
func alike(changes []Change) (groups [][]Change) {
	at := map[string]int{}
	for _, x := range changes {
		key := fmt.Sprint(x.Old, x.New, x.mark(), x.cause(), x.found())
		i, ok := at[key]
		if !ok || x.Regression {
			i = len(groups)
			groups, at[key] = append(groups, nil), i
		}
		groups[i] = append(groups[i], x)
	}
	return groups
}

func ids(changes []Change) (all []string) {
	for _, x := range changes {
		all = append(all, x.ID)
	}
	return all
}

func (c *Comparison) of(kind Kind) []Change {
	return slices.DeleteFunc(slices.Clone(c.Changes), func(x Change) bool { return x.Kind != kind })
}

func (s Side) line() string {
	line := fmt.Sprintf("%s, run %s, %s, suite %s", s.Verdict, s.RunID, s.StartedAt.Format("2006-01-02 15:04 UTC"), s.Suite)
	if s.Set != "" {
		line += ", set " + s.Set
	}
	line += ", " + s.Target
	if s.Version != "" {
		line += " (" + s.Version + ")"
	}
	return line
}

// summary is the last line: what became of the verdict, and how much got worse.
func (c *Comparison) summary() string {
	text := "Verdict: " + string(c.New.Verdict) + ", as before"
	if c.Old.Verdict != c.New.Verdict {
		text = fmt.Sprintf("Verdict: %s → %s", c.Old.Verdict, c.New.Verdict)
	}
	if len(c.MovedBy) > 0 {
		var kinds []string
		for _, kind := range c.MovedBy {
			kinds = append(kinds, string(kind))
		}
		text += ", moved by " + strings.Join(kinds, ", ")
	}
	return fmt.Sprintf("%s; changes: %d, regressions: %d", text, len(c.Changes), len(c.Regressions()))
}

// mark says how a change counts.
func (x Change) mark() string {
	switch {
	case x.Regression:
		return " (regression)"
	case !x.Counts:
		return " (does not count)"
	}
	return ""
}

func (x Change) cause() string {
	var all []string
	for _, c := range x.Causes {
		text := string(c.Kind)
		if c.Detail != "" {
			text += " (" + c.Detail + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// found says what was found, as far as it is worth telling.
func (x Change) found() []string {
	var all []string
	if x.Old.Broke() && x.OldFound != "" && x.OldFound != x.NewFound {
		all = append(all, "old: "+report.Shorten(x.OldFound, longest))
	}
	if x.NewFound != "" && x.New != report.Pass {
		all = append(all, "new: "+report.Shorten(x.NewFound, longest))
	}
	if x.Kind == ChangedEvidence {
		all = append(all, x.Evidence...)
	}
	return all
}

// longest is the number of characters of what was found that is shown.
const longest = 200

// word is an outcome as reports show it.
func word(o report.Outcome) string { return report.Printable(strings.ReplaceAll(string(o), "-", " ")) }
