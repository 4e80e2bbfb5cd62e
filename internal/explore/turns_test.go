package explore

import (
	"slices"
	"testing"
)

// Every value that takes turns is in an update.
func TestTurns(t *testing.T) {
	updates := Updates()
	t.Logf("%d updates", len(updates))
	for _, turn := range turns {
		for _, value := range turn {
			if !slices.ContainsFunc(updates, func(o Operation) bool { return o.Name == value || o.Header == value || o.Description == value }) {
				t.Errorf("no update has %s", value)
			}
		}
	}
	for _, o := range slices.Concat(updates, Creates(), Refusals(), Malformed(), Dead(), Met(1)) {
		if !o.known() {
			t.Errorf("the operation %+v is in no table", o)
		}
	}
}
