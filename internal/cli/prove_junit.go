package cli

import (
	"encoding/xml"
	"io"
	"strings"

	"github.com/sa-conformance/conformance/suites"
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

// proofJUnit renders each trial as a test case, and each requirement that nothing proves as one that fails.
func proofJUnit(w io.Writer, p *suites.Proof) error {
	var page junitSuites
	for _, trials := range [][]suites.Trial{p.Defects, p.Variants} {
		for _, t := range trials {
			if n := len(page.Suites); n == 0 || page.Suites[n-1].Name != t.Family {
				page.Suites = append(page.Suites, junitSuite{Name: t.Family})
			}
			s := &page.Suites[len(page.Suites)-1]
			c := junitCase{Name: t.Name, Class: "prove." + strings.ReplaceAll(t.Family, " ", "-"), Seconds: t.Seconds}
			s.Tests++
			if !t.Passed {
				s.Failures++
				c.Failure = &junitFailure{Message: killedOrSpared(t), Text: t.Description + "; failed: " + listed(t.Failed) + "; " + t.Message}
			}
			s.Cases = append(s.Cases, c)
		}
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
