package report_test

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// A set keeps its levels, whatever the catalogue says later.
func TestScoreUsesTheLevelsOfTheSet(t *testing.T) {
	frozen := `{"id":"a.b.c","level":"MUST","profile":"core","statement":"sha256:` + strings.Repeat("0", 64) + `"}`
	set, err := spec.ParseSet([]byte(`{"name":"2026-11","requirements":[` + frozen + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{Results: []report.Result{
		{ID: "a.b.c", Level: spec.Should, Profile: spec.Core, Outcome: report.Fail},
		{ID: "a.b.d", Level: spec.Should, Profile: spec.Core, Outcome: report.Fail},
	}}
	report.Score(r, set)
	if r.Results[0].Level != spec.Must || r.Results[1].Level != spec.Should || !bool(r.Results[1].Unscored) {
		t.Errorf("levels %s and %s", r.Results[0].Level, r.Results[1].Level)
	}
	if verdict, _ := report.Conclude(r.Results, []spec.Profile{spec.Core}, false); verdict != report.NonConformant {
		t.Errorf("verdict %s", verdict)
	}
}
