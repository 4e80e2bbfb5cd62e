package report_test

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
)

func TestRerun(t *testing.T) {
	result := report.Result{ID: "create.status.created"}
	target := report.Target{
		URL: "https://a.example/it's $HOME\n", Organization: "o", OtherOrganization: "p", Groups: []string{"g", "`id`"}, Insecure: true,
	}
	for name, test := range map[string]struct {
		report report.Report
		result report.Result
		want   string
	}{
		"the reference": {report.Report{Target: report.Target{Embedded: true, URL: "http://127.0.0.1:1"}}, result, "conformance run --reference --only create.status.created"},
		"a target": {
			report.Report{Target: target, Configuration: report.Configuration{Strict: true, RevocationWindowSeconds: 90, RPS: 2.5}},
			result,
			`conformance run --target 'https://a.example/it'\''s $HOME\n' --organization o --other-organization p --group g --group '` + "`id`" +
				`' --insecure --revocation-window 1m30s --rps 2.5 --strict --only create.status.created`,
		},
		"the usual window": {
			report.Report{Target: report.Target{URL: "https://a.example", Organization: "o"}, Configuration: report.Configuration{RevocationWindowSeconds: 5}},
			result,
			"conformance run --target https://a.example --organization o --only create.status.created",
		},
		"an own requirement": {report.Report{Target: target}, report.Result{ID: "ours.one", Owner: "ours"}, ""},
	} {
		if got := report.Rerun(&test.report, test.result); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
