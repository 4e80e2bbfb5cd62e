package tracking

import (
	"strings"
	"testing"
)

// A list of items without an id or a name is none of accounts: it is not read on for long.
func TestListsOfOddItemsAreGivenUp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		items int
		fault bool
	}{"few": {MostOdd, false}, "many": {MostOdd + 1, true}} {
		var l Listing
		seen := 0
		l.Read(strings.NewReader("["+strings.Repeat("0,", test.items-1)+"0]"), func(*Listed) { seen++ })
		if (l.Fault != "") != test.fault || seen != min(test.items, MostOdd) {
			t.Errorf("%s: %d items were seen, fault %q", name, seen, l.Fault)
		}
	}
}
