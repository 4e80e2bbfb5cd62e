package report

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Markdown writes a report as GitHub-flavoured Markdown, as a job's summary shows it. What a target sent stands in code
// spans and fences alone, so that none of it becomes a link, a mention or HTML.
func Markdown(w io.Writer, r *Report) error { return MarkdownWithin(w, r, 0) }

// MarkdownWithin is Markdown in at most limit bytes; failures that find no place are counted. 0 is no limit.
func MarkdownWithin(w io.Writer, r *Report, limit int) error {
	head, tail := markdownHead(r), markdownTail(r)
	cards := Cards(r)
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
			fmt.Fprintf(&b, "\n… and %s, which do not fit here; report.md holds them.\n", plural(len(cards)-i, "more failure", "more failures"))
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

func markdownHead(r *Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Conformance: %s", CodeSpan(string(r.Verdict)))
	if r.Target.Embedded {
		b.WriteString(". " + referenceJudged)
	}
	b.WriteString("\n\n")
	target := CodeSpan(r.Target.URL)
	if r.Target.Embedded {
		target = "the reference inside the process"
	}
	fmt.Fprintf(&b, "Create service account at %s, organization %s", target, CodeSpan(r.Target.Organization))
	if r.Target.TokenKind != "" {
		fmt.Fprintf(&b, ", tokens %s", CodeSpan(r.Target.TokenKind))
	}
	fmt.Fprintf(&b, ". Suite %s, contract %s, %s, %.1f s.\n", CodeSpan(r.Suite.Version), CodeSpan(r.Suite.ContractVersion),
		plural(r.Suite.Requirements, "requirement", "requirements"), r.DurationSeconds)
	if r.Set.Name != "" {
		fmt.Fprintf(&b, "\nRequirement set %s.\n", CodeSpan(r.Set.Name))
	}
	if line := r.Gate.Line(); line != "" {
		fmt.Fprintf(&b, "\nGate: %s\n", CodeSpan(line))
	}
	if !r.Complete {
		b.WriteString("\n**The run ended early.**\n")
	}
	if r.Stopped != "" {
		fmt.Fprintf(&b, "\n**Nothing was judged:** %s\n", CodeSpan(shorten(r.Stopped, lineLength)))
	}
	if r.Target.Insecure {
		b.WriteString("\nThe target's certificate was not verified.\n")
	}
	b.WriteString("\n| profile | verdict | passed | failed | warnings | unstable | inconclusive | not tested |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, p := range r.Profiles {
		failed, warnings := failedAndWarnings(p.Counts, r.Configuration.Strict)
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d | %d |\n", cell(CodeSpan(string(p.Name))), cell(CodeSpan(string(p.Verdict))),
			p.Passed, failed, warnings, p.Unstable, p.Inconclusive, p.NotTested)
	}
	return b.String()
}

