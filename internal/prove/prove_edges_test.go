package prove

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/spec"
)

// An edge is proved by a trial in which both ends do not hold and the trace leads from one to the other.
func TestUnprovedEdges(t *testing.T) {
	entry := func(id, follows string) string {
		return "- id: " + id + "\n  level: MUST\n  statement: A.\n  citation: RFC 9110 section 15\n  profile: core\n  breaks: B.\n" + follows
	}
	catalogue, err := spec.ParseCatalogue([]byte(entry("a.a.a", "")+entry("a.a.b", "  follows: [a.a.a]\n")+
		entry("a.a.c", "  follows: [\"a.a.[ab]\", a.a.d]\n")+entry("a.a.d", "  follows: [a.a.b]\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		causes map[string]string
		want   []Edge
	}{
		"nothing fails":      {nil, []Edge{{"a.a.b", "a.a.a"}, {"a.a.c", "a.a.[ab]"}, {"a.a.c", "a.a.d"}, {"a.a.d", "a.a.b"}}},
		"one follows":        {map[string]string{"a.a.b": "a.a.a"}, []Edge{{"a.a.c", "a.a.[ab]"}, {"a.a.c", "a.a.d"}, {"a.a.d", "a.a.b"}}},
		"through another":    {map[string]string{"a.a.b": "a.a.a", "a.a.d": "a.a.a"}, []Edge{{"a.a.c", "a.a.[ab]"}, {"a.a.c", "a.a.d"}}},
		"of different roots": {map[string]string{"a.a.c": "a.a.a", "a.a.d": "a.a.b"}, []Edge{{"a.a.b", "a.a.a"}, {"a.a.c", "a.a.d"}}},
	} {
		if diff := cmp.Diff(test.want, unprovedEdges(catalogue, []Trial{{Causes: test.causes}})); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}
