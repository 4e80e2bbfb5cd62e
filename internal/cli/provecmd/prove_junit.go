package provecmd

import (
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/prove"
	"github.com/sa-conformance/conformance/internal/report/junit"
)

// proofJUnit renders each trial as a test case and, of a whole proof, each requirement as one that fails where no defect
// proves it.
func proofJUnit(w io.Writer, p *prove.Proof, whole bool, today time.Time) error {
	var page []junit.Suite
	for _, trials := range families(p) {
		s := junit.NewSuite(trials[0].Family, today)
		for _, t := range trials {
			problem := ""
			if !t.Passed {
				problem = t.Description + "; failed: " + listed(t.Failed) + "; " + t.Message
			}
			addTrial(&s, t.Name, t.Seconds, killedOrSpared(t), problem)
		}
		page = append(page, s)
	}
	if whole {
		s := junit.NewSuite("requirements", today)
		for _, id := range slices.Sorted(maps.Keys(p.ProvedBy)) {
			addTrial(&s, id, 0, "", "")
		}
		for _, id := range p.Unproved {
			addTrial(&s, id, 0, "UNPROVED", "no defect made it fail")
		}
		for _, e := range p.UnprovedEdges {
			addTrial(&s, e.Requirement+" follows "+e.Follows, 0, "UNPROVED", "no defect shows it")
		}
		page = append(page, s)
	}
	return junit.Write(w, "", page)
}

// addTrial enters a test case, which failed if there is a problem.
func addTrial(s *junit.Suite, name string, seconds float64, mark, problem string) {
	c := junit.Case{Name: name, Classname: "prove." + strings.ReplaceAll(s.Name, " ", "-")}
	if problem != "" {
		c.Failure = &junit.Note{Message: mark, Type: mark, Text: problem}
	}
	s.Add(c, seconds)
}
