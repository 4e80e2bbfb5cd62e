package suites

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func loaded(t *testing.T) *check.Suite {
	t.Helper()
	suite, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return suite
}

// Each requirement has exactly one check: without any one of them, or with any one twice, the suite is not built.
func TestNoCheckCanBeLeftOut(t *testing.T) {
	suite := loaded(t)
	checks, catalogue := suite.Checks(), suite.Catalogue()
	if len(checks) != len(catalogue.All()) || len(checks) < 170 {
		t.Errorf("%d checks of %d requirements", len(checks), len(catalogue.All()))
	}
	if err := check.Verify(catalogue, checks); err != nil {
		t.Error(err)
	}
	for i, c := range checks {
		without := slices.Delete(slices.Clone(checks), i, i+1)
		if err := check.Verify(catalogue, without); err == nil || err.Error() != "requirement "+c.Requirement.ID+" has no check" {
			t.Errorf("without %s: %v", c.Requirement.ID, err)
		}
		if err := check.Verify(catalogue, append(without, c, c)); err == nil || err.Error() != "requirement "+c.Requirement.ID+" has two checks" {
			t.Errorf("with %s twice: %v", c.Requirement.ID, err)
		}
	}
}

// Without any one section the suite is not built.
func TestNoSectionCanBeLeftOut(t *testing.T) {
	suite, all := loaded(t), sections()
	for i := range all[:len(all)-2] { // the last two enter the conversations of other depths, which TestSmoke and TestDeepProbes hold
		if _, err := check.Build(suite.Contract, suite.Catalogue(), slices.Delete(slices.Clone(all), i, i+1)...); err == nil {
			t.Errorf("the suite is built without section %d", i)
		}
	}
}

// Every probe feeds a check, and every check has its probe.
func TestProbesAndChecksFit(t *testing.T) {
	suite := loaded(t)
	probes := map[string]bool{}
	for _, p := range suite.Probes() {
		if probes[p.Name] || p.Name == "" || p.Run == nil {
			t.Errorf("the probe %q occurs twice or says nothing", p.Name)
		}
		probes[p.Name] = true
	}
	fed := map[string]bool{scenario.FinalStateProbe: true} // whoever looks at everything looks at its list
	for _, c := range suite.Checks() {
		fed[c.Probe] = true
		if c.Probe != probe.Everything && !probes[c.Probe] {
			t.Errorf("%s is judged by %s, which is never held", c.Requirement.ID, c.Probe)
		}
	}
	for name := range probes {
		if !fed[name] && !strings.HasPrefix(name, "state.") { // whoever looks at everything judges these
			t.Errorf("nothing is judged by %s", name)
		}
	}
}

// Filters select what they say.
func TestFilters(t *testing.T) {
	suite := loaded(t)
	everything := []spec.Need{spec.NeedGroup, spec.NeedOtherOrganization, spec.NeedExpiredToken, spec.NeedNotYetValidToken}
	for name, test := range map[string]struct {
		filter check.Filter
		keeps  func(check.Check) bool
	}{
		"all": {check.Filter{}, func(check.Check) bool { return true }},
		"two profiles": {check.Filter{Profiles: []spec.Profile{spec.Token, spec.Hardening}}, func(c check.Check) bool {
			return c.Requirement.Profile == spec.Token || c.Requirement.Profile == spec.Hardening
		}},
		"a level": {check.Filter{LabelFilter: "SHOULD"}, func(c check.Check) bool { return c.Requirement.Level == spec.Should }},
		"a level within": {
			check.Filter{LabelFilter: "MUST && !core", Profiles: []spec.Profile{spec.Core, spec.Token}},
			func(c check.Check) bool {
				return c.Requirement.Level == spec.Must && c.Requirement.Profile == spec.Token
			},
		},
		"a probe":   {check.Filter{LabelFilter: "probe:create.minimal"}, func(c check.Check) bool { return c.Probe == "create.minimal" }},
		"a need":    {check.Filter{LabelFilter: "needs:group"}, func(c check.Check) bool { return slices.Contains(c.Requirement.Needs, spec.NeedGroup) }},
		"a section": {check.Filter{Focus: "^Headers and caching "}, func(c check.Check) bool { return c.Section == "Headers and caching" }},
		"an id":     {check.Filter{Focus: ` create\.status\.created `}, func(c check.Check) bool { return c.Requirement.ID == "create.status.created" }},
	} {
		test.filter.Supplied = everything
		selection, err := suite.Select(test.filter)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var want, got []string
		for _, c := range suite.Checks() {
			if test.keeps(c) {
				want = append(want, c.Requirement.ID)
			}
		}
		for _, c := range selection.Chosen {
			got = append(got, c.Requirement.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 || len(got)+len(selection.Untested) != len(suite.Checks()) {
			t.Errorf("%s: %d left out; -want +got:\n%s", name, len(selection.Untested), diff)
		}
	}
}
