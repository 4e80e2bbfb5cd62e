package prose_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/ui/prose"
)

// Every section of the contract has its own text, and nothing of its neighbours.
func TestHTML(t *testing.T) {
	t.Parallel()
	var r prose.Renderer
	seen := map[string]bool{}
	for n := 1; n <= 7; n++ {
		citation := fmt.Sprintf("contract section %d", n)
		got, err := r.HTML(citation)
		text := string(got)
		if err != nil || len(text) < 300 || seen[text] || strings.Contains(text, "<h") || strings.Contains(text, "## ") || strings.Contains(text, "|---") {
			t.Errorf("%s: %v %.200s", citation, err, text)
		}
		if strings.Count(text, "<table>") != strings.Count(text, `tabindex="0" aria-label="Table`) {
			t.Errorf("%s has a table that no key scrolls", citation)
		}
		seen[text] = true
	}
	text, _ := r.HTML("contract section 3")
	if !strings.Contains(string(text), `aria-label="Table 1 of contract section 3"><table>`) || !strings.Contains(string(text), "<code>PUT …/serviceaccounts/{serviceAccountID}</code>") {
		t.Errorf("section 3 is %s", text)
	}
	if text, err := r.HTML("RFC 9110 section 9"); text != "" || err != nil {
		t.Errorf("an RFC: %s %v", text, err)
	}
}
