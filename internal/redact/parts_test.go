package redact

import (
	"bytes"
	"strings"
	"testing"
)

// A text in which a part of a secret begins at every byte has few places, and all of it is hidden.
func TestPartsAtEveryByte(t *testing.T) {
	t.Parallel()
	x := newIndex()
	for _, part := range partsOf(strings.Repeat("x", 40)+"SomeSecret0123456789", short) {
		x.add(pattern{text: part, name: "token", part: true})
	}
	text := bytes.Repeat([]byte("x"), 200_000)
	found := x.within(nil, text, false)
	if len(found) == 0 || len(found) > 200 {
		t.Fatalf("%d places", len(found))
	}
	joined := ordered(found)
	if len(joined) != 1 || joined[0].start != 0 || joined[0].end != len(text) {
		t.Errorf("%d places, the first from %d to %d", len(joined), joined[0].start, joined[0].end)
	}
}

// A credential of hexadecimal digits is found when it is cut short, and other ids stay readable.
func TestPartsOfHexadecimal(t *testing.T) {
	t.Parallel()
	r := New()
	const secret, id = "9f86d081884c7d659a2feaa0c55ad015", "ee45f34b-9685-40d8-8724-23c31252ca46"
	r.AddOperator("token", secret)
	for _, text := range []string{secret[1:], secret[:31], secret[3:29], "abc" + secret[1:] + "def", "https://h/#at=" + secret[8:]} {
		if got := r.Conceal("it is " + text + " of " + id); strings.Contains(got, text) || strings.Contains(got, secret[12:28]) || !strings.Contains(got, id) {
			t.Errorf("%s: %s", text, got)
		}
	}
}
