package outcome

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

func TestConclude(t *testing.T) {
	result := func(level spec.Level, profile spec.Profile, outcome report.Outcome) report.Result {
		return report.Result{Level: level, Profile: profile, Outcome: outcome}
	}
	answered := []report.Exchange{{Response: &report.Message{Status: 201}}}
	unanswered := func(failure string) []report.Exchange { return []report.Exchange{{Failure: failure}} }
	for name, test := range map[string]struct {
		verdict        report.Verdict
		results        []report.Result
		exchanges      []report.Exchange
		strict, accept bool
		want           string
	}{
		"conformant": {
			verdict: report.Conformant, want: "exit 0: conformant\n",
		},
		"warnings": {
			verdict: report.Conformant,
			results: []report.Result{result(spec.Should, spec.Core, report.Fail)},
			want:    "exit 0: conformant, with 1 warning\n",
		},
		"failures": {
			verdict: report.NonConformant,
			results: []report.Result{
				result(spec.Must, spec.Core, report.Fail), result(spec.Must, spec.Core, report.Fail),
				result(spec.Should, spec.Core, report.Fail),
				result(spec.Must, spec.Hardening, report.Fail), // of a profile that was not asked for
			},
			want: "exit 1: non-conformant: 2 MUST requirements failed\n",
		},
		"consequences": {
			verdict: report.NonConformant,
			results: []report.Result{
				result(spec.Must, spec.Core, report.Fail),
				{Level: spec.Must, Profile: spec.Core, Outcome: report.Fail, ConsequenceOf: "create.status.created"},
			},
			want: "exit 1: non-conformant: 2 MUST requirements failed (1 following from others)\n",
		},
		"strict": {
			verdict: report.NonConformant, strict: true,
			results: []report.Result{result(spec.Should, spec.Core, report.Fail)},
			want:    "exit 1: non-conformant: 0 MUST requirements failed, 1 SHOULD requirement failed (--strict)\n",
		},
		"accepting what is incomplete does not accept failures": {
			verdict: report.NonConformant, accept: true,
			results: []report.Result{result(spec.Must, spec.Core, report.Fail)},
			want:    "exit 1: non-conformant: 1 MUST requirement failed\n",
		},
		"incomplete": {
			verdict: report.Incomplete, exchanges: answered,
			results: []report.Result{
				result(spec.Must, spec.Core, report.Inconclusive), result(spec.Must, spec.Core, report.NotTested),
				result(spec.Should, spec.Core, report.NotTested),
			},
			want: "exit 3: could not tell: 1 MUST requirement inconclusive, 1 MUST requirement not tested\n",
		},
		"accepted": {
			verdict: report.Incomplete, accept: true,
			results: []report.Result{result(spec.Must, spec.Core, report.NotTested)},
			want:    "exit 0: incomplete, and accepted as such: 1 MUST requirement not tested\n",
		},
		"nothing was to be judged": {
			verdict: report.Incomplete,
			want:    "exit 3: could not tell: not every MUST requirement has a verdict\n",
		},
		"refused": {
			verdict: report.Incomplete, exchanges: unanswered("refused: the connection was refused"),
			want: "exit 3: could not tell: https://t did not answer: the connection was refused; " +
				"check --target, and that the target is running and open to this machine\n",
		},
		"unknown authority": {
			verdict: report.Incomplete, exchanges: unanswered("tls: signed by an authority that is not trusted here"),
			want: "exit 3: could not tell: https://t did not answer: signed by an authority that is not trusted here; " +
				"name its authority with --ca-file\n",
		},
		"wrong host": {
			verdict: report.Incomplete, exchanges: unanswered("tls: the certificate is for another host name"),
			want: "exit 3: could not tell: https://t did not answer: the certificate is for another host name; " +
				"check the URL and the certificate of the target\n",
		},
		"no verdict": {
			want: "exit 4: the suite itself failed: the report has no verdict (\"\")\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := &report.Report{
				Verdict: test.verdict, Results: test.results, Exchanges: test.exchanges,
				Profiles: []report.Profile{{Name: spec.Core}}, Target: report.Target{URL: "https://t"},
			}
			r.Gate.Status = report.GateFailed
			if test.verdict == report.Conformant || test.verdict == report.Incomplete && test.accept {
				r.Gate.Status = report.GatePassed
			}
			if got := Conclude(r, test.strict).Line(); got != test.want {
				t.Errorf("got  %swant %s", got, test.want)
			}
		})
	}
}
