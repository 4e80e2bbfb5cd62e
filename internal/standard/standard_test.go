package standard

import (
	"slices"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/spec"
)

// Every section that a requirement cites has a title, an address and a statement of what it says, and no other section has.
func TestEverySectionThatIsCited(t *testing.T) {
	t.Parallel()
	catalogue, err := spec.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	known, err := citations()
	if err != nil {
		t.Fatal(err)
	}
	var cited []string
	for _, r := range catalogue.All() {
		for _, citation := range r.Citations() {
			if strings.HasPrefix(citation, spec.File+"#") || strings.HasPrefix(citation, "contract section ") {
				continue
			}
			cited = append(cited, citation)
			s, ok := Find(citation)
			if !ok || s.Title == "" || len(s.Says) < 20 || !strings.HasSuffix(s.Says, ".") || !strings.HasPrefix(s.Address, "https://") {
				t.Errorf("%s cites %s, which is %+v", r.ID, citation, s)
			}
		}
	}
	for _, citation := range known {
		if !slices.Contains(cited, citation) {
			t.Errorf("%s is cited by no requirement", citation)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for citation, want := range map[string]string{
		"RFC 9110 section 15.5.6":       "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6",
		"RFC 6749 section A.1":          "https://www.rfc-editor.org/rfc/rfc6749#section-A.1",
		"RFC 9110":                      "https://www.rfc-editor.org/rfc/rfc9110",
		"Fetch standard, CORS protocol": "https://fetch.spec.whatwg.org/#http-cors-protocol",
		"RFC 9110 section 1\" onload":   "",
		"RFC x":                         "",
		"contract section 3":            "",
	} {
		if s, ok := Find(citation); s.Address != want || ok != (want != "") {
			t.Errorf("%q is at %q, %v", citation, s.Address, ok)
		}
	}
}
