package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// junitTime is a time of the JUnit schema: UTC, without a zone.
const junitTime = "2006-01-02T15:04:05"

// document has no attributes: the schema of Ant allows none, and readers add up the testsuites.
type document struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []Suite  `xml:"testsuite"`
}

// Suite is a testsuite. It has the attributes and elements that the schemas of Jenkins and of Ant agree on, in the order that
// both want.
type Suite struct {
	ID         int        `xml:"id,attr"`
	Package    string     `xml:"package,attr"`
	Name       string     `xml:"name,attr"`
	Hostname   string     `xml:"hostname,attr"`
	Timestamp  string     `xml:"timestamp,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"`
	Properties Properties `xml:"properties"`
	Cases      []Case     `xml:"testcase"`
	Output     Text       `xml:"system-out"`
	Stderr     Text       `xml:"system-err"`
}

// Properties are those of a Suite.
type Properties struct {
	List []Property `xml:"property"`
}

// Property is a name and a value.
type Property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Case is a testcase: at most one of the three outcomes is set, and none if it passed.
type Case struct {
	Name      string `xml:"name,attr"`
	Classname string `xml:"classname,attr"`
	Time      string `xml:"time,attr"`
	Skipped   *Text  `xml:"skipped"`
	Error     *Note  `xml:"error"`
	Failure   *Note  `xml:"failure"`
}

// Note is an outcome with a line and a text.
type Note struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",cdata"`
}

// Text is an element that holds a text alone.
type Text struct {
	Text string `xml:",cdata"`
}

// NewSuite is an empty testsuite of a name.
func NewSuite(name string, started time.Time) Suite {
	return Suite{
		Package: "conformance", Name: name, Hostname: "localhost", Time: seconds(0),
		Timestamp: started.UTC().Truncate(time.Second).Format(junitTime),
	}
}

// Add adds a testcase that took some seconds, and counts it.
func (s *Suite) Add(c Case, took float64) {
	c.Time = seconds(took)
	s.Tests++
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

// Write writes testsuites as one document, with a comment in its first line.
func Write(w io.Writer, comment string, suites []Suite) error {
	head := xml.Header
	if comment != "" {
		head = strings.TrimSuffix(head, "\n") + "<!-- " + comment + " -->\n"
	}
	for i := range suites {
		suites[i].ID = i
	}
	text, err := xml.MarshalIndent(document{Suites: suites}, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding JUnit XML: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s%s\n", head, text); err != nil {
		return fmt.Errorf("writing JUnit XML: %w", err)
	}
	return nil
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", max(s, 0)) }
