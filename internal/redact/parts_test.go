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
