// Package markdown writes a report as GitHub-flavoured Markdown, for the summary of a CI job. Text from the target stays inside of
// code spans, so that it is never Markdown.
package markdown

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
)

// Render writes a report as GitHub-flavoured Markdown, as a job's summary shows it. What a target sent stands in code
// spans and fences alone, so that none of it becomes a link, a mention or HTML. Failures that find no place within the
// limit are counted.
func Render(w io.Writer, r *report.Report, o report.Options) error {
	limit := o.Limit
	head, tail := markdownHead(r), markdownTail(r)
	cards := report.Cards(r)
	var b strings.Builder
	b.WriteString(head)
	if len(cards) > 0 {
		fmt.Fprintf(&b, "\n### Failures (%d)\n", len(cards))
	}
	const rest = 100 // bytes for the line that counts what finds no place
	if limit > 0 && len(tail) > limit/2 {
		tail = "\nWhat else there is to say does not fit here; report.json holds it.\n"
	}
	for i, c := range cards {
		text := markdownCard(c)
		if limit > 0 && b.Len()+len(text)+len(tail)+rest > limit {
			fmt.Fprintf(&b, "\n… and %s, which do not fit here; report.md holds them.\n", report.Plural(len(cards)-i, "more failure", "more failures"))
			break
		}
		b.WriteString(text)
	}
	b.WriteString(tail)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report as Markdown: %w", err)
	}
	return nil
}

func markdownHead(r *report.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Conformance: %s", report.CodeSpan(string(r.Verdict)))
	if judged := report.Judged(r); judged != "" {
		b.WriteString(". " + judged)
	}
	b.WriteString("\n\n")
	target := report.CodeSpan(r.Target.URL)
	if r.Target.Embedded {
		target = "the reference inside the process"
	}
	fmt.Fprintf(&b, "Create service account at %s, organization %s", target, report.CodeSpan(r.Target.Organization))
	if r.Target.TokenKind != "" {
		fmt.Fprintf(&b, ", tokens %s", report.CodeSpan(r.Target.TokenKind))
	}
	fmt.Fprintf(&b, ". Suite %s, contract %s, %s, %.1f s.\n", report.CodeSpan(r.Suite.Version), report.CodeSpan(r.Suite.ContractVersion),
		report.Plural(r.Suite.Requirements, "requirement", "requirements"), r.DurationSeconds)
	if r.Set.Name != "" {
		fmt.Fprintf(&b, "\nRequirement set %s.\n", report.CodeSpan(r.Set.Name))
	}
	if line := r.Gate.Line(); line != "" {
		fmt.Fprintf(&b, "\nGate: %s\n", report.CodeSpan(line))
	}
	if !r.Complete {
		b.WriteString("\n**The run ended early.**\n")
	}
	if r.Stopped != "" {
		fmt.Fprintf(&b, "\n**Nothing was judged:** %s\n", report.CodeSpan(report.Shorten(r.Stopped, report.LineLength)))
	}
	if r.Target.Insecure {
		b.WriteString("\nThe target's certificate was not verified.\n")
	}
	b.WriteString("\n| profile | verdict | passed | failed | warnings | unstable | inconclusive | not tested |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, p := range r.Profiles {
		failed, warnings := report.FailedAndWarnings(p.Counts, r.Configuration.Strict)
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d | %d |\n", cell(report.CodeSpan(string(p.Name))), cell(report.CodeSpan(string(p.Verdict))),
			p.Passed, failed, warnings, p.Unstable, p.Inconclusive, p.NotTested)
	}
	return b.String()
}

