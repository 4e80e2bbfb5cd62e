package drift

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is different in the same way at several statuses of an operation is one difference; all else stays as it is.
func TestMerge(t *testing.T) {
	t.Parallel()
	said := func(operation, text string, breaking bool, ids ...string) Difference {
		return Difference{Operation: operation, Breaking: breaking, Text: text, Rule: "r", Requirements: ids}
	}
	got := merge([]Difference{
		said("GET /a", "`x` became required for the status `401`", false, "b"),
		said("GET /a", "`y` became required for the status `401`", false),
		said("GET /a", "`x` became required for the status `400`", false, "a", "b"),
		said("GET /a", "`x` became required for the status `500`", true),
		said("PUT /a", "`x` became required for the status `400`", false),
		said("PUT /a", "from the status `400` to the status `401`", false),
		said("PUT /a", "from the status `400` to the status `402`", false),
		said("PUT /a", "no status", false),
		said("PUT /a", "no status", false),
	})
	want := []Difference{
		said("GET /a", "`x` became required for the statuses `400`, `401`", false, "a", "b"),
		said("GET /a", "`y` became required for the status `401`", false),
		said("GET /a", "`x` became required for the status `500`", true),
		said("PUT /a", "`x` became required for the status `400`", false),
		said("PUT /a", "from the status `400` to the status `401`", false),
		said("PUT /a", "from the status `400` to the status `402`", false),
		said("PUT /a", "no status", false),
		said("PUT /a", "no status", false),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
