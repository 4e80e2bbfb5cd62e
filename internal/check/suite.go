// Package check turns requirements into Ginkgo specs: a check is an assertion over recorded exchanges, bound to one
// requirement of the catalogue. A suite is built from sections, a filter selects checks, and a verdict is written for each of
// them. The package sends nothing.
package check

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
)

// Check is one assertion, bound to one requirement and to the evidence of one probe.
type Check struct {
	Requirement spec.Requirement
	// Section is the title under which reports show it.
	Section string
	// Owner is the name of the own requirements of a team that it belongs to; "" for those of the suite.
	Owner string
	// Probe names the evidence: a probe, or probe.Everything.
	Probe string
	// Assert looks at the evidence and fails by Gomega.
	Assert func(*exchange.Evidence)
}

// Labels are the Ginkgo labels of the check: its level, its profile, its probe, and the first word of its id.
func (c Check) Labels() []string {
	labels := []string{string(c.Requirement.Level), string(c.Requirement.Profile), area(c.Requirement.ID), "probe:" + c.Probe}
	for _, need := range c.Requirement.Needs {
		labels = append(labels, "needs:"+string(need))
	}
	return labels
}

// Text is what a focus expression is matched against.
func (c Check) Text() string {
	return c.Section + " " + c.Requirement.ID + " " + c.Requirement.Statement
}

// Suite is the sections' probes and checks, ready to be selected from and run.
type Suite struct {
	// Contract serves matchers.
	Contract *spec.Contract

	catalogue *spec.Catalogue
	probes    []probe.Probe
	checks    []Check
	section   string
	probe     string
	errs      []error

	rests []rest

	owner string
	owned []*spec.Catalogue

	// depth is that of At, "" for standard. The rest is what Smoke and Deep entered.
	depth   Depth
	brief   []probe.Probe
	smoked  []string
	further func(Deepening) []probe.Probe
}

// Build lets every section enter its probes and checks, and makes sure that each check has one requirement, of the level
// that it says, and each requirement one check.
func Build(contract *spec.Contract, catalogue *spec.Catalogue, sections ...func(*Suite)) (*Suite, error) {
	s := &Suite{Contract: contract, catalogue: catalogue}
	for _, section := range sections {
		section(s)
	}
	return s, errors.Join(append(slices.Concat(s.errs, s.checkRests()), Verify(catalogue, s.checks))...)
}

// Verify makes sure that each requirement has one check.
func Verify(catalogue *spec.Catalogue, checks []Check) error {
	var errs []error
	checked := map[string]bool{}
	for _, c := range checks {
		if checked[c.Requirement.ID] {
			errs = append(errs, fmt.Errorf("requirement %s has two checks", c.Requirement.ID))
		}
		checked[c.Requirement.ID] = true
	}
	for _, r := range catalogue.All() {
		if !checked[r.ID] {
			errs = append(errs, fmt.Errorf("requirement %s has no check", r.ID))
		}
	}
	return errors.Join(errs...)
}

// Section enters the checks that body makes, under a title, bound to the evidence of a probe.
func (s *Suite) Section(title string, p probe.Probe, body func()) {
	known := false
	for _, other := range s.probes {
		known = known || other.Name == p.Name
	}
	if s.owner != "" && p.Name != probe.Everything {
		if p.Apart = true; !strings.HasPrefix(p.Name, s.owner+".") {
			s.errs = append(s.errs, fmt.Errorf("the name of the scenario %s does not begin with %s and a period", p.Name, s.owner))
		}
	}
	if !known && p.Name != probe.Everything {
		s.probes = append(s.probes, p)
	}
	s.section, s.probe = title, p.Name
	body()
}

// Must enters the check of a MUST.
func (s *Suite) Must(id string, assert func(*exchange.Evidence)) { s.enter(spec.Must, id, assert) }

// Should enters the check of a SHOULD.
func (s *Suite) Should(id string, assert func(*exchange.Evidence)) { s.enter(spec.Should, id, assert) }

func (s *Suite) enter(level spec.Level, id string, assert func(*exchange.Evidence)) {
	requirement, ok := s.catalogue.Find(id)
	switch {
	case !ok:
		s.errs = append(s.errs, fmt.Errorf("check %s has no requirement", id))
		return
	case requirement.Level != level:
		s.errs = append(s.errs, fmt.Errorf("check %s says %s, the catalogue %s", id, level, requirement.Level))
	}
	s.checks = append(s.checks, Check{Requirement: requirement, Section: s.section, Owner: s.owner, Probe: s.probe, Assert: assert})
}

// Checks lists the checks in the order of the sections.
func (s *Suite) Checks() []Check { return s.checks }

// Catalogue is the catalogue that the checks were built from.
func (s *Suite) Catalogue() *spec.Catalogue { return s.catalogue }

// Probes lists all probes, in the order of the sections.
func (s *Suite) Probes() []probe.Probe { return s.probes }

func area(id string) string {
	for i := range id {
		if id[i] == '.' {
			return id[:i]
		}
	}
	return id
}

// Among is a suite of other conversations, which are judged by the checks that look at everything and that keep accepts.
func (s *Suite) Among(probes []probe.Probe, keep func(Check) bool) *Suite {
	other := &Suite{Contract: s.Contract, catalogue: s.catalogue, probes: probes}
	for _, c := range s.checks {
		if c.Probe == probe.Everything && keep(c) {
			other.checks = append(other.checks, c)
		}
	}
	return other
}