// markdownCard is a failure that unfolds.
func markdownCard(c report.Card) string {
	var b strings.Builder
	word := "FAIL"
	switch {
	case c.Waived():
		word = "WAIVED"
	case c.Warning:
		word = "WARN"
	case c.Outcome == report.Unstable:
		word = "UNSTABLE"
	}
	// Between the tags nothing is Markdown, and nothing in <code> is a link or a mention.
	fmt.Fprintf(&b, "\n<details><summary><b>%s</b> <code>%s</code> <code>%s</code></summary>\n\n", word,
		html.EscapeString(report.Printable(c.ID)), html.EscapeString(report.Shorten(report.Summary(c.Result), 120)))
	fmt.Fprintf(&b, "%s\n\n%s, %s", report.Prose(c.Statement), report.Prose(string(c.Level)), report.CodeSpan(c.Citation))
	if page := c.Page(); page != "" {
		fmt.Fprintf(&b, " ([about this requirement](%s))", page)
	}
	if c.Pointer != "" {
		fmt.Fprintf(&b, ", at %s", report.CodeSpan(c.Pointer))
	}
	b.WriteString("\n")
	if how := report.StandingNote(c.Result); how != "" {
		fmt.Fprintf(&b, "\n%s\n", report.CodeSpan(report.Shorten(how, report.LineLength)))
	}
	if diff := c.Diff(); len(diff) > 0 {
		var lines []string
		for _, line := range diff {
			lines = append(lines, string(line.Mark)+" "+report.Shorten(report.Printable(line.Text), report.LineLength))
		}
		b.WriteString("\n" + fence("diff", lines))
	}
	if note := c.Note(); note != "" {
		b.WriteString("\n" + fence("", limited(report.PrintableLines(note))))
	}
	if n := len(c.SameCause); n > 0 {
		fmt.Fprintf(&b, "\nSame cause as %s: %s\n", report.Plural(n, "other", "others"), codeSpans(c.SameCause))
	}
	if n := len(c.Consequences); n > 0 {
		var ids []string
		for _, x := range c.Consequences {
			ids = append(ids, x.ID)
		}
		fmt.Fprintf(&b, "\n%s: %s\n", report.Plural(n, "other follows from it", "others follow from it"), codeSpans(ids))
	}
	if n := len(c.Exchanges); n > 0 {
		p := &plain.Printer{Width: plain.DefaultWidth}
		plain.Conversation(p, c.Exchanges[n-1], false)
		lines := strings.Split(strings.TrimRight(p.String(), "\n"), "\n")
		for i := range lines {
			lines[i] = strings.TrimPrefix(lines[i], plain.CardIndent)
		}
		curl := slices.IndexFunc(lines, func(s string) bool { return strings.HasPrefix(s, "$ ") })
		b.WriteString("\n" + fence("", lines[:curl]) + "\n" + fence("sh", report.PrintableLines(c.Curl)))
		if said := report.CurlVariables(c.Exchanges[n-1]); len(said) > 0 {
			b.WriteString("\n" + report.CodeSpan(strings.Join(said, "; ")) + "\n")
		}
	}
	if trace := c.Trace.String(); trace != "" {
		fmt.Fprintf(&b, "\nTrace: %s\n", report.CodeSpan(trace))
	}
	if c.Rerun != "" {
		b.WriteString("\nTo run just this:\n\n" + fence("sh", []string{c.Rerun}))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func markdownTail(r *report.Report) string {
	var b strings.Builder
	results := report.CountedResults(r)
	for _, list := range []struct {
		outcome report.Outcome
		title   string
	}{{report.Inconclusive, "Inconclusive"}, {report.NotTested, "Not tested"}} {
		mine := slices.DeleteFunc(slices.Clone(results), func(x report.Result) bool { return x.Outcome != list.outcome || report.Explained(x, results) })
		if len(mine) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s (%d)\n\n", list.title, len(mine))
		for _, g := range report.ByReason(mine, r) {
			fmt.Fprintf(&b, "- %s: %s\n", report.CodeSpan(report.Shorten(g.Reason, report.LineLength)), codeSpans(g.Ids))
		}
	}
	if beside := report.NotScored(r); len(beside) > 0 {
		fmt.Fprintf(&b, "\n<details><summary>Not scored (%d), for they are not in the set</summary>\n\n| requirement | outcome | found |\n|---|---|---|\n", len(beside))
		for _, x := range beside {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(report.CodeSpan(x.ID)), cell(report.CodeSpan(x.Standing())), cell(report.CodeSpan(report.Summary(x))))
		}
		b.WriteString("\n</details>\n")
	}
	contested := slices.DeleteFunc(slices.Clone(results), func(x report.Result) bool {
		return len(x.Contested) == 0 || x.Outcome != report.Pass && !x.Outcome.Broke()
	})
	if len(contested) > 0 {
		b.WriteString("\n<details><summary>Contested points, and the reading observed</summary>\n\n| point | observed |\n|---|---|\n")
		for _, x := range contested {
			fmt.Fprintf(&b, "| %s | %s |\n", cell(report.CodeSpan(x.ID)), cell(report.CodeSpan(report.Shorten(x.Message, report.LineLength))))
		}
		b.WriteString("\n</details>\n")
	}
	a := r.Accounts
	fmt.Fprintf(&b, "\nService accounts: created %d, deleted %d, left %d.\n", a.Created, a.Deleted, a.Left)
	if a.Unverified != "" {
		fmt.Fprintf(&b, "Not verified: %s\n", report.CodeSpan(report.Shorten(a.Unverified, report.LineLength)))
	}
	for _, account := range a.Remaining {
		fmt.Fprintf(&b, "- left: %s\n", report.CodeSpan(report.Shorten(account, report.LineLength)))
	}
	for _, warning := range slices.Concat(r.Warnings, r.Gate.Warnings) {
		fmt.Fprintf(&b, "\nWarning: %s\n", report.CodeSpan(report.Shorten(warning, report.LineLength)))
	}
	fmt.Fprintf(&b, "\nProof of the suite: %s\n", report.CodeSpan(report.ProofLine(r.Suite.Proof)))
	return b.String()
}

func codeSpans(ids []string) string {
	var all []string
	for i, id := range ids {
		if i == report.FewIDs {
			return strings.Join(all, ", ") + fmt.Sprintf(" and %d more", len(ids)-i)
		}
		all = append(all, report.CodeSpan(id))
	}
	return strings.Join(all, ", ")
}

// fence is a code block of printable lines.
func fence(language string, lines []string) string {
	text := strings.Join(lines, "\n")
	ticks := strings.Repeat("`", max(report.LongestTicks(text)+1, 3))
	return ticks + language + "\n" + text + "\n" + ticks + "\n"
}

// cell keeps a text within a cell of a table. In code spans too GitHub takes a bar for the end of a cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// limited cuts a text to some lines of some length.
func limited(lines []string) []string {
	if len(lines) > report.BodyLines {
		lines = append(lines[:report.BodyLines:report.BodyLines], "…")
	}
	for i := range lines {
		lines[i] = report.Shorten(lines[i], report.LineLength)
	}
	return lines
}
