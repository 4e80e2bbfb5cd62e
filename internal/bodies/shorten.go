package bodies

import (
	"bytes"
	"cmp"
	"io"
)

// longestString bounds, in bytes, the strings of a long JSON body: what goes beyond is left out while it is read.
const longestString = 16 << 10

// shortener reads JSON and leaves out the ends of strings that are too long, so that the text stays JSON. Of a text that is
// no JSON it may leave out anything.
type shortener struct {
	from io.Reader
	most int // bytes of a string; 0: longestString
	// shortened is set once something was left out.
	shortened bool

	inString bool
	length   int  // of the string so far, as it is kept
	escape   int  // how many bytes of an escape are still to come; unknown behind a backslash
	drop     bool // the escape, or the last byte, is left out
}

const unknown = -1

func (s *shortener) limit() int { return cmp.Or(s.most, longestString) }

func (s *shortener) Read(p []byte) (int, error) {
	for {
		n, err := s.from.Read(p)
		if kept := s.shorten(p[:n]); kept > 0 || err != nil || n == 0 {
			return kept, err
		}
	}
}

// shorten moves what is kept to the front, and returns its length.
func (s *shortener) shorten(text []byte) (kept int) {
	for at := 0; at < len(text); {
		end := at + bytes.IndexByte(text[at:], '"') + 1
		if end == at {
			end = len(text)
		}
		plain := s.escape == 0 && s.length+end-at <= s.limit() && bytes.IndexByte(text[at:end], '\\') < 0
		if !s.inString || plain {
			kept += copy(text[kept:], text[at:end])
			if s.length += end - at; text[end-1] == '"' {
				s.inString, s.length = !s.inString, 0
			}
			at = end
			continue
		}
		for at < len(text) && s.inString {
			if plain := s.plain(text[at:]); plain > 0 {
				keep := min(plain, max(s.limit()-s.length, 0))
				kept += copy(text[kept:], text[at:at+keep])
				s.length, s.shortened = s.length+keep, s.shortened || keep < plain
				at += plain
				continue
			}
			if s.next(text[at]) {
				text[kept] = text[at]
				kept++
			}
			at++
		}
	}
	return kept
}

// plain is how many bytes of a string follow that are neither its end nor part of an escape.
func (s *shortener) plain(text []byte) int {
	if s.escape != 0 {
		return 0
	}
	if end := bytes.IndexAny(text, `"\`); end >= 0 {
		return end
	}
	return len(text)
}

// next steps over one byte of a string, and reports whether it is kept.
func (s *shortener) next(c byte) bool {
	switch {
	case s.escape == 0 && c == '"':
		s.inString, s.length = false, 0
		return true
	case s.escape == 0:
		if s.drop = s.length >= s.limit(); c == '\\' {
			s.escape = unknown
		}
	case s.escape == unknown && c == 'u':
		s.escape = 4
	case s.escape == unknown:
		s.escape = 0
	default:
		s.escape--
	}
	if s.drop {
		s.shortened = true
		return false
	}
	s.length++
	return true
}
