package check

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
)

// Whoever takes a newer Ginkgo decides here about its new flags: until then they are refused.
func TestEveryFlagIsDecided(t *testing.T) {
	noEffect := []string{"flake-attempts", "focus-file", "skip-file", "sem-ver-filter", "sleep-on-failure"}
	known := map[string]bool{}
	for _, f := range slices.Concat(types.SuiteConfigFlags, types.ParallelConfigFlags, types.ReporterConfigFlags) {
		name := f.Name
		if name == "" { // of long ago, without an effect
			if f.KeyPath[:2] != "D." || effects()[f.DeprecatedName] != refused {
				t.Errorf("%s is neither refused nor decided about", f.DeprecatedName)
			}
			continue
		}
		known[name] = true
		if got := effects()[name] == refused; got != slices.Contains(noEffect, name) {
			t.Errorf("--ginkgo.%s is refused: %t", name, got)
		}
		if f.DeprecatedName != "" && current(f.DeprecatedName) != name {
			t.Errorf("--ginkgo.%s is taken for %s", f.DeprecatedName, current(f.DeprecatedName))
		}
	}
	for name := range effects() {
		if !known[name] {
			t.Errorf("Ginkgo has no flag %s", name)
		}
	}
	flag.VisitAll(func(f *flag.Flag) {
		if name, ok := strings.CutPrefix(f.Name, prefix); ok && !known[current(name)] && effects()[current(name)] != refused {
			t.Errorf("--%s is honoured, and not in Ginkgo's table", f.Name)
		}
	})
}

// Without flags everything is chosen, and nothing is lost without Ginkgo.
func TestNoFlags(t *testing.T) {
	f, err := GinkgoFlags()
	if err != nil || len(f.Given) > 0 || f.Process != 1 || f.Processes != 1 || f.DryRun || f.Choose() {
		t.Errorf("%+v, %v", f, err)
	}
	for _, c := range goodSuite(t).Checks() {
		if !f.Chooses(c) || !(Flags{}).Chooses(c) {
			t.Errorf("%s is left out", c.Requirement.ID)
		}
	}
	f.Given = []string{"v", "junit-report", "focus"}
	if lost, reports := f.Without(); len(lost) != 1 || lost[0] != "--ginkgo.v" || len(reports) != 1 || reports[0] != "--ginkgo.junit-report" {
		t.Errorf("lost: %q, reports: %q", lost, reports)
	}
}

// Only the ginkgo command starts a test in the way that it does.
func TestWithheld(t *testing.T) {
	for _, args := range [][]string{
		{"x.test"},
		{"x.test", "-test.v"},
		{"x.test", "-test.v=true", "-test.paniconexit0", "-test.timeout=10m0s"},
		{"x.test", "--test.run=TestRun", "--test.v"},
		{"conformance", "run"},
	} {
		if withheld(args) {
			t.Errorf("%q is taken for the ginkgo command's", args)
		}
	}
}
