package matcher

import (
	"testing"
)

func TestMismatchString(t *testing.T) {
	for want, m := range map[string]Mismatch{
		"":                                      {},
		"expected: a":                           {Expected: "a"},
		"expected: a\nseen: b":                  {Expected: "a", Seen: "b"},
		"seen: b\nat: /x":                       {Seen: "b", Pointer: "/x"},
		"expected: a\nseen: b\nat: /x\nin: p/s": {Expected: "a", Seen: "b", Pointer: "/x", Exchange: "p/s"},
		"expected: a\n    b\nseen: c\n    ":     {Expected: "a\nb", Seen: "c\n"},
	} {
		if got := m.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
