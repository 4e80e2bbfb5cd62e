package app

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text, want string
	}{
		{"", ""},
		{"one", "  one"},
		{"one  two\nthree four", "  one two\n  three\n  four"},
		{"a-word-that-is-too-long for it", "  a-word-that-is-too-long\n  for it"},
	} {
		if got := Wrap(test.text, "  ", 10); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestNearest(t *testing.T) {
	ids := []string{"auth.missing.refused", "create.metadata.id", "create.status.created", "list.token.absent"}
	for _, test := range []struct{ id, want string }{
		{"create.status.craeted", "create.status.created"},
		{"status.created", "create.status.created"},
		{"auth.mising.refused", "auth.missing.refused"},
		{"metadata.id", "create.metadata.id"},
	} {
		if got := Nearest(test.id, ids); got[0] != test.want || len(got) != 3 {
			t.Errorf("%q: got %q", test.id, got)
		}
	}
	if got := Nearest("", nil); !slices.Equal(got, []string{}) {
		t.Errorf("got %q", got)
	}
}

func TestShownHidesWhatMayBeAToken(t *testing.T) {
	long := "eyJhbGciOiJFUzUxMiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.AAAA"
	if got := Shown(long); got != "(53 bytes, not shown)" {
		t.Errorf("got %s", got)
	}
	if got := Shown("a\nb"); got != `"a\nb"` {
		t.Errorf("got %s", got)
	}
}
