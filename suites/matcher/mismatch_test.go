package matcher

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

// hostileTexts are what answers could put into a mismatch to change its meaning.
var hostileTexts = []string{
	"", "plain", "x\nexpected: y", "x\nseen: y\nat: /z\nin: p/q", "expected: x", "seen: x", "\nexpected: x", "    seen: x",
	"x\n    expected: y", "x\n\n", "\n", "\n\n    \n", "x\r\nseen: y\r\n", "in: \n", "\x00\xff", " ", "at: ", "x\n seen: y", "ä\u2028seen: y",
}

func TestMismatchRoundTrip(t *testing.T) {
	for _, expected := range hostileTexts {
		for _, seen := range hostileTexts {
			for _, other := range []string{"", "/a", "/a\nseen: b"} {
				roundTrip(t, Mismatch{Expected: expected, Seen: seen, Pointer: other, Exchange: other})
			}
		}
	}
}

func roundTrip(t *testing.T, m Mismatch) {
	t.Helper()
	got, note := Parse(m.String())
	if diff := cmp.Diff(m, got); diff != "" || note != "" {
		t.Errorf("note %q; -want +got:\n%s", note, diff)
	}
	if m == (Mismatch{}) {
		return
	}
	got, note = Parse("a description\nof two lines\n" + m.String())
	if diff := cmp.Diff(m, got); diff != "" || note != "a description\nof two lines" {
		t.Errorf("with a note %q; -want +got:\n%s", note, diff)
	}
}

func TestParseWithoutMarks(t *testing.T) {
	for _, text := range []string{"", "Expected\n    <int>: 1\nto equal\n    <int>: 2", "expected:a"} {
		if m, note := Parse(text); m != (Mismatch{}) || note != strings.TrimSpace(text) {
			t.Errorf("%q is read as %+v and %q", text, m, note)
		}
	}
}

func FuzzMismatch(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text, "seen", text, "p/s")
	}
	f.Fuzz(func(t *testing.T, expected, seen, pointer, id string) {
		roundTrip(t, Mismatch{Expected: expected, Seen: seen, Pointer: pointer, Exchange: id})
	})
}
