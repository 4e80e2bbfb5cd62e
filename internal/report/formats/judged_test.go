package formats_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

// TestEveryFormatSaysByWhatWasJudged renders a run with an OpenAPI document of the operator's: nobody may take it for one by the
// contract.
func TestEveryFormatSaysByWhatWasJudged(t *testing.T) {
	for _, f := range formats.All() {
		for _, quiet := range []bool{false, true} {
			var with, without bytes.Buffer
			r := sample.Report()
			if err := f.Render(&without, r, report.Options{Quiet: quiet, Width: 1000}); err != nil {
				t.Fatal(err)
			}
			r.Configuration.Contract = &report.Document{Name: "theirs.yaml", Version: "2", Digest: "sha256:" + strings.Repeat("0a", 32), Differences: 3}
			if err := f.Render(&with, r, report.Options{Quiet: quiet, Width: 1000}); err != nil {
				t.Fatal(err)
			}
			want := report.DocumentJudged
			if f.Name == "json" { // a member says it
				want = `"name": "theirs.yaml"`
			}
			if !strings.Contains(with.String(), want) || strings.Contains(without.String(), want) {
				t.Errorf("%s (quiet: %t) does not say it: %.300s", f.Name, quiet, with.String())
			}
		}
	}
}
