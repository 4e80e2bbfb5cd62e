package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// A list is judged in the same way whether or not its items were seen before, and pointers count all of them.
func TestCheckListsAgain(t *testing.T) {
	t.Parallel()
	item := func(id string) string {
		return `{` + strings.Replace(metadata, "ee45f34b", id, 1) + `,"spec":{"groupIDs":[]},"status":{"expiry":"2025-03-14T16:10:00Z"}}`
	}
	good, other, bad := item("ee45f34b"), item("ee45f34c"), strings.Replace(item("ee45f34d"), `"healthy"`, `"fine"`, 1)
	c := contract(t)
	for _, items := range [][]string{
		{}, {good}, {good}, {good, other}, {bad}, {good, bad}, {bad, good, other, bad}, {good, `null`}, {good, other, `{}`}, {good, bad}, {good, good},
	} {
		body := "[" + strings.Join(items, ", ") + "]"
		want := brief(contract(t).Check(answer("listServiceAccounts", 200, body)))
		if diff := cmp.Diff(want, brief(c.Check(answer("listServiceAccounts", 200, body)))); diff != "" {
			t.Errorf("%s: -new +used:\n%s", body, diff)
		}
		if count := strings.Count(body, "fine"); len(want) != count+strings.Count(body, "null")+3*strings.Count(body, "{}") {
			t.Errorf("%s: %q", body, want)
		}
	}
	if n := len(c.good.known); n != 2 {
		t.Errorf("%d items are known to be sound", n)
	}
	if found := c.Check(answer("listServiceAccounts", 200, "["+good+"] more")); len(found) == 0 {
		t.Error("text behind a list of known items is no finding")
	}
}

// What is known of items says nothing of a list of which more is demanded.
func TestItemsOnly(t *testing.T) {
	t.Parallel()
	of := openapi3.NewStringSchema()
	for name, test := range map[string]struct {
		schema *openapi3.Schema
		known  bool
	}{
		"none": {nil, false}, "text": {of, false}, "an array": {openapi3.NewArraySchema().WithItems(of), true},
		"no twins": {openapi3.NewArraySchema().WithItems(of).WithUniqueItems(true), false},
		"some":     {openapi3.NewArraySchema().WithItems(of).WithMinItems(1), false},
		"few":      {openapi3.NewArraySchema().WithItems(of).WithMaxItems(3), false},
		"or null":  {openapi3.NewArraySchema().WithItems(of).WithNullable(), false},
	} {
		if got := itemsOnly(test.schema); (got == of) != test.known || !test.known && got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	if c := contract(t); itemsOnly(c.get().operations["listServiceAccounts"].schemaOf(200)) == nil {
		t.Error("the contract's list demands more than its items")
	}
	s := newGoodItems()
	for i := range mostGood + 2 {
		s.add([]goodItem{{of, uint64(i)}})
	}
	if n := fmt.Sprint(len(s.known)); n != "2" {
		t.Errorf("%s are known", n)
	}
}
