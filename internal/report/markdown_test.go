package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
)

func TestMarkdownGolden(t *testing.T) {
	r := sample()
	checkGolden(t, "report.md", render(t, r, func(b *bytes.Buffer) error { return report.Markdown(b, r) }))
}

func TestMarkdownWithin(t *testing.T) {
	r := sample()
	for range 200 {
		r.Results = append(r.Results, r.Results[4])
	}
	for _, limit := range []int{2500, 8 << 10, 100 << 10, 1 << 20} {
		var b bytes.Buffer
		if err := report.MarkdownWithin(&b, r, limit); err != nil {
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

func TestAnnotations(t *testing.T) {
	r := sample()
	r.Results[4].ID, r.Results[4].Seen = "a:b,c%d", "100 %\r\n::error::forged"
	r.Results[0].ConsequenceOf, r.Results[2].ConsequenceOf = "a:b,c%d", "a:b,c%d"
	got := string(render(t, r, func(b *bytes.Buffer) error { return report.Annotations(b, r) }))
	want := "::error title=create.metadata.name (MUST)::expected \"it's\", seen nothing at /metadata/name\n" +
		"::error title=a%3Ab%2Cc%25d (MUST)::expected status 201, seen 100 %25 ::error::forged (2 others follow from it)\n" +
		"::warning title=token.cache.no-store (SHOULD)::Cache-Control is missing "
	if !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 3 {
		t.Errorf("got %q", got)
	}
}
