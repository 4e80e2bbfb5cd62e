// Package text writes a report as plain text for a terminal. Nothing from the target reaches the
// terminal as a control character.
package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
)

// Render writes a report for people: the failures, what could not be judged, the table, and the verdict at the end.
func Render(w io.Writer, r *report.Report, o report.Options) error {
	width := o.Width
	if width == 0 {
		width = plain.DefaultWidth
	}
	p := &plain.Printer{Width: max(width, plain.LeastWidth), Color: o.Color}
	if judged := report.Judged(r); judged != "" {
		p.Wrapped("", judged)
		p.Blank()
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

func full(p *plain.Printer, r *report.Report, verbose bool) {
	cards := report.Cards(r)
	for _, c := range cards {
		failureCard(p, c, verbose)
		p.Blank()
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
		p.Wrapped("Warning: ", warning)
	}
	p.Blank()
	target := report.Printable(r.Target.URL)
	if r.Target.Embedded {
		target = "the reference inside the process"
	}
	p.Line("Target:  %s, organization %s", target, report.Printable(r.Target.Organization))
	if r.Target.Insecure {
		p.Line("         its certificate was not verified")
	}
	if r.Target.TokenKind != "" {
		p.Line("Tokens:  %s", report.Printable(r.Target.TokenKind))
	}
	p.Line("Proof:   %s", report.ProofLine(r.Suite.Proof))
	if r.Set.Name != "" {
		p.Line("Set:     %s", report.Printable(r.Set.Name))
	}
	p.Line("Suite:   %s, contract %s, %s, %.1f s", report.Printable(r.Suite.Version), report.Printable(r.Suite.ContractVersion),
		report.Plural(r.Suite.Requirements, "requirement", "requirements"), r.DurationSeconds)
	p.Blank()
	table(p, r) // last, so that the last screen holds it and the verdict
}

// accountsLine adds what became of the service accounts of the run.
func accountsLine(p *plain.Printer, a report.Accounts) {
	p.Line("Service accounts: created %d, deleted %d, left %d%s", a.Created, a.Deleted, a.Left, report.Printable(a.Confirmed()))
	for _, account := range a.Remaining {
		p.Wrapped("    left: ", account)
	}
	if a.Sweep != "" {
		p.Line("    remove what is left: %s", report.Printable(a.Sweep))
	}
}

// brief adds one line for each failure, consequences included, and what may be left of the accounts.
func brief(p *plain.Printer, r *report.Report) {
	for _, result := range report.CountedResults(r) {
		if result.Outcome.Broke() {
			mark := outcomeMark(p, result, report.IsWarning(result, r.Configuration.Strict))
			p.Line("%s  %s  %s%s", mark, report.Printable(result.ID), report.Summary(result), behind(report.StandingNote(result)))
		}
	}
	if a := r.Accounts; a.Left > 0 || !a.Verified && (a.Created > 0 || a.Sweep != "") {
		accountsLine(p, a)
	}
}

// outcomeMark is the word that a failure is marked with.
func outcomeMark(p *plain.Printer, r report.Result, warning bool) string {
	switch {
	case r.Waived():
		return p.Paint(plain.Yellow, "WAIVED")
	case warning:
		return p.Paint(plain.Yellow, "WARN")
	case r.Outcome == report.Unstable:
		return p.Paint(plain.Yellow, "UNSTABLE")
	}
	return p.Paint(plain.Red, "FAIL")
}

// verdictLine adds the verdict, and what it rests on.
func verdictLine(p *plain.Printer, r *report.Report) {
	c := report.Count(report.Ours(r))
	failed, warnings := report.FailedAndWarnings(c, r.Configuration.Strict)
	counts := []string{fmt.Sprintf("%d passed", c.Passed), fmt.Sprintf("%d failed", failed)}
	if warnings > 0 {
		counts = append(counts, report.Plural(warnings, "warning", "warnings"))
	}
	if c.Unstable > 0 {
		counts = append(counts, fmt.Sprintf("%d unstable", c.Unstable))
	}
	counts = append(counts, fmt.Sprintf("%d inconclusive", c.Inconclusive), fmt.Sprintf("%d not tested", c.NotTested))
	if !r.Complete {
		counts = append(counts, "the run ended early")
	}
	p.Line("Verdict: %s (%s)", p.Paint(verdictStyle(r.Verdict), report.Printable(string(r.Verdict))), strings.Join(counts, ", "))
	if line := r.Gate.Line(); line != "" {
		p.Wrapped("Gate:    ", line)
	}
	for _, warning := range r.Gate.Warnings {
		p.Wrapped("Warning: ", warning)
	}
}

// behind puts a remark, if there is one, behind a line.
func behind(remark string) string {
	if remark == "" {
		return ""
	}
	return "  " + report.Printable(remark)
}

func verdictStyle(v report.Verdict) plain.Style {
	switch v {
	case report.Conformant:
		return plain.Green
	case report.NonConformant:
		return plain.Red
	default:
		return plain.Yellow
	}
}

// failureCard adds a failure with all that explains it.
func failureCard(p *plain.Printer, c report.Card, verbose bool) {
	p.Line("%s  %s  %s", outcomeMark(p, c.Result, c.Warning), p.Paint(plain.Bold, report.Printable(c.ID)), report.Printable(string(c.Level)))
	plain.Card(p, c, verbose)
}
