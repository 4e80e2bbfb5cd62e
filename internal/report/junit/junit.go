// Package junit writes a report as JUnit XML, which CI servers read. It changes nothing in the report.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
)

// junitTime is a time of the JUnit schema: UTC, without a zone.
const junitTime = "2006-01-02T15:04:05"

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name      string     `xml:"name,attr"`
	Classname string     `xml:"classname,attr"`
	Time      string     `xml:"time,attr"`
	Skipped   *junitNote `xml:"skipped"`
	Error     *junitNote `xml:"error"`
	Failure   *junitNote `xml:"failure"`
	Output    *junitText `xml:"system-out"`
}

type junitNote struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

type junitText struct {
	Text string `xml:",cdata"`
}

// Render writes a report in the XML form that CI servers read: a testsuite for each section, a testcase for each
// requirement of the profiles that were asked for. A failure is a <failure>, an inconclusive result an <error>, one
// that was not tested <skipped>, and so are a failure that is waived and what is not scored, each with its outcome. A warning, which leaves the verdict alone, passes and says so in its <system-out>.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	results := slices.DeleteFunc(slices.Clone(r.Results), func(x report.Result) bool {
		x.Unscored = false
		return !r.Shows(x)
	})
	out, head := junitSuites{Name: "conformance", Time: seconds(r.DurationSeconds)}, xml.Header
	if r.Target.Embedded {
		out.Name += ". " + report.ReferenceJudged
		head = strings.TrimSuffix(head, "\n") + "<!-- " + report.ReferenceJudged + " -->\n"
	}
	for _, section := range junitSections(results) {
		mine := slices.DeleteFunc(slices.Clone(results), func(x report.Result) bool { return x.Section != section })
		s := newJUnitSuite(r, section, mine)
		out.Tests += s.Tests
		out.Failures += s.Failures
		out.Errors += s.Errors
		out.Suites = append(out.Suites, s)
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the report as JUnit XML: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s%s\n", head, text); err != nil {
		return fmt.Errorf("writing the report as JUnit XML: %w", err)
	}
	return nil
}

func junitSections(results []report.Result) []string {
	var names []string
	for _, x := range results {
		if !slices.Contains(names, x.Section) {
			names = append(names, x.Section)
		}
	}
	return names
}

func newJUnitSuite(r *report.Report, section string, results []report.Result) junitSuite {
	s := junitSuite{
		Name:      report.Printable(section),
		Tests:     len(results),
		Timestamp: r.StartedAt.UTC().Truncate(time.Second).Format(junitTime),
		Properties: []junitProperty{
			{"suite.version", report.Printable(r.Suite.Version)},
			{"suite.contract", report.Printable(r.Suite.ContractVersion)},
			{"target", report.Printable(r.Target.URL)},
			{"organization", report.Printable(r.Target.Organization)},
			{"run", report.Printable(r.RunID)},
			{"verdict", report.Printable(string(r.Verdict))},
			{"gate", report.Printable(string(r.Gate.Status))},
			{"set", report.Printable(r.Set.Name)},
		},
	}
	if s.Name == "" {
		s.Name = "not tested"
	}
	total := 0.0
	for _, result := range results {
		c := newJUnitCase(r, result, s.Name)
		total += result.DurationSeconds
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
		s.Cases = append(s.Cases, c)
	}
	s.Time = seconds(total)
	return s
}

func newJUnitCase(r *report.Report, result report.Result, section string) junitCase {
	c := junitCase{
		Name:      report.Printable(result.ID),
		Classname: report.Printable(string(result.Profile)) + "." + strings.ReplaceAll(section, ".", ""),
		Time:      seconds(result.DurationSeconds),
	}
	switch level := report.Printable(string(result.Level)); {
	case bool(result.Unscored), result.Waived():
		c.Skipped = &junitNote{Message: report.Printable(report.StandingNote(result)) + ": " + report.Summary(result)}
	case report.IsWarning(result, r.Configuration.Strict):
		c.Output = &junitText{Text: "warning: " + report.Summary(result) + "\n\n" + cardText(r, result)}
	case result.Outcome.Broke():
		c.Failure = &junitNote{Message: report.Summary(result), Type: level, Text: cardText(r, result)}
	case result.Outcome == report.Inconclusive:
		c.Error = &junitNote{Message: report.Summary(result), Type: "inconclusive", Text: cardText(r, result)}
	case result.Outcome == report.Pass && result.Message != "":
		c.Output = &junitText{Text: strings.Join(report.PrintableLines(result.Message), "\n")}
	case result.Outcome == report.Pass:
	default:
		c.Skipped = &junitNote{Message: report.Summary(result)}
	}
	return c
}

// cardText is the card of a result as plain text.
func cardText(r *report.Report, result report.Result) string {
	p := &plain.Printer{Width: plain.DefaultWidth}
	if result.ConsequenceOf != "" {
		p.Line("Follows from %s.", report.Printable(result.ConsequenceOf))
	}
	plain.Card(p, report.CardOf(r, result), false)
	return p.String()
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", max(s, 0)) }
