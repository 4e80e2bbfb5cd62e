package gitlab_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/gitlab"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

type issue struct {
	Description string `json:"description"`
	Check       string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string
		Lines struct{ Begin int }
	}
}

func issues(t *testing.T, r *report.Report, o report.Options) (all []issue) {
	t.Helper()
	text := sample.Render(t, r, func(b *bytes.Buffer) error { return gitlab.Render(b, r, o) })
	if err := json.Unmarshal(text, &all); err != nil || all == nil {
		t.Fatalf("%v: %s", err, text)
	}
	return all
}

// TestIssues wants what GitLab requires of every issue, and the severities that it knows.
func TestIssues(t *testing.T) {
	seen := map[string]string{}
	for _, x := range issues(t, sample.Report(), report.Options{}) {
		if x.Description == "" || x.Fingerprint == "" || x.Location.Path != ".gitlab-ci.yml" || x.Location.Lines.Begin != 1 {
			t.Errorf("%+v", x)
		}
		if seen[x.Check] != "" {
			t.Errorf("%s is there twice", x.Check)
		}
		seen[x.Check] = x.Severity
	}
	for check, severity := range map[string]string{
		"create.status.created": "critical", "create.body.valid": "info", "token.cache.no-store": "minor", "create.listed": "", "create.time.recent": "",
	} {
		if seen[check] != severity {
			t.Errorf("%s: %q, want %q", check, seen[check], severity)
		}
	}
	strict := sample.Report()
	strict.Configuration.Strict = true
	for _, x := range issues(t, strict, report.Options{Place: "a/b.yaml"}) {
		if x.Severity == "minor" || x.Location.Path != "a/b.yaml" {
			t.Errorf("with strict, at a place: %+v", x)
		}
	}
	if all := issues(t, &report.Report{}, report.Options{}); len(all) != 0 {
		t.Errorf("of nothing: %v", all)
	}
}

// TestStopped wants the reason for which nothing was judged.
func TestStopped(t *testing.T) {
	all := issues(t, &report.Report{Stopped: "the token is refused"}, report.Options{})
	if len(all) != 1 || all[0].Severity != "blocker" || all[0].Description != "nothing was judged: the token is refused" || all[0].Fingerprint == "" {
		t.Errorf("%+v", all)
	}
}

// TestFingerprintsStay wants the fingerprint of a failure to be that of the next run.
func TestFingerprintsStay(t *testing.T) {
	later := sample.Report()
	later.RunID, later.Results[4].Seen = "another", "status 202"
	before, after := issues(t, sample.Report(), report.Options{}), issues(t, later, report.Options{})
	for i := range before {
		if before[i].Fingerprint != after[i].Fingerprint {
			t.Errorf("%s has another fingerprint", before[i].Check)
		}
	}
}
