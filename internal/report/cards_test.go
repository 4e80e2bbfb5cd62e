package report_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/spec"
)

func TestCardsPutWhatBreaksFirst(t *testing.T) {
	r := sample.Report()
	r.Results[4].Level = spec.Should // create.status.created, of which a failed MUST is a consequence
	r.Results[3].Level = spec.Should // create.metadata.name, of which nothing is
	var got []string
	for _, c := range report.Cards(r) {
		got = append(got, fmt.Sprintf("%s warning=%v consequences=%d", c.ID, c.Warning, len(c.Consequences)))
	}
	want := []string{
		"create.status.created warning=true consequences=2",
		"create.metadata.name warning=true consequences=0",
		"token.cache.no-store warning=true consequences=0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
