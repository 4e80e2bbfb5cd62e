package redact

import (
	"bytes"
	"unicode/utf8"
)

const (
	// fewestBytes is the number of bytes that no text has from which on a text may be binary, and textShare how many bytes a
	// text has to each of them.
	fewestBytes, textShare = 6, 10
	// gzipped begins what is compressed by gzip, also where it holds text as it is.
	gzipped = "\x1f\x8b\x08"
	// leastWide is the share of NULs in a text of UTF-16: one in three bytes.
	leastWide = 3
)

// isBinary reports whether a text is none: it is compressed, encrypted or otherwise coded, so that nobody can tell what it says.
// Letters in an encoding of old, here and there, leave it a text.
func isBinary(text []byte) bool {
	if bytes.HasPrefix(text, []byte(gzipped)) {
		return true
	}
	if ascii(text) {
		return false
	}
	if bytes.Count(text, []byte{0}) > len(text)/leastWide { // UTF-16
		text = bytes.ReplaceAll(text, []byte{0}, nil)
	}
	odd, size := 0, 0
	for at := 0; at < len(text); at += size {
		var c rune
		c, size = utf8.DecodeRune(text[at:])
		if c == utf8.RuneError && size == 1 || c < ' ' && !white(byte(c)) || 0x7f <= c && c < 0xa0 {
			odd += size
		}
	}
	return odd >= fewestBytes && odd*textShare >= len(text)
}

// ascii reports whether a text has printable ASCII and white space alone.
func ascii(text []byte) bool {
	for _, c := range text {
		if (c < ' ' || c > '~') && !white(c) {
			return false
		}
	}
	return true
}
