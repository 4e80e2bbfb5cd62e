package suites

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// TestBentBodiesBreakTheSchema makes sure that each generated body is wrong, by the schema, at its own position and at no
// other, and that the body that it was made from is right.
func TestBentBodiesBreakTheSchema(t *testing.T) {
	contract, err := spec.LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	families := map[string][]scenario.WrongCreate{"missing": scenario.MissingMembers(contract), "null": scenario.NullMembers(contract), "type": scenario.WrongTypes(contract)}
	for family, want := range map[string]int{"missing": 6, "null": 8, "type": 37} {
		if got := len(families[family]); got != want {
			t.Errorf("%s: %d attempts, want %d", family, got, want)
		}
	}
	steps := map[string]bool{}
	for _, attempts := range families {
		for _, a := range attempts {
			if steps[a.Step] {
				t.Errorf("%s: the step occurs twice", a.Step)
			}
			steps[a.Step] = true
			at := "/" + strings.NewReplacer("[0]", "/0", ".", "/").Replace(strings.Fields(a.Step)[1])
			findings := contract.CheckSchema(scenario.WriteSchema, a.Bent("conf-1-malformed-x", nil))
			if len(findings) == 0 {
				t.Errorf("%s: %s is right", a.Step, a.Bent("x", nil))
			}
			for _, f := range findings {
				if f.Pointer != at {
					t.Errorf("%s: wrong at %s: %s", a.Step, f.Pointer, f.Message)
				}
			}
		}
	}
	for _, p := range contract.Positions(scenario.WriteSchema) {
		good := scenario.Bent("good ", p, func(right any, _ string) any { return right }).Bent("conf-1-good", nil)
		if findings := contract.CheckSchema(scenario.WriteSchema, good); len(findings) > 0 {
			t.Errorf("%s: %s is wrong: %v", p.Pointer, good, findings)
		}
	}
}
