package manual

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/spec"
)

// relativeLink is the target of a link that stays in the repository, without its fragment.
var relativeLink = regexp.MustCompile(`\]\(([a-z.][^):# ]*)(?:#[^)]*)?\)`)

// TestPagesOfRequirements follows the links of the page of each requirement, and wants a page at the address that reports name.
func TestPagesOfRequirements(t *testing.T) {
	contract, c, err := app.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	all, err := entries(c)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.FromSlash("../../../" + spec.PagesDir)
	known := map[string]bool{}
	for _, e := range all {
		known[e.ID+".md"] = true
	}
	for _, e := range all {
		if got, want := spec.Page(e.ID), spec.Project+"/blob/main/"+spec.PagesDir+"/"+e.ID+".md"; got != want {
			t.Errorf("the page of %s is at %q, want %q", e.ID, got, want)
		}
		text := page(e, all, contract.Words)
		if !strings.HasPrefix(text, "# "+e.ID+"\n\n"+e.Statement+"\n") || !strings.Contains(text, e.Breaks) {
			t.Errorf("the page of %s lacks its statement or what breaks it", e.ID)
		}
		for _, m := range relativeLink.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(m[1]))); err != nil && !known[m[1]] {
				t.Errorf("%s: a link leads nowhere: %v", e.ID, err)
			}
		}
	}
}

// TestReleasedPages wants a page in the repository for every requirement that was ever released: its address is in reports.
func TestReleasedPages(t *testing.T) {
	sets, err := spec.Sets()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range sets {
		for _, r := range set.Requirements() {
			if _, err := os.Stat(filepath.Join(filepath.FromSlash("../../../"+spec.PagesDir), r.ID+".md")); err != nil {
				t.Errorf("set %s: %v; run make docs", set.Name(), err)
			}
		}
	}
}

func TestPageOfNoRequirement(t *testing.T) {
	for _, id := range []string{"", "x", "a..b", "../a.b", "a.b/c", "A.b", "a.b\n", strings.Repeat("a.", 60) + "a"} {
		if got := spec.Page(id); got != "" {
			t.Errorf("%q has the page %s", id, got)
		}
	}
}
