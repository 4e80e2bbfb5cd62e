package github_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/github"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

func TestAnnotations(t *testing.T) {
	r := sample.Report()
	r.Results[4].ID, r.Results[4].Seen = "a:b,c%d", "100 %\r\n::error::forged"
	r.Results[0].ConsequenceOf, r.Results[2].ConsequenceOf = "a:b,c%d", "a:b,c%d"
	got := string(sample.Render(t, r, func(b *bytes.Buffer) error { return github.Render(b, r, report.Options{}) }))
	rerun := func(id string) string {
		return "%0ATo run just this: conformance run --target https://identity.example --organization d4600d6e-e965-4b44-a808-84fb2fa36702 --insecure --only " + id + "\n"
	}
	want := "::error title=create.metadata.name (MUST)::expected \"it's\", seen nothing at /metadata/name" + rerun("create.metadata.name") +
		"::error title=a%3Ab%2Cc%25d (MUST)::expected status 201, seen 100 %25 ::error::forged (2 others follow from it)" + rerun("a:b,c%25d") +
		"::warning title=token.cache.no-store (SHOULD)::Cache-Control is missing "
	if !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 3 {
		t.Errorf("got %q", got)
	}
}

func TestAnnotationsOfTheGate(t *testing.T) {
	r := sample.Decided()
	got := string(sample.Render(t, r, func(b *bytes.Buffer) error { return github.Render(b, r, report.Options{}) }))
	for _, want := range []string{
		"::warning title=create.status.created (MUST)::fail (waived by", "::error title=create.metadata.name (MUST)::fail (waiver of platform expired",
		"::notice title=create.body.valid::fail (not scored)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
