package redact

import "unicode/utf8"

const (
	// escape begins a sequence for a terminal.
	escape = 0x1b
	// widthOfFull is the length of a full-width character in UTF-8.
	widthOfFull = 3
)

// unseen is the length of what a text begins with that nobody sees: white space, a soft line break of quoted-printable, a
// sequence that colors a terminal, and characters without a width. It is 0 if anything can be seen.
func unseen(text []byte) int {
	switch c := text[0]; {
	case white(c):
		return 1
	case c == '=':
		if len(text) > 1 && (text[1] == '\r' || text[1] == '\n') {
			return 1
		}
	case c == escape:
		return sequence(text)
	case c >= utf8.RuneSelf:
		switch r, size := utf8.DecodeRune(text); {
		case r == 0xad, 0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f, r == 0xfeff:
			return size
		}
	}
	return 0
}

// sequence is the length of the control sequence (ECMA-48 section 5.4) that a text begins with; 0 if there is none.
func sequence(text []byte) int {
	const longest = 32
	if len(text) < 3 || text[1] != '[' {
		return 0
	}
	for end := 2; end < min(len(text), longest); end++ {
		if c := text[end]; 0x40 <= c && c <= 0x7e {
			return end + 1
		}
	}
	return 0
}

// fullWidth is the character of ASCII whose full-width form (U+FF01 to U+FF5E) a text begins with; 0 if there is none.
func fullWidth(text []byte) byte {
	const first, last, offset = 0xff01, 0xff5e, 0xfee0
	if text[0] != 0xef {
		return 0
	}
	if r, _ := utf8.DecodeRune(text); first <= r && r <= last {
		return byte(r - offset)
	}
	return 0
}
