package redact

import (
	"bytes"
	"encoding/json"
)

// deepest is how deeply nested a document is followed; below that, names are not known.
const deepest = 10_000

// frame is an object or an array of a document.
type frame struct {
	// name is the normal form of the member that was named last, or of the one that holds the array.
	name  string
	array bool
	// hidden is set if all texts in it are credentials, paired if the next value is one: {"name": "token", "value": …}.
	hidden, paired bool
	// from and to are where the numbers of an array begin and end, and numbers how many there are.
	from, to, numbers int
}

// walker goes through the texts of a JSON document, also of one that breaks off or is none. What it hides stands within
// texts, so that the document stays what it is.
type walker struct {
	finder *finder
	body   []byte
	stack  []frame
	keys   bool // the document holds JSON Web Keys
}

// document reports whether a body is to be read as JSON.
func document(body []byte) bool {
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[' || body[0] == '"')
}

// rest is where the text ends with which a body begins if it is JSON, 0 if it is none, and the length of a document.
func rest(body []byte) int {
	if json.Valid(body) {
		return len(body)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	var text json.RawMessage
	if decoder.Decode(&text) != nil {
		return 0
	}
	return int(decoder.InputOffset())
}

func (w *walker) walk() {
	w.keys = bytes.Contains(w.body, []byte(`"kty"`))
	w.stack = append(w.stack, frame{array: true})
	for at := 0; at < len(w.body); {
		switch c := w.body[at]; {
		case c == '"':
			at = w.literal(at + 1)
		case c == '{' || c == '[':
			w.open(c == '[')
			at++
		case c == '}' || c == ']':
			if len(w.stack) > 1 {
				if f := w.top(); f.numbers >= shortest {
					w.finder.figures(w.body[f.from:f.to], f.from)
				}
				w.stack = w.stack[:len(w.stack)-1]
			}
			w.top().paired = w.top().paired && c == ']'
			at++
		case c == '-' || class(c) == digit:
			at = w.number(at)
		default:
			at++
		}
	}
}

func (w *walker) top() *frame { return &w.stack[len(w.stack)-1] }

func (w *walker) open(array bool) {
	outer := w.top()
	if len(w.stack) >= deepest {
		return
	}
	inner := frame{array: array, hidden: outer.hidden || credential(outer.name) || outer.paired && holdsValue(outer.name)}
	if array {
		inner.name = outer.name
	}
	w.stack = append(w.stack, inner)
}

// literal takes a text in quotes, from behind the first one, and returns where it ends.
func (w *walker) literal(start int) (next int) {
	end := start
	for end < len(w.body) && w.body[end] != '"' {
		if w.body[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(w.body))
	next = min(end+1, len(w.body))
	text := w.body[start:end]
	after := next
	for after < len(w.body) && white(w.body[after]) {
		after++
	}
	f := w.top()
	if after < len(w.body) && w.body[after] == ':' {
		f.name = ""
		if len(text) <= longestName {
			f.name = w.finder.normal(text)
		}
		w.finder.text(text, start, "", false)
		return after + 1
	}
	switch {
	case f.hidden, credential(f.name), f.paired && holdsValue(f.name):
		w.finder.place(text, start, f.name == "accesstoken")
	default:
		if namesValue(f.name) && len(text) <= longestName {
			f.paired = credential(w.finder.normal(text))
		}
		w.finder.text(text, start, f.name, w.keys)
	}
	return next
}

// number takes a number and returns where it ends.
func (w *walker) number(start int) int {
	end := start
	for end < len(w.body) && (class(w.body[end]) == digit || bytes.IndexByte([]byte("+-.eE"), w.body[end]) >= 0) {
		end++
	}
	f := w.top()
	if f.array {
		if f.numbers == 0 {
			f.from = start
		}
		f.numbers++
		f.to = end
	}
	if f.hidden || credential(f.name) || w.finder.registry != nil && w.finder.registry.names[string(w.body[start:end])] != "" {
		if end-start > 1 {
			w.finder.found = append(w.finder.found, span{start: start, end: end, kind: figure})
		}
	}
	return end
}
