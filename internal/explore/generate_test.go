package explore

import (
	"reflect"
	"testing"
)

// The conversations of one seed are the same each time, name only what is in the tables, and have every body that is malformed
// and every credential that is none.
func TestGenerate(t *testing.T) {
	const conversations, length = 14, 120
	for seed := range uint64(8) {
		seen := map[string]bool{}
		for n := range conversations {
			operations := Generate(seed, n, length)
			if !reflect.DeepEqual(operations, Generate(seed, n, length)) {
				t.Fatalf("seed %d makes two conversations %d", seed, n)
			}
			for _, o := range operations {
				seen[o.Body], seen[o.As] = true, true
				if !o.known() {
					t.Errorf("the operation %+v is in no table", o)
				}
			}
		}
		for _, want := range append(append(BodyNames(), strangerNames...), accountDamages...) {
			if !seen[want] {
				t.Errorf("seed %d: nothing has %q", seed, want)
			}
		}
	}
}

// Two conversations in one have accounts of their own.
func TestJoin(t *testing.T) {
	got := Join(
		[]Operation{{Kind: Create, Account: 3}, {Kind: Refused, Holder: 4}},
		[]Operation{{Kind: Create}, {Kind: Create, Account: -1}, {Kind: List, As: "account", Holder: 2}},
	)
	want := []Operation{
		{Kind: Create, Account: 3},
		{Kind: Refused, Holder: 4},
		{Kind: Create, Account: 5, Holder: 5},
		{Kind: Create, Account: -1, Holder: 5},
		{Kind: List, As: "account", Account: 5, Holder: 7},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
