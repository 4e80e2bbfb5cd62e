// Package junit writes a report as JUnit XML, which CI servers read. It changes nothing in the report.
package junit

import (
	"io"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
	"github.com/sa-conformance/conformance/spec"
)

// Render writes a report in the XML form that CI servers read: a testsuite for each section, a testcase for each
// requirement of the profiles that were asked for. A failure is a <failure>, an inconclusive result an <error>. What was not
// tested, what is not scored and a failure that is waived are <skipped>, with the reason as text. A warning, which leaves the
// verdict alone, passes; the <system-out> of its testsuite tells of it.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	results := report.Cases(r)
	comment := report.Judged(r)
	var suites []Suite
	for _, section := range sections(results) {
		mine := slices.DeleteFunc(slices.Clone(results), func(x report.Result) bool { return x.Section != section })
		suites = append(suites, suiteOf(r, section, mine))
	}
	return Write(w, comment, suites)
}

func sections(results []report.Result) []string {
	var names []string
	for _, x := range results {
		if !slices.Contains(names, x.Section) {
			names = append(names, x.Section)
		}
	}
	return names
}

func suiteOf(r *report.Report, section string, results []report.Result) Suite {
	name := report.Printable(section)
	if strings.TrimSpace(name) == "" {
		name = "not tested"
	}
	s := NewSuite(name, r.StartedAt)
	s.Properties.List = []Property{
		{"suite.version", report.Printable(r.Suite.Version)},
		{"suite.contract", report.Printable(r.Suite.ContractVersion)},
		{"target", report.Printable(r.Target.URL)},
		{"organization", report.Printable(r.Target.Organization)},
		{"run", report.Printable(r.RunID)},
		{"verdict", report.Printable(string(r.Verdict))},
		{"gate", report.Printable(string(r.Gate.Status))},
		{"set", report.Printable(r.Set.Name)},
		{"requirements", spec.Project + "/tree/main/" + spec.PagesDir},
	}
	if judged := report.Judged(r); judged != "" {
		s.Properties.List = append(s.Properties.List, Property{"judged", judged})
	}
	total := 0.0
	for _, result := range results {
		c, said := caseOf(r, result, s.Name)
		if said != "" {
			s.Output.Text += c.Name + ": " + said + "\n"
		}
		total += result.DurationSeconds
		s.Add(c, result.DurationSeconds)
	}
	s.Time = seconds(total)
	return s
}

// caseOf is a testcase, and what the output of its testsuite says of it.
func caseOf(r *report.Report, result report.Result, section string) (c Case, said string) {
	c = Case{
		Name:      report.Printable(result.ID),
		Classname: report.Printable(string(result.Profile)) + "." + strings.ReplaceAll(section, ".", ""),
	}
	switch level := report.Printable(string(result.Level)); {
	case bool(result.Unscored), result.Waived():
		c.Skipped = &Text{report.Printable(report.StandingNote(result)) + ": " + report.Summary(result)}
	case report.IsWarning(result, r.Configuration.Strict):
		said = "warning: " + report.Summary(result) + "\n\n" + plain.CardText(r, result)
	case result.Outcome.Broke():
		c.Failure = &Note{Message: report.Summary(result), Type: level, Text: plain.CardText(r, result)}
	case result.Outcome == report.Inconclusive:
		c.Error = &Note{Message: report.Summary(result), Type: "inconclusive", Text: plain.CardText(r, result)}
	case result.Outcome == report.Pass:
		said = strings.Join(report.PrintableLines(result.Message), "\n")
	default:
		c.Skipped = &Text{report.Summary(result)}
	}
	return c, said
}
