package formats_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

// TestFormatsAreListed wants every format to say what it is for, in the order of names, and to have a file of its own.
func TestFormatsAreListed(t *testing.T) {
	if !slices.IsSorted(formats.Names()) {
		t.Errorf("the names are not in order: %v", formats.Names())
	}
	if files := formats.Files(); len(slices.Compact(files)) != len(formats.Files()) {
		t.Errorf("two formats have one file: %v", formats.Files())
	}
	for _, f := range formats.All() {
		if f.Name == "" || f.Help == "" || f.Render == nil {
			t.Errorf("%+v is incomplete", f)
		}
		if found, ok := formats.Find(f.Name); !ok || found.File != f.File {
			t.Errorf("%s is not found by its name", f.Name)
		}
	}
}

// TestEveryPackageIsListed finds a format that was written and not added to the list.
func TestEveryPackageIsListed(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains([]string{"formats", "plain", "sample", "testdata"}, e.Name()) && !slices.Contains(formats.Names(), e.Name()) {
			t.Errorf("internal/report/%s is not in the list of formats", e.Name())
		}
	}
}

// TestDocumentedFormats wants the table of formats on exactly one page of the documentation.
func TestDocumentedFormats(t *testing.T) {
	pages, err := filepath.Glob("../../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, page := range append(pages, "../../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), formats.Table()) {
			found = append(found, page)
		}
	}
	if len(found) != 1 {
		t.Errorf("pages with the table of formats: %v; one page holds this:\n%s", found, formats.Table())
	}
}

func TestRenderersReturnErrors(t *testing.T) {
	broken := errors.New("broken")
	w := writerFunc(func([]byte) (int, error) { return 0, broken })
	for _, f := range formats.All() {
		if err := f.Render(w, sample.Report(), report.Options{}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// shown is a format with options.
type shown struct {
	name    string
	format  formats.Format
	options report.Options
}

// all are the formats, and the text with each of its options.
func all() (list []shown) {
	for _, f := range formats.All() {
		list = append(list, shown{f.Name, f, report.Options{}})
		if f.Name == "text" {
			list = append(list, shown{"text verbose", f, report.Options{Verbose: true}}, shown{"text quiet", f, report.Options{Quiet: true}})
		}
	}
	return list
}

func (s shown) render(w io.Writer, r *report.Report) error { return s.format.Render(w, r, s.options) }
