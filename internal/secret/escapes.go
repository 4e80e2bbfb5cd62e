package secret

import (
	"bytes"
	"html"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// longestEntity is the length up to which a text between & and ; is taken for a character reference.
const longestEntity = 12

// widest is how many bytes one byte of a secret can take when it is escaped, within what views undoes.
const widest = 64

// unescape undoes the escape that text begins with, of those whose first characters are given, and appends what it
// stands for. It returns the length of the escape, 0 where there is none.
func unescape(dst, text []byte, kinds string) ([]byte, int) {
	if bytes.IndexByte([]byte(kinds), text[0]) < 0 {
		return dst, 0
	}
	switch text[0] {
	case '%':
		return numeric(dst, text, 1, 2, 16)
	case '\\':
		return backslash(dst, text)
	case '&':
		return entity(dst, text)
	}
	return dst, 0
}

// backslash undoes the escapes of JSON (RFC 8259 section 7), and those of shells and of Go that print bytes.
func backslash(dst, text []byte) ([]byte, int) {
	if len(text) < 2 {
		return dst, 0
	}
	switch c := text[1]; c {
	case '"', '\'', '\\', '/':
		return append(dst, c), 2
	case 'b', 'f', 'n', 'r', 't':
		plain := map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
		return append(dst, plain[c]), 2
	case 'x':
		return numeric(dst, text, 2, 2, 16)
	case '0', '1', '2', '3':
		return numeric(dst, text, 1, 3, 8)
	case 'u':
		return codeUnit(dst, text)
	}
	return dst, 0
}

// numeric undoes an escape that names one byte with a number of digits after a mark.
func numeric(dst, text []byte, mark, digits, base int) ([]byte, int) {
	if len(text) < mark+digits {
		return dst, 0
	}
	n, err := strconv.ParseUint(string(text[mark:mark+digits]), base, 8)
	if err != nil {
		return dst, 0
	}
	return append(dst, byte(n)), mark + digits
}

// codeUnit undoes \uXXXX, and the two of them that make a surrogate pair.
func codeUnit(dst, text []byte) ([]byte, int) {
	const size = 6
	unit := func(text []byte) (rune, bool) {
		if len(text) < size || text[0] != '\\' || text[1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(text[2:size]), 16, 16)
		return rune(n), err == nil
	}
	first, ok := unit(text)
	if !ok {
		return dst, 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := unit(text[size:]); ok {
			return utf8.AppendRune(dst, utf16.DecodeRune(first, second)), 2 * size
		}
	}
	return utf8.AppendRune(dst, first), size
}

// entity undoes a character reference of HTML.
func entity(dst, text []byte) ([]byte, int) {
	end := bytes.IndexByte(text[:min(len(text), longestEntity)], ';')
	if end < 0 {
		return dst, 0
	}
	reference := string(text[:end+1])
	plain := html.UnescapeString(reference)
	if plain == reference {
		return dst, 0
	}
	return append(dst, plain...), end + 1
}
