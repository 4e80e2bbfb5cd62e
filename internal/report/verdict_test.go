package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/spec"
)

func TestConclude(t *testing.T) {
	must, should := spec.Must, spec.Should
	result := func(level spec.Level, outcome report.Outcome) report.Result {
		return report.Result{Level: level, Outcome: outcome, Profile: spec.Core}
	}
	pass := result(must, report.Pass)
	other := report.Result{Level: must, Outcome: report.Fail, Profile: spec.Token}
	cases := map[string]struct {
		results      []report.Result
		want, strict report.Verdict
	}{
		"nothing":                     {nil, report.Incomplete, report.Incomplete},
		"nothing of the profile":      {[]report.Result{other}, report.Incomplete, report.Incomplete},
		"a pass":                      {[]report.Result{pass, other}, report.Conformant, report.Conformant},
		"a failed MUST":               {[]report.Result{result(must, report.NotTested), result(must, report.Fail)}, report.NonConformant, report.NonConformant},
		"a failed SHOULD":             {[]report.Result{pass, result(should, report.Fail)}, report.Conformant, report.NonConformant},
		"an inconclusive MUST":        {[]report.Result{pass, result(must, report.Inconclusive)}, report.Incomplete, report.Incomplete},
		"a MUST that is not tested":   {[]report.Result{pass, result(must, report.NotTested)}, report.Incomplete, report.Incomplete},
		"a MUST without an outcome":   {[]report.Result{pass, result(must, "")}, report.Incomplete, report.Incomplete},
		"an inconclusive SHOULD":      {[]report.Result{pass, result(should, report.Inconclusive)}, report.Conformant, report.Conformant},
		"a SHOULD that is not tested": {[]report.Result{pass, result(should, report.NotTested)}, report.Conformant, report.Conformant},
		"nothing judged":              {[]report.Result{result(should, report.NotTested)}, report.Incomplete, report.Incomplete},
	}
	for name, c := range cases {
		for strict, want := range map[bool]report.Verdict{false: c.want, true: c.strict} {
			got, profiles := report.Conclude(c.results, []spec.Profile{spec.Core}, strict)
			if got != want || len(profiles) != 1 || profiles[0].Verdict != want {
				t.Errorf("%s, strict %v: %s and %v, want %s", name, strict, got, profiles, want)
			}
		}
	}
}

func TestConcludeCountsByProfile(t *testing.T) {
	overall, profiles := report.Conclude(sample.Report().Results, []spec.Profile{spec.Core, spec.Token, spec.Hardening}, false)
	want := []report.Profile{
		{Name: spec.Core, Verdict: report.NonConformant, Counts: report.Counts{Passed: 1, Failed: 3, Inconclusive: 1, NotTested: 1}},
		{Name: spec.Token, Verdict: report.Incomplete, Counts: report.Counts{Passed: 1, Failed: 1, Warnings: 1, Inconclusive: 1}},
		{Name: spec.Hardening, Verdict: report.Incomplete},
	}
	if diff := cmp.Diff(want, profiles); diff != "" || overall != report.NonConformant {
		t.Errorf("%s (-want +got):\n%s", overall, diff)
	}
}

func TestTrace(t *testing.T) {
	follows := map[string][]string{
		"b.one": {"a.*"}, "c.one": {"b.one", "["}, "d.one": {"d.*"}, "e.one": {"f.one"}, "f.one": {"e.one"}, "g.one": {"f.one"},
		"h.one": {"c.one", "a.two"}, "p.one": {"a.one"},
	}
	cases := map[string]struct {
		outcomes string // id=outcome's first letter, in catalogue order; F: of a SHOULD
		want     map[string]string
	}{
		"no failure":             {"a.one=p b.one=i c.one=i", nil},
		"direct":                 {"a.one=f b.one=f p.one=p", map[string]string{"b.one": "a.one"}},
		"first in catalogue":     {"a.two=f a.one=f b.one=i", map[string]string{"b.one": "a.two"}},
		"transitive":             {"c.one=f b.one=i a.one=f", map[string]string{"c.one": "a.one", "b.one": "a.one"}},
		"not through a pass":     {"c.one=f b.one=p a.one=f", nil},
		"never itself":           {"d.one=f", nil},
		"cycle":                  {"e.one=f f.one=f g.one=i", map[string]string{"f.one": "e.one", "g.one": "e.one"}},
		"cycle with one failure": {"e.one=i f.one=f g.one=n", map[string]string{"e.one": "f.one"}},
		"a MUST of no SHOULD":    {"a.one=F b.one=f p.one=F", map[string]string{"p.one": "a.one"}},
		"inconclusive":           {"a.one=F b.one=i", map[string]string{"b.one": "a.one"}},
		"two ways":               {"h.one=f c.one=f b.one=f a.two=f", map[string]string{"h.one": "a.two", "c.one": "a.two", "b.one": "a.two"}},
	}
	letters := map[byte]report.Outcome{'p': report.Pass, 'f': report.Fail, 'F': report.Fail, 'i': report.Inconclusive, 'n': report.NotTested}
	for name, c := range cases {
		var results []report.Result
		for _, word := range strings.Fields(c.outcomes) {
			level := spec.Must
			if word[6] == 'F' {
				level = spec.Should
			}
			results = append(results, report.Result{ID: word[:5], Level: level, Outcome: letters[word[6]], ConsequenceOf: "stale"})
		}
		got := map[string]string{}
		for _, r := range report.Trace(results, follows) {
			if r.ConsequenceOf != "" {
				got[r.ID] = r.ConsequenceOf
			}
		}
		if c.want == nil {
			c.want = map[string]string{}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if results[0].ConsequenceOf != "stale" {
			t.Errorf("%s: Trace changed its argument", name)
		}
	}
}
