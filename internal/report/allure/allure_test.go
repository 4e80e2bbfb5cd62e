package allure_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/allure"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

func TestAllureGolden(t *testing.T) {
	r := sample.Report()
	sample.Golden(t, "results.json", sample.Render(t, r, func(b *bytes.Buffer) error { return allure.Render(b, r, report.Options{}) }))
}

// resultFile is the form of the names that Allure takes for results.
var resultFile = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-result\.json$`)

// TestAllureFiles wants a file for each requirement, with a history that runs of one target share and a name that they do not.
func TestAllureFiles(t *testing.T) {
	again := sample.Report()
	again.RunID = "another"
	names, histories := map[string]bool{}, map[string]int{}
	for _, r := range []*report.Report{sample.Report(), again} {
		files, err := allure.Files(r, report.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != len(report.Cases(r)) {
			t.Errorf("%d files of %d requirements", len(files), len(report.Cases(r)))
		}
		for _, f := range files {
			var got struct{ UUID, HistoryID, Status, Stage string }
			if err := json.Unmarshal(f.Data, &got); err != nil {
				t.Fatal(err)
			}
			if names[f.Name] || !resultFile.MatchString(f.Name) || f.Name != got.UUID+"-result.json" || got.Stage != "finished" {
				t.Errorf("the file %s: %+v", f.Name, got)
			}
			names[f.Name] = true
			histories[got.HistoryID]++
		}
	}
	for history, n := range histories {
		if n != 2 {
			t.Errorf("the history %s is in %d of 2 runs", history, n)
		}
	}
}
