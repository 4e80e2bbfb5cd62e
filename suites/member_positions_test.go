package suites

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/spec"
)

// TestBentBodiesBreakTheSchema makes sure that each generated body is wrong, by the schema, at its own position and at no
// other, and that the body that it was made from is right.
func TestBentBodiesBreakTheSchema(t *testing.T) {
	contract, err := spec.LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	families := map[string][]wrongCreate{"missing": missingMembers(contract), "null": nullMembers(contract), "type": wrongTypes(contract)}
	for family, want := range map[string]int{"missing": 6, "null": 8, "type": 37} {
		if got := len(families[family]); got != want {
			t.Errorf("%s: %d attempts, want %d", family, got, want)
		}
	}
	steps := map[string]bool{}
	for _, attempts := range families {
		for _, a := range attempts {
			if steps[a.step] {
				t.Errorf("%s: the step occurs twice", a.step)
			}
			steps[a.step] = true
			at := "/" + strings.NewReplacer("[0]", "/0", ".", "/").Replace(strings.Fields(a.step)[1])
			findings := contract.CheckSchema(writeSchema, a.bent("conf-1-malformed-x", nil))
			if len(findings) == 0 {
				t.Errorf("%s: %s is right", a.step, a.bent("x", nil))
			}
			for _, f := range findings {
				if f.Pointer != at {
					t.Errorf("%s: wrong at %s: %s", a.step, f.Pointer, f.Message)
				}
			}
		}
	}
	for _, p := range contract.Positions(writeSchema) {
		good := bent("good ", p, func(right any, _ string) any { return right }).bent("conf-1-good", nil)
		if findings := contract.CheckSchema(writeSchema, good); len(findings) > 0 {
			t.Errorf("%s: %s is wrong: %v", p.Pointer, good, findings)
		}
	}
}
