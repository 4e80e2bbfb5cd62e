package outcome

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

func TestWriteFiltersAndReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	secrets := redact.New()
	secrets.Add("token", "canary-0123456789")
	for _, text := range []string{"first, and longer than what follows", "second: canary-0123456789"} {
		if err := WriteFile(path, secrets, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(data), "second: ") || strings.Contains(string(data), "canary") {
		t.Errorf("got %q, %v", data, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestOneReportDoesNotPreventTheOther puts directories where two reports should go. That is one line, as it is for all reports
// on a full disk.
func TestOneReportDoesNotPreventTheOther(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"junit.xml", "report.html"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "x"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	result := &engine.Result{Report: &report.Report{SchemaVersion: report.SchemaVersion}, Secrets: redact.New()}
	errs := Outputs{Dir: dir}.Write(result)
	if len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), "writing junit.xml, report.html to ") || strings.Contains(errs[0].Error(), "conformance-") {
		t.Errorf("got %v", errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "report.json")); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != len((Outputs{}).Files()) {
		t.Errorf("left behind: %v", entries)
	}
}

func TestPrepareRefusesADirectoryInThePlaceOfAReport(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "report.json", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := (Outputs{Dir: dir}).Prepare("--out"); err == nil || !strings.Contains(err.Error(), "--out") {
		t.Errorf("got %v", err)
	}
}
