package cli

import (
	"encoding/xml"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/prove"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Seconds float64       `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// proofJUnit renders each trial as a test case and, of a whole proof, each requirement as one that fails where no defect
// proves it.
func proofJUnit(w io.Writer, p *prove.Proof, whole bool) error {
	var page junitSuites
	for _, trials := range families(p) {
		s := junitSuite{Name: trials[0].Family}
		for _, t := range trials {
			problem := ""
			if !t.Passed {
				problem = t.Description + "; failed: " + listed(t.Failed) + "; " + t.Message
			}
			s.add(t.Name, t.Seconds, killedOrSpared(t), problem)
		}
		page.Suites = append(page.Suites, s)
	}
	if whole {
		s := junitSuite{Name: "requirements"}
		for _, id := range slices.Sorted(maps.Keys(p.ProvedBy)) {
			s.add(id, 0, "", "")
		}
		for _, id := range p.Unproved {
			s.add(id, 0, "UNPROVED", "no defect made it fail")
		}
		for _, e := range p.UnprovedEdges {
			s.add(e.Requirement+" follows "+e.Follows, 0, "UNPROVED", "no defect shows it")
		}
		page.Suites = append(page.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(page); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add enters a test case, which failed where there is a problem.
func (s *junitSuite) add(name string, seconds float64, mark, problem string) {
	c := junitCase{Name: name, Class: "prove." + strings.ReplaceAll(s.Name, " ", "-"), Seconds: seconds}
	s.Tests++
	if problem != "" {
		s.Failures++
		c.Failure = &junitFailure{Message: mark, Text: problem}
	}
	s.Cases = append(s.Cases, c)
}