// markdownCard is a failure that unfolds.
func markdownCard(c Card) string {
	var b strings.Builder
	word := "FAIL"
	switch {
	case c.Waived():
		word = "WAIVED"
	case c.Warning:
		word = "WARN"
	case c.Outcome == Unstable:
		word = "UNSTABLE"
	}
	// Between the tags nothing is Markdown, and nothing in <code> is a link or a mention.
	fmt.Fprintf(&b, "\n<details><summary><b>%s</b> <code>%s</code> <code>%s</code></summary>\n\n", word,
		html.EscapeString(Printable(c.ID)), html.EscapeString(shorten(summary(c.Result), 120)))
	fmt.Fprintf(&b, "%s\n\n%s, %s", words(c.Statement), words(string(c.Level)), CodeSpan(c.Citation))
	if c.Pointer != "" {
		fmt.Fprintf(&b, ", at %s", CodeSpan(c.Pointer))
	}
	b.WriteString("\n")
	if how := standing(c.Result); how != "" {
		fmt.Fprintf(&b, "\n%s\n", CodeSpan(shorten(how, lineLength)))
	}
	if diff := c.Diff(); len(diff) > 0 {
		var lines []string
		for _, line := range diff {
			lines = append(lines, string(line.Mark)+" "+shorten(Printable(line.Text), lineLength))
		}
		b.WriteString("\n" + fence("diff", lines))
	}
	if note := c.Note(); note != "" {
		b.WriteString("\n" + fence("", limited(printableLines(note))))
	}
	if n := len(c.SameCause); n > 0 {
		fmt.Fprintf(&b, "\nSame cause as %s: %s\n", plural(n, "other", "others"), codeSpans(c.SameCause))
	}
	if n := len(c.Consequences); n > 0 {
		var ids []string
		for _, x := range c.Consequences {
			ids = append(ids, x.ID)
		}
		fmt.Fprintf(&b, "\n%s: %s\n", plural(n, "other follows from it", "others follow from it"), codeSpans(ids))
	}
	if n := len(c.Exchanges); n > 0 {
		p := &printer{width: defaultWidth}
		conversation(p, c.Exchanges[n-1], false)
		lines := strings.Split(strings.TrimRight(p.String(), "\n"), "\n")
		for i := range lines {
			lines[i] = strings.TrimPrefix(lines[i], cardIndent)
		}
		curl := slices.IndexFunc(lines, func(s string) bool { return strings.HasPrefix(s, "$ ") })
		b.WriteString("\n" + fence("", lines[:curl]) + "\n" + fence("sh", printableLines(c.Curl)))
		if said := CurlVariables(c.Exchanges[n-1]); len(said) > 0 {
			b.WriteString("\n" + CodeSpan(strings.Join(said, "; ")) + "\n")
		}
	}
	if trace := c.Trace.String(); trace != "" {
		fmt.Fprintf(&b, "\nTrace: %s\n", CodeSpan(trace))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func markdownTail(r *Report) string {
	var b strings.Builder
	results := counted(r)
	for _, list := range []struct {
		outcome Outcome
		title   string
	}{{Inconclusive, "Inconclusive"}, {NotTested, "Not tested"}} {
		mine := slices.DeleteFunc(slices.Clone(results), func(x Result) bool { return x.Outcome != list.outcome || explained(x, results) })
		if len(mine) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s (%d)\n\n", list.title, len(mine))
		for _, g := range byReason(mine, r) {
			fmt.Fprintf(&b, "- %s: %s\n", CodeSpan(shorten(g.reason, lineLength)), codeSpans(g.ids))
		}
	}
	if beside := unscored(r); len(beside) > 0 {
		fmt.Fprintf(&b, "\n<details><summary>Not scored (%d), for they are not in the set</summary>\n\n| requirement | outcome | found |\n|---|---|---|\n", len(beside))
		for _, x := range beside {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(CodeSpan(x.ID)), cell(CodeSpan(x.Standing())), cell(CodeSpan(summary(x))))
		}
		b.WriteString("\n</details>\n")
	}
	contested := slices.DeleteFunc(slices.Clone(results), func(x Result) bool { return len(x.Contested) == 0 || x.Outcome != Pass && !x.Outcome.Broke() })
	if len(contested) > 0 {
		b.WriteString("\n<details><summary>Contested points, and the reading observed</summary>\n\n| point | observed |\n|---|---|\n")
		for _, x := range contested {
			fmt.Fprintf(&b, "| %s | %s |\n", cell(CodeSpan(x.ID)), cell(CodeSpan(shorten(x.Message, lineLength))))
		}
		b.WriteString("\n</details>\n")
	}
	a := r.Accounts
	fmt.Fprintf(&b, "\nService accounts: created %d, deleted %d, left %d.\n", a.Created, a.Deleted, a.Left)
	if a.Unverified != "" {
		fmt.Fprintf(&b, "Not verified: %s\n", CodeSpan(shorten(a.Unverified, lineLength)))
	}
	for _, account := range a.Remaining {
		fmt.Fprintf(&b, "- left: %s\n", CodeSpan(shorten(account, lineLength)))
	}
	for _, warning := range slices.Concat(r.Warnings, r.Gate.Warnings) {
		fmt.Fprintf(&b, "\nWarning: %s\n", CodeSpan(shorten(warning, lineLength)))
	}
	fmt.Fprintf(&b, "\nProof of the suite: %s\n", CodeSpan(score(r.Suite.Proof)))
	return b.String()
}

// CodeSpan is a code span of any text, on one line; "" is a dash.
func CodeSpan(s string) string {
	if s = Printable(s); strings.TrimSpace(s) == "" {
		return "–"
	}
	ticks := strings.Repeat("`", longestTicks(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

func codeSpans(ids []string) string {
	var all []string
	for i, id := range ids {
		if i == fewIDs {
			return strings.Join(all, ", ") + fmt.Sprintf(" and %d more", len(ids)-i)
		}
		all = append(all, CodeSpan(id))
	}
	return strings.Join(all, ", ")
}

// fence is a code block of printable lines.
func fence(language string, lines []string) string {
	text := strings.Join(lines, "\n")
	ticks := strings.Repeat("`", max(longestTicks(text)+1, 3))
	return ticks + language + "\n" + text + "\n" + ticks + "\n"
}

func longestTicks(s string) int {
	longest, run := 0, 0
	for _, c := range []byte(s) {
		if c != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// cell keeps a text within a cell of a table. In code spans too GitHub takes a bar for the end of a cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// harmless is text that Markdown shows as it stands wherever it stands.
var harmless = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ,;:()'?/-]*(?:\. ?[A-Za-z0-9 ,;:()'?/-]*)*$`)

// words is prose where it is harmless, and a code span where it may be something else than it seems.
func words(s string) string {
	if harmless.MatchString(s) && !strings.Contains(s, "://") && !strings.Contains(strings.ToLower(s), "www.") {
		return s
	}
	return CodeSpan(s)
}

// limited cuts a text to some lines of some length.
func limited(lines []string) []string {
	if len(lines) > bodyLines {
		lines = append(lines[:bodyLines:bodyLines], "…")
	}
	for i := range lines {
		lines[i] = shorten(lines[i], lineLength)
	}
	return lines
}
