// Package rawjson takes the outermost level of a JSON text apart without decoding what is below it. It agrees with encoding/json, which
// copies each part.
package rawjson

import "encoding/json"

// Items are the items of an array as JSON texts, which share the bytes of text. It is false if text is not one array and nothing else.
func Items(text []byte) (items [][]byte, ok bool) {
	if first(text) != '[' || !json.Valid(text) {
		return nil, false
	}
	items = [][]byte{}
	s := scanner{text: text}
	for s.next() {
		items = append(items, s.value())
	}
	return items, true
}

// Member is the value of a member of an object as JSON text, which shares the bytes of text; of several of one name, the last. It is
// false if there is none, or if text is not one object and nothing else.
func Member(text []byte, name string) (value []byte, ok bool) {
	if first(text) != '{' || !json.Valid(text) {
		return nil, false
	}
	s := scanner{text: text}
	for s.next() {
		is := means(s.value(), name)
		s.next() // past the colon
		if found := s.value(); is {
			value, ok = found, true
		}
	}
	return value, ok
}

// means reports whether a quoted string stands for a text.
func means(quoted []byte, text string) bool {
	inner := quoted[1 : len(quoted)-1]
	for _, c := range inner {
		if c == '\\' || c >= 0x80 { // an escape, or perhaps no UTF-8
			var decoded string
			return json.Unmarshal(quoted, &decoded) == nil && decoded == text
		}
	}
	return string(inner) == text
}

// first is the first byte that is no white space; 0 for none.
func first(text []byte) byte {
	for _, c := range text {
		if !space(c) {
			return c
		}
	}
	return 0
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// scanner reads a valid JSON text.
type scanner struct {
	text []byte
	at   int
	open bool // the outermost bracket was read
}

// next goes to the next value of the outermost level, a name included. It is false at the end.
func (s *scanner) next() bool {
	for ; ; s.at++ {
		switch c := s.text[s.at]; {
		case space(c) || c == ',' || c == ':':
		case (c == '[' || c == '{') && !s.open:
			s.open = true
		default:
			return c != ']' && c != '}'
		}
	}
}

// value reads the value at hand.
func (s *scanner) value() []byte {
	begin, depth := s.at, 0
	for ; ; s.at++ {
		switch c := s.text[s.at]; c {
		case '"':
			s.string()
			if depth == 0 {
				s.at++
				return s.text[begin:s.at]
			}
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 { // behind a number or a word
				return s.text[begin:s.at]
			}
			if depth--; depth == 0 {
				s.at++
				return s.text[begin:s.at]
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return s.text[begin:s.at]
			}
		}
	}
}

// string goes to the closing quotation mark of the string at hand.
func (s *scanner) string() {
	for s.at++; s.text[s.at] != '"'; s.at++ {
		if s.text[s.at] == '\\' {
			s.at++
		}
	}
}
