package report

import (
	"fmt"
	"io"
	"strings"
)

// TextOptions says how a report is shown as text.
type TextOptions struct {
	// Color marks outcomes with colours.
	Color bool
	// Verbose leaves nothing out; Quiet leaves out all but the failures, one line each, and the verdict.
	Verbose, Quiet bool
	// Width is the number of columns of the page; 0 means 100. Bodies and curl lines may be wider.
	Width int
}

const (
	defaultWidth = 100
	leastWidth   = 40
)

// Text writes a report for people: the failures, what could not be judged, the table, and the verdict at the end.
func Text(w io.Writer, r *Report, o TextOptions) error {
	width := o.Width
	if width == 0 {
		width = defaultWidth
	}
	p := &printer{width: max(width, leastWidth), color: o.Color}
	if r.Target.Embedded {
		p.line("%s", referenceJudged)
		p.blank()
	}
	if o.Quiet {
		brief(p, r)
	} else {
		full(p, r, o.Verbose)
	}
	verdictLine(p, r)
	if _, err := io.WriteString(w, p.String()); err != nil {
		return fmt.Errorf("writing the report as text: %w", err)
	}
	return nil
}

func full(p *printer, r *Report, verbose bool) {
	cards := Cards(r)
	for _, c := range cards {
		failureCard(p, c, verbose)
		p.blank()
	}
	unjudged(p, r, verbose)
	notScored(p, r, verbose)
	readings(p, r, verbose)
	if verbose {
		observations(p, r)
	}
	if a := r.Accounts; r.Stopped == "" || a.Created+a.Left > 0 || a.Sweep != "" {
		accountsLine(p, a)
	}
	for _, warning := range r.Warnings {
		p.wrapped("Warning: ", warning)
	}
	p.blank()
	target := Printable(r.Target.URL)
	if r.Target.Embedded {
		target = "the reference inside the process"
	}
	p.line("Target:  %s, organization %s", target, Printable(r.Target.Organization))
	if r.Target.Insecure {
		p.line("         its certificate was not verified")
	}
	if r.Target.TokenKind != "" {
		p.line("Tokens:  %s", Printable(r.Target.TokenKind))
	}
	p.line("Proof:   %s", score(r.Suite.Proof))
	if r.Set.Name != "" {
		p.line("Set:     %s", Printable(r.Set.Name))
	}
	p.line("Suite:   %s, contract %s, %s, %.1f s", Printable(r.Suite.Version), Printable(r.Suite.ContractVersion),
		plural(r.Suite.Requirements, "requirement", "requirements"), r.DurationSeconds)
	p.blank()
	table(p, r) // last, so that the last screen holds it and the verdict
}

// accountsLine adds what became of the service accounts of the run.
func accountsLine(p *printer, a Accounts) {
	p.line("Service accounts: created %d, deleted %d, left %d%s", a.Created, a.Deleted, a.Left, Printable(a.confirmed()))
	for _, account := range a.Remaining {
		p.wrapped("    left: ", account)
	}
	if a.Sweep != "" {
		p.line("    remove what is left: %s", Printable(a.Sweep))
	}
}

// confirmed says in brackets whether the counts are confirmed, with a space before.
func (a Accounts) confirmed() string {
	switch {
	case a.Verified:
		return " (verified by list)"
	case a.Unverified != "":
		return " (not verified: " + a.Unverified + ")"
	case a.Left == 0:
		return " (not verified: the list could not be read)"
	}
	return ""
}

// brief adds one line for each failure, consequences included.
func brief(p *printer, r *Report) {
	for _, result := range counted(r) {
		if result.Outcome.Broke() {
			mark := outcomeMark(p, result, isWarning(result, r.Configuration.Strict))
			p.line("%s  %s  %s%s", mark, Printable(result.ID), summary(result), behind(standing(result)))
		}
	}
}

// outcomeMark is the word that a failure is marked with.
func outcomeMark(p *printer, r Result, warning bool) string {
	switch {
	case r.Waived():
		return p.paint(yellow, "WAIVED")
	case warning:
		return p.paint(yellow, "WARN")
	case r.Outcome == Unstable:
		return p.paint(yellow, "UNSTABLE")
	}
	return p.paint(red, "FAIL")
}

// verdictLine adds the verdict, and what it rests on.
func verdictLine(p *printer, r *Report) {
	c := Count(ours(r))
	failed, warnings := failedAndWarnings(c, r.Configuration.Strict)
	counts := []string{fmt.Sprintf("%d passed", c.Passed), fmt.Sprintf("%d failed", failed)}
	if warnings > 0 {
		counts = append(counts, plural(warnings, "warning", "warnings"))
	}
	if c.Unstable > 0 {
		counts = append(counts, fmt.Sprintf("%d unstable", c.Unstable))
	}
	counts = append(counts, fmt.Sprintf("%d inconclusive", c.Inconclusive), fmt.Sprintf("%d not tested", c.NotTested))
	if !r.Complete {
		counts = append(counts, "the run ended early")
	}
	p.line("Verdict: %s (%s)", p.paint(verdictStyle(r.Verdict), Printable(string(r.Verdict))), strings.Join(counts, ", "))
	if line := r.Gate.Line(); line != "" {
		p.wrapped("Gate:    ", line)
	}
	for _, warning := range r.Gate.Warnings {
		p.wrapped("Warning: ", warning)
	}
}

// behind puts a remark, if there is one, behind a line.
func behind(remark string) string {
	if remark == "" {
		return ""
	}
	return "  " + Printable(remark)
}

func verdictStyle(v Verdict) style {
	switch v {
	case Conformant:
		return green
	case NonConformant:
		return red
	default:
		return yellow
	}
}

// failedAndWarnings parts the failures that count from those that do not.
func failedAndWarnings(c Counts, strict bool) (failed, warnings int) {
	if strict {
		return c.Failed, 0
	}
	return c.Failed - c.Warnings, c.Warnings
}

// score says how the judge was tried.
func score(p Proof) string {
	text := fmt.Sprintf("%d of %d defects killed, %d of %d legal variants spared", p.Killed, p.Defects, p.Spared, p.Variants)
	if p.Version != "" {
		text += fmt.Sprintf("; by suite %s on %s", Printable(p.Version), Printable(p.Date))
	}
	switch {
	case p.Current:
		return text + ", of this catalogue"
	case p.Catalogue != "":
		return text + ", of another catalogue: " + Printable(p.Catalogue[:min(len("sha256:")+12, len(p.Catalogue))])
	default:
		return text + ", of another catalogue"
	}
}
