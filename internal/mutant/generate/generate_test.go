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

// What no request can bring about is no mutant.
func TestPossible(t *testing.T) {
	possible := map[string]bool{}
	for _, m := range Generate(1<<20, 1) {
		possible[m.Name()] = true
	}
	for name, want := range map[string]bool{
		"create request /spec | taken without spec | when there are several groups":                                   false,
		"create request /spec | taken without spec | when there is no group":                                          true,
		"update request /spec/groupIDs/* | taken with a number as group | when there is no group":                     false,
		"update request /spec/groupIDs/* | taken with a number as group | when there are several groups":              true,
		"update request /metadata | taken without metadata | when there is a description":                             false,
		"update request /metadata | taken without metadata | after an update":                                         true,
		"create request /metadata/name | taken with a number as name | when the name is long":                         false,
		"create request /metadata/name | taken with a number as name | every second time":                             true,
		"create request /metadata/name | taken with a name that is too long | when the name is long":                  true,
		"create request /metadata/description | taken with a null as description | when the description is not ASCII": false,
	} {
		if possible[name] != want {
			t.Errorf("%q is a mutant: %t, want %t", name, !want, want)
		}
	}
}
