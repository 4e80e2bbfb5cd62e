package spec

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// text reads a string, and returns what it stands for.
func (s *scanner) text() (string, bool) {
	start, plain := s.pos, true
	s.pos++
	for s.pos < len(s.data) {
		switch b := s.data[s.pos]; {
		case b == '"':
			s.pos++
			return unquote(s.data[start:s.pos], plain), true
		case b == '\\':
			plain = false
			if !s.escape() {
				return "", false
			}
		case b < 0x20:
			return "", s.broken("control characters escaped within a string")
		case b < utf8.RuneSelf:
			s.pos++
		default:
			r, size := utf8.DecodeRune(s.data[s.pos:])
			if r == utf8.RuneError && size == 1 {
				s.report("utf-8", "UTF-8", "bytes that are not")
			}
			s.pos += size
		}
	}
	return "", s.broken("a closing quotation mark")
}

// escape reads one escape of a string, or two that make a surrogate pair.
func (s *scanner) escape() bool {
	s.pos++
	if s.pos < len(s.data) && strings.IndexByte(`"\/bfnrt`, s.data[s.pos]) >= 0 {
		s.pos++
		return true
	}
	unit, ok := s.unit()
	switch {
	case !ok:
		return s.broken(`an escape that JSON has`)
	case unit < 0xD800 || unit > 0xDFFF:
		return true
	}
	if unit <= 0xDBFF && bytes.HasPrefix(s.data[s.pos:], []byte(`\u`)) {
		mark := s.pos
		s.pos++
		if low, ok := s.unit(); ok && 0xDC00 <= low && low <= 0xDFFF {
			return true
		}
		s.pos = mark
	}
	s.report(keywordSurrogate, "surrogate escapes in pairs", "one alone")
	return true
}

// unit reads "u" and four hexadecimal digits.
func (s *scanner) unit() (rune, bool) {
	if len(s.data)-s.pos < len("u0000") || s.data[s.pos] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.data[s.pos+1:s.pos+5]), 16, 16)
	if err != nil {
		return 0, false
	}
	s.pos += len("u0000")
	return rune(n), true
}

// unquote undoes the escapes of a string that was found well-formed.
func unquote(quoted []byte, plain bool) string {
	if plain {
		return string(quoted[1 : len(quoted)-1])
	}
	var text string
	_ = json.Unmarshal(quoted, &text) // the scanner let it pass
	return text
}

const (
	// maxName bounds the bytes of one member name in a pointer.
	maxName = 64
	// maxTokens bounds the names in a pointer.
	maxTokens = 2 * maxDepth
)

// pointer writes a path as a JSON pointer that is safe to show: long names are cut, unprintable characters replaced.
func pointer(path []string) string {
	var b strings.Builder
	for i, name := range path {
		if i == maxTokens {
			b.WriteString("/…")
			break
		}
		if len(name) > maxName {
			name = name[:maxName] + "…"
		}
		name = strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) {
				return utf8.RuneError
			}
			return r
		}, name)
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1"))
	}
	return b.String()
}
