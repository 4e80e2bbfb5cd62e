package spec

import (
	"bytes"
	"strconv"
	"strings"
)

const (
	// maxDepth is how deep arrays and objects may be nested before it is remarked on.
	maxDepth = 64
	// maxReadable is how deep they may be nested for the body to be read at all. encoding/json has the same limit.
	maxReadable = 10_000
)

// LintJSON tells what keeps a body from being one clean JSON text (RFC 8259): broken syntax, text after the end
// (section 2), a byte order mark or bytes that are not UTF-8 (section 8.1), half surrogate pairs (section 8.2),
// duplicate names in an object (section 4), and nesting deeper than 64 (section 9). It stops at broken syntax, and at nesting deeper than 10,000.
func LintJSON(body []byte) []Finding {
	found, _ := lint(body)
	return found
}

// lint returns the findings and, if the body begins with a readable JSON text, that text without a byte order mark.
func lint(body []byte) (found []Finding, text []byte) {
	s := &scanner{data: body}
	if bytes.HasPrefix(body, []byte("\ufeff")) {
		s.report("byte-order-mark", "JSON without a byte order mark", "a byte order mark")
		s.data = body[len("\ufeff"):]
	}
	s.space()
	if s.pos == len(s.data) {
		seen := "an empty body"
		if len(body) > 0 {
			seen = "nothing but white space"
		}
		s.report("empty", "a JSON text", seen)
		return s.found.list, nil
	}
	if !s.value(0) {
		return s.found.list, nil
	}
	text = s.data[:s.pos]
	s.space()
	if s.pos < len(s.data) {
		s.path = nil
		s.report("trailing-data", "nothing after the JSON text", "further "+count(len(s.data)-s.pos, "byte"))
	}
	return s.found.list, text
}

// scanner reads one JSON text. Its methods return false if the syntax is broken, which they have reported.
type scanner struct {
	data  []byte
	pos   int
	path  []string
	found findings
	deep  bool // nesting beyond maxDepth was reported
}

func (s *scanner) report(keyword, expected, seen string) {
	s.found.add(finding(AspectJSON, pointer(s.path), keyword, expected, seen))
}

// broken reports broken syntax; it is false so that callers can return it.
func (s *scanner) broken(expected string) bool {
	seen := "something else at byte " + strconv.Itoa(s.pos)
	if s.pos >= len(s.data) {
		seen = "the end of the body"
	}
	s.report("syntax", expected, seen)
	return false
}

func (s *scanner) space() {
	for s.pos < len(s.data) && strings.IndexByte(" \t\r\n", s.data[s.pos]) >= 0 {
		s.pos++
	}
}

// next reports whether the next byte is b, and steps over it if so.
func (s *scanner) next(b byte) bool {
	if s.pos < len(s.data) && s.data[s.pos] == b {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) value(depth int) bool {
	if s.pos == len(s.data) {
		return s.broken("a JSON value")
	}
	switch b := s.data[s.pos]; {
	case b == '{' || b == '[':
		if depth == maxDepth && !s.deep {
			s.deep = true
			s.report(keywordDepth, "nesting of at most "+strconv.Itoa(maxDepth)+" levels", "more")
		}
		if depth == maxReadable {
			s.path = nil
			s.report(KeywordLimit, "nesting that this suite reads, of at most "+strconv.Itoa(maxReadable)+" levels", "more")
			return false
		}
		s.pos++
		if b == '{' {
			return s.object(depth + 1)
		}
		return s.array(depth + 1)
	case b == '"':
		_, ok := s.text()
		return ok
	case b == '-' || isDigit(b):
		return s.number()
	default:
		for _, word := range []string{"true", "false", "null"} {
			if bytes.HasPrefix(s.data[s.pos:], []byte(word)) {
				s.pos += len(word)
				return true
			}
		}
		return s.broken("a JSON value")
	}
}

func (s *scanner) object(depth int) bool {
	names := map[string]bool{}
	for first := true; ; first = false {
		s.space()
		if first && s.next('}') {
			return true
		}
		if s.pos == len(s.data) || s.data[s.pos] != '"' {
			return s.broken("a member name in quotation marks")
		}
		name, ok := s.text()
		if !ok {
			return false
		}
		s.path = append(s.path, name)
		if names[name] {
			s.report(keywordDuplicate, "each member name once", "one twice")
		}
		names[name] = true
		s.space()
		if !s.next(':') {
			return s.broken("a colon after the member name")
		}
		s.space()
		if !s.value(depth) {
			return false
		}
		s.path = s.path[:len(s.path)-1]
		s.space()
		if s.next('}') {
			return true
		}
		if !s.next(',') {
			return s.broken("a comma or a closing brace after the member")
		}
	}
}

func (s *scanner) array(depth int) bool {
	s.space()
	if s.next(']') {
		return true
	}
	for i := 0; ; i++ {
		s.path = append(s.path, strconv.Itoa(i))
		s.space()
		if !s.value(depth) {
			return false
		}
		s.path = s.path[:len(s.path)-1]
		s.space()
		if s.next(']') {
			return true
		}
		if !s.next(',') {
			return s.broken("a comma or a closing bracket after the item")
		}
	}
}

func (s *scanner) number() bool {
	digits := func() bool {
		start := s.pos
		for s.pos < len(s.data) && isDigit(s.data[s.pos]) {
			s.pos++
		}
		return s.pos > start
	}
	s.next('-')
	if !s.next('0') && !digits() {
		return s.broken("a digit")
	}
	if s.next('.') && !digits() {
		return s.broken("a digit after the decimal point")
	}
	if s.next('e') || s.next('E') {
		if !s.next('+') {
			s.next('-')
		}
		if !digits() {
			return s.broken("a digit in the exponent")
		}
	}
	return true
}
