package generate

import (
	"testing"
)

// A seed fixes the mutants, each has a name of its own, and every family has its share.
func TestGenerate(t *testing.T) {
	all := Generate(1<<20, 1)
	names, families := map[string]bool{}, map[string]int{}
	for _, m := range all {
		if names[m.Name()] {
			t.Errorf("two mutants are named %q", m.Name())
		}
		names[m.Name()] = true
		families[m.Family]++
	}
	if len(all) < 2000 || len(families) != 8 {
		t.Errorf("there are %d mutants in the families %v", len(all), families)
	}
	one, again, other := Generate(200, 7), Generate(200, 7), Generate(200, 8)
	same := 0
	counted := map[string]int{}
	for i := range one {
		if one[i].Name() != again[i].Name() {
			t.Errorf("mutant %d of one seed is %q and %q", i, one[i].Name(), again[i].Name())
		}
		if one[i].Name() == other[i].Name() {
			same++
		}
		counted[one[i].Family]++
	}
	if same > 50 || counted["member"] < 20 || counted["store"] < 20 {
		t.Errorf("%d of 200 are the same with another seed; families %v", same, counted)
	}
	for _, m := range one[:20] {
		if found := Named(m.Name()); found == nil || found.Name() != m.Name() {
			t.Errorf("%q is not found by its name", m.Name())
		}
	}
	t.Logf("%d mutants: %v", len(all), families)
}
