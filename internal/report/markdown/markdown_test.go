package markdown_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/markdown"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

func TestMarkdownGolden(t *testing.T) {
	r := sample.Report()
	sample.Golden(t, "report.md", sample.Render(t, r, func(b *bytes.Buffer) error { return markdown.Render(b, r, report.Options{}) }))
}

func TestMarkdownWithin(t *testing.T) {
	r := sample.Report()
	for range 200 {
		r.Results = append(r.Results, r.Results[4])
	}
	for _, limit := range []int{2500, 8 << 10, 100 << 10, 1 << 20} {
		var b bytes.Buffer
		if err := markdown.Render(&b, r, report.Options{Limit: limit}); err != nil {
			t.Fatal(err)
		}
		if b.Len() > limit {
			t.Errorf("%d bytes, where %d are allowed", b.Len(), limit)
		}
		if limit < 1<<20 && !strings.Contains(b.String(), "which do not fit here") {
			t.Errorf("at %d bytes nothing says that failures are missing", limit)
		}
		if strings.Count(b.String(), "<details>") != strings.Count(b.String(), "</details>") {
			t.Error("a card is cut in two")
		}
	}
}
