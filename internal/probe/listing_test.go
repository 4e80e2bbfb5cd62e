package probe

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/tracking"
)

// A list of items without an id or a name is none of accounts: it is not read on for long.
func TestListsOfOddItemsAreGivenUp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		items int
		fault bool
	}{"few": {tracking.MostOdd, false}, "many": {tracking.MostOdd + 1, true}} {
		var l tracking.Listing
		seen := 0
		l.Read(strings.NewReader("["+strings.Repeat("0,", test.items-1)+"0]"), func(*tracking.Listed) { seen++ })
		if (l.Fault != "") != test.fault || seen != min(test.items, tracking.MostOdd) {
			t.Errorf("%s: %d items were seen, fault %q", name, seen, l.Fault)
		}
	}
}
