package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

var today = time.Date(2027, 1, 31, 23, 59, 0, 0, time.UTC)

func must(id string, outcome report.Outcome) report.Result {
	return report.Result{ID: id, Level: spec.Must, Profile: spec.Core, Outcome: outcome, Message: "seen 200"}
}

func waiver(id, message, expires string) report.Waiver {
	return report.Waiver{Requirement: id, Message: message, Reason: "known", Owner: "platform", Expires: expires}
}

func TestDecide(t *testing.T) {
	follows := must("a.b.later", report.Inconclusive)
	follows.ConsequenceOf = "a.b.fails"
	should := must("a.b.should", report.Fail)
	should.Level = spec.Should
	fails, unstable, passes, untested := must("a.b.fails", report.Fail), must("a.b.unstable", report.Unstable), must("a.b.passes", report.Pass), must("a.b.untested", report.NotTested)
	beyond := must("a.b.beyond", report.Fail)
	beyond.Unscored = true
	valid, expired := waiver("a.b.fails", "", "2027-01-31"), waiver("a.b.fails", "", "2027-01-30")
	for name, test := range map[string]struct {
		results []report.Result
		policy  report.Policy
		strict  bool
		cut     bool
		want    report.Gate
	}{
		"conformant":           {results: []report.Result{passes}, want: report.Gate{Status: "passed"}},
		"a failure":            {results: []report.Result{fails, passes}, want: report.Gate{Status: "failed", Reasons: []string{"1 requirement failed"}, Failures: 1}},
		"waived, its last day": {results: []report.Result{fails, passes}, policy: report.Policy{Waivers: []report.Waiver{valid}}, want: report.Gate{Status: "passed", Reasons: []string{"1 failure waived"}, Waived: 1}},
		"expired": {
			results: []report.Result{fails, passes}, policy: report.Policy{Waivers: []report.Waiver{expired}},
			want: report.Gate{Status: "failed", Reasons: []string{"the waiver of platform for a.b.fails expired on 2027-01-30", "1 requirement failed"}, Failures: 1, Expired: 1},
		},
		"a valid one beats an expired one": {
			results: []report.Result{fails, passes}, policy: report.Policy{Waivers: []report.Waiver{valid, expired}},
			want: report.Gate{Status: "passed", Reasons: []string{"1 failure waived"}, Waived: 1},
		},
		"what follows from it is covered": {
			results: []report.Result{fails, follows}, policy: report.Policy{Waivers: []report.Waiver{valid}},
			want: report.Gate{Status: "passed", Reasons: []string{"1 failure waived"}, Waived: 1},
		},
		"stale": {
			results: []report.Result{passes}, policy: report.Policy{Waivers: []report.Waiver{waiver("a.b.passes", "", "2027-12-31")}},
			want: report.Gate{Status: "failed", Reasons: []string{"stale waiver: a.b.passes passed; take it out"}, Stale: 1},
		},
		"another message": {
			results: []report.Result{fails}, policy: report.Policy{Waivers: []report.Waiver{waiver("a.b.fails", "seen 500", "2027-12-31")}},
			want: report.Gate{Status: "failed", Reasons: []string{"stale waiver: a.b.fails failed with another message than the waiver's; take it out", "1 requirement failed"}, Failures: 1, Stale: 1},
		},
		"unknown": {
			results: []report.Result{passes}, policy: report.Policy{Waivers: []report.Waiver{waiver("a.b.gone", "", "2027-12-31")}},
			want: report.Gate{Status: "failed", Reasons: []string{"stale waiver: a.b.gone is not a requirement; take it out"}, Stale: 1},
		},
		"unobserved": {
			results: []report.Result{passes, untested}, policy: report.Policy{AcceptIncomplete: true, Waivers: []report.Waiver{waiver("a.b.untested", "", "2027-12-31")}},
			want: report.Gate{
				Status: "passed", Reasons: []string{"1 MUST requirement without a verdict, accepted as such"}, Unjudged: 1,
				Warnings: []string{"unobserved waiver: a.b.untested was not judged in this run (waived by platform until 2027-12-31)"},
			},
		},
		"unstable":           {results: []report.Result{unstable, passes}, want: report.Gate{Status: "failed", Reasons: []string{"1 MUST requirement without a verdict"}, Unjudged: 1}},
		"unstable, waived":   {results: []report.Result{unstable, passes}, policy: report.Policy{Waivers: []report.Waiver{waiver("a.b.unstable", "200", "2027-12-31")}}, want: report.Gate{Status: "passed", Reasons: []string{"1 failure waived"}, Waived: 1}},
		"a SHOULD":           {results: []report.Result{should, passes}, want: report.Gate{Status: "passed"}},
		"a SHOULD, strictly": {results: []report.Result{should, passes}, strict: true, want: report.Gate{Status: "failed", Reasons: []string{"1 requirement failed"}, Failures: 1}},
		"not scored":         {results: []report.Result{beyond, passes}, want: report.Gate{Status: "passed"}},
		"nothing judged":     {results: []report.Result{untested}, want: report.Gate{Status: "failed", Reasons: []string{"1 MUST requirement without a verdict", "nothing was judged"}, Unjudged: 1}},
		"interrupted":        {results: []report.Result{passes}, cut: true, want: report.Gate{Status: "failed", Reasons: []string{"the run ended early"}}},
		"no worse than before": {
			results: []report.Result{fails, passes}, policy: report.Policy{Baseline: "run 1"},
			want: report.Gate{Status: "passed", Reasons: []string{"nothing is worse than run 1"}, Baseline: "run 1"},
		},
		"worse than before": {
			results: []report.Result{fails, passes, untested}, policy: report.Policy{Baseline: "run 1", Regressions: []string{"a.b.fails"}},
			want: report.Gate{Status: "failed", Reasons: []string{"worse than run 1: a.b.fails"}, Failures: 1, Baseline: "run 1"},
		},
		"worse than before, and waived": {
			results: []report.Result{fails, passes}, policy: report.Policy{Baseline: "run 1", Regressions: []string{"a.b.fails"}, Waivers: []report.Waiver{valid}},
			want: report.Gate{Status: "passed", Reasons: []string{"1 failure waived", "worse than run 1: a.b.fails"}, Waived: 1, Baseline: "run 1"},
		},
		"nothing to be worse": {
			results: []report.Result{untested}, policy: report.Policy{Baseline: "run 1"},
			want: report.Gate{Status: "failed", Reasons: []string{"nothing is worse than run 1", "nothing was judged"}, Baseline: "run 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := &report.Report{Results: test.results, Complete: !test.cut, Configuration: report.Configuration{Strict: test.strict}}
			r.Verdict, r.Profiles = report.Conclude(r.Results, []spec.Profile{spec.Core}, test.strict)
			verdict := r.Verdict
			test.policy.Today = today
			report.Decide(r, test.policy)
			if diff := cmp.Diff(test.want, r.Gate, cmpopts.EquateEmpty()); diff != "" || r.Verdict != verdict {
				t.Errorf("verdict %s: %s", r.Verdict, diff)
			}
		})
	}
}

func TestGateIsDecidedAgain(t *testing.T) {
	r := &report.Report{Results: []report.Result{must("a.b.fails", report.Fail)}, Complete: true, Profiles: []report.Profile{{Name: spec.Core}}}
	report.Decide(r, report.Policy{Today: today, Waivers: []report.Waiver{waiver("a.b.fails", "", "2027-12-31")}})
	report.Decide(r, report.Policy{Today: today})
	if r.Results[0].Waiver != nil || r.Gate.Status != report.GateFailed {
		t.Errorf("%v, %v", r.Results[0].Waiver, r.Gate)
	}
}
