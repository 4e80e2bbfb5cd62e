package redact

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

// unescape undoes the escape that text begins with and appends what it stands for. It returns the length of the escape, 0
// if there is none.
func unescape(dst, text []byte) ([]byte, int) {
	switch text[0] {
	case '%':
		return numeric(dst, text, 1, 2, 16)
	case '=':
		return numeric(dst, text, 1, 2, 16)
	case '\\':
		return backslash(dst, text)
	case '&':
		return entity(dst, text)
	case 0: // every second byte of ASCII in UTF-16
		return dst, 1
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
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
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
	n, ok := number(text[mark:mark+digits], base)
	if !ok || n > 0xff {
		return dst, 0
	}
	return append(dst, byte(n)), mark + digits
}

// number reads digits; false if another character is among them.
func number(digits []byte, base int) (n int, ok bool) {
	for _, c := range digits {
		d := base
		switch {
		case '0' <= c && c <= '9':
			d = int(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			d = int(c|0x20-'a') + 10
		}
		if d >= base {
			return 0, false
		}
		n = n*base + d
	}
	return n, len(digits) > 0
}

// codeUnit undoes \uXXXX, and the two of them that make a surrogate pair.
func codeUnit(dst, text []byte) ([]byte, int) {
	const size = 6
	unit := func(text []byte) (rune, bool) {
		if len(text) < size || text[0] != '\\' || text[1] != 'u' {
			return 0, false
		}
		n, ok := number(text[2:size], 16)
		return rune(n), ok
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

// entity undoes a character reference of HTML. Browsers read one of a number without the semicolon, too.
func entity(dst, text []byte) ([]byte, int) {
	if len(text) > 2 && text[1] == '#' {
		return numbered(dst, text)
	}
	end := bytes.IndexByte(text[:min(len(text), longestEntity)], ';')
	if end < 0 {
		for _, name := range []string{"amp", "lt", "gt", "quot"} {
			if bytes.HasPrefix(text[1:], []byte(name)) {
				return append(dst, html.UnescapeString("&"+name+";")...), 1 + len(name)
			}
		}
		return dst, 0
	}
	reference := string(text[:end+1])
	plain := html.UnescapeString(reference)
	if plain == reference {
		return dst, 0
	}
	return append(dst, plain...), end + 1
}

// numbered undoes &#65; and &#x41;.
func numbered(dst, text []byte) ([]byte, int) {
	begin, base := 2, 10
	if text[2]|0x20 == 'x' {
		begin, base = 3, 16
	}
	end := begin
	for end < len(text) && end < longestEntity {
		if _, ok := number(text[end:end+1], base); !ok {
			break
		}
		end++
	}
	n, err := strconv.ParseInt(string(text[begin:end]), base, 32)
	if err != nil {
		return dst, 0
	}
	if end < len(text) && text[end] == ';' {
		end++
	}
	return utf8.AppendRune(dst, rune(n)), end
}
