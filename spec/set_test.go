package spec

import (
	"fmt"
	"strings"
	"testing"
)

// Frozen sets stay frozen: DIGESTS has a line for each, as sha256sum writes it. It grows, and no line of it changes.
func TestSetsAreFrozen(t *testing.T) {
	want, err := setFiles.ReadFile("sets/DIGESTS")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, set := range sets(t) {
		fmt.Fprintf(&got, "%s  %s.json\n", strings.TrimPrefix(set.Digest(), "sha256:"), set.Name())
	}
	if got.String() != string(want) {
		t.Errorf("spec/sets/DIGESTS has\n%sand the sets have\n%s", want, got.String())
	}
}

// What is in a set means today what it meant then. The catalogue says since when a requirement exists, and since when its
// level or statement is another one.
func TestSetsHold(t *testing.T) {
	catalogue, err := LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range sets(t) {
		for _, frozen := range set.Requirements() {
			r, ok := catalogue.Find(frozen.ID)
			today := SetRequirement{r.ID, r.Level, r.Profile, digest([]byte(r.Statement))}
			if r.Changed > set.Name() { // whatever changed, the id and its profile stay
				today.Level, today.Statement = frozen.Level, frozen.Statement
			}
			if !ok || today != frozen {
				t.Errorf("the set %s has %+v, the catalogue %+v; a promise that changes gets a new id, and another level or wording its changed",
					set.Name(), frozen, today)
			}
		}
		for _, r := range catalogue.All() {
			if r.Since <= set.Name() && !set.Has(r.ID) {
				t.Errorf("%s exists since %s, and the set %s does not have it", r.ID, r.Since, set.Name())
			}
		}
	}
}

func TestSetByName(t *testing.T) {
	set, err := SetByName(FirstSet)
	if err != nil || set.Name() != FirstSet || set.Len() != len(set.Requirements()) || !set.Has(set.Requirements()[0].ID) || set.Has("a.b.c") {
		t.Errorf("SetByName(%s) = %s with %d, %v", FirstSet, set.Name(), set.Len(), err)
	}
	if _, err := SetByName("1999-01"); err == nil || !strings.Contains(err.Error(), "there are: "+FirstSet) {
		t.Errorf("SetByName(1999-01): %v", err)
	}
}

func TestParseSetRefuses(t *testing.T) {
	entry := `{"id":"a.b.c","level":"MUST","profile":"core","statement":"` + digest(nil) + `"}`
	whole := `{"name":"2027-01","requirements":[` + entry + `]}`
	if set, err := ParseSet([]byte(whole)); err != nil || !set.Has("a.b.c") || string(set.File()) != whole {
		t.Fatalf("ParseSet() = %v, %v", set, err)
	}
	for name, test := range map[string]struct{ data, want string }{
		"no JSON":        {"[", "parsing the set"},
		"unknown member": {strings.Replace(whole, `"name"`, `"extra":1,"name"`, 1), `unknown field "extra"`},
		"more":           {whole + "1", "something follows it"},
		"name":           {strings.Replace(whole, "2027-01", "../2027-01", 1), "is not a year and a month"},
		"empty":          {`{"name":"2027-01"}`, "the set is empty"},
		"id":             {strings.Replace(whole, "a.b.c", "", 1), "requirement 1 of the set has no id"},
		"twice":          {strings.Replace(whole, entry, entry+","+entry, 1), "a.b.c twice"},
		"level":          {strings.Replace(whole, "MUST", "MAY", 1), "a.b.c without a level"},
		"profile":        {strings.Replace(whole, "core", "corps", 1), "a.b.c without a level, a profile"},
		"statement":      {strings.Replace(whole, "sha256:", "", 1), "the digest of its statement"},
	} {
		if _, err := ParseSet([]byte(test.data)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestFreezeRefuses(t *testing.T) {
	if _, err := Freeze(&Catalogue{}, "soon"); err == nil {
		t.Error("a set is called soon")
	}
	changed := &Catalogue{requirements: []Requirement{{ID: "a.b.c", Level: Should, Since: FirstSet, Changed: "2026-12"}}}
	if _, err := Freeze(changed, FirstSet); err == nil || !strings.Contains(err.Error(), "a.b.c changed in 2026-12") {
		t.Errorf("Freeze(%s) = %v", FirstSet, err)
	}
}

func sets(t *testing.T) []Set {
	t.Helper()
	all, err := Sets()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
