package probe

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
	}{"few": {mostOdd, false}, "many": {mostOdd + 1, true}} {
		var l listing
		seen := 0
		l.read(strings.NewReader("["+strings.Repeat("0,", test.items-1)+"0]"), func(*listed) { seen++ })
		if (l.fault != "") != test.fault || seen != min(test.items, mostOdd) {
			t.Errorf("%s: %d items were seen, fault %q", name, seen, l.fault)
		}
	}
}
