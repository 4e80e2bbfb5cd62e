package fleet

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/sa-conformance/conformance/internal/report"
)

// Table prints a line for each target.
func (f *Fleet) Table(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "TARGET\tVERDICT\tGATE\tPASSED\tFAILED\tUNJUDGED\tACCOUNTS LEFT\tTIME\tEXIT")
	for _, e := range f.Targets {
		verdict, gate := string(e.Verdict), string(e.Gate)
		if verdict == "" {
			verdict, gate = "none", "–"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%.1f s\t%d\n", report.Printable(e.Name), report.Printable(verdict), report.Printable(gate),
			e.Counts.Passed, e.Counts.Failed, e.Unjudged(), e.Accounts.Left, e.Seconds, e.ExitCode)
	}
	for _, name := range f.Missing {
		_, _ = fmt.Fprintf(table, "%s\tmissing\t–\t\t\t\t\t\t%d\n", report.Printable(name), exitUntold)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	for _, e := range f.Targets {
		if e.ExitCode != 0 {
			if _, err := fmt.Fprintf(w, "%s: %s\n", report.Printable(e.Name), report.Shorten(report.Printable(e.Text), report.LineLength)); err != nil {
				return fmt.Errorf("writing the table: %w", err)
			}
		}
	}
	return nil
}

// Unjudged counts the requirements without a verdict.
func (e Entry) Unjudged() int { return e.Counts.Unstable + e.Counts.Inconclusive + e.Counts.NotTested }
