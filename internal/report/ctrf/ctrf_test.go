package ctrf_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/ctrf"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

func rendered(t *testing.T, r *report.Report) []byte {
	t.Helper()
	return sample.Render(t, r, func(b *bytes.Buffer) error { return ctrf.Render(b, r, report.Options{}) })
}

func TestCTRFGolden(t *testing.T) {
	sample.Golden(t, "report.ctrf.json", rendered(t, sample.Report()))
}

// TestCTRFCounts compares the summary with the tests that it sums up. The schema of CTRF is applied by make consumers.
func TestCTRFCounts(t *testing.T) {
	strict := sample.Report()
	strict.Configuration.Strict = true
	for name, r := range map[string]*report.Report{"sample": sample.Report(), "gate": sample.Decided(), "strict": strict, "nothing": {}} {
		var got struct {
			Results struct {
				Summary map[string]int64
				Tests   []struct{ Name, Status, Message, Trace string }
			}
		}
		if err := json.Unmarshal(rendered(t, r), &got); err != nil {
			t.Fatal(err)
		}
		want := map[string]int64{"passed": 0, "failed": 0, "skipped": 0, "pending": 0, "other": 0}
		for _, x := range got.Results.Tests {
			want[x.Status]++
			if x.Name == "" || x.Status == "failed" && (x.Message == "" || x.Trace == "") {
				t.Errorf("%s: %+v says too little", name, x)
			}
		}
		if len(want) != 5 || got.Results.Summary["tests"] != int64(len(got.Results.Tests)) {
			t.Errorf("%s: statuses %v, %d tests", name, want, got.Results.Summary["tests"])
		}
		for status, n := range want {
			if got.Results.Summary[status] != n {
				t.Errorf("%s: %d of %s, and the summary has %d", name, n, status, got.Results.Summary[status])
			}
		}
	}
}
