package redact

import (
	"bytes"
	"sort"
)

// marksOfEscapes holds the first characters of the escapes that are undone together. Quoted-printable is undone by itself:
// elsewhere "=" parts names from values.
const marksOfEscapes = "%\\&\x00"

// nested is how many layers of escapes are undone.
const nested = 3

// view is a text with its escapes undone, and the way back to the text. A view is used again for the next text.
type view struct {
	text  []byte
	marks []mark
	from  *view // the view that it was made of; nil for the text itself
}

// mark says where a stretch of a view came from. Size is the length in the view of an escape that was undone there; a
// stretch of size 0 is plain, and goes on until the next mark.
type mark struct {
	at, from int32
	size     int32
}

// views holds the memory of the views of one text.
type views struct {
	layers [nested]view
	single view
	joined view
	// found and others are the places of secrets that are known, and of what else is hidden.
	found, others []span
}

// way is how a view reads a text.
type way uint8

const (
	single  way = iota // escapes of one kind are undone
	layered            // escapes of all kinds are undone
	joined             // white space is left out too
)

// visit calls do with each way to read a text: with escapes of one kind undone, with all of them undone, layer by layer,
// and without white space. It does not call do with the text itself.
func (w *views) visit(text []byte, do func(v *view, way way)) {
	kinds := 0
	for _, kind := range []byte(marksOfEscapes) {
		if bytes.IndexByte(text, kind) >= 0 {
			kinds++
		}
	}
	if kinds > 1 {
		for i := range len(marksOfEscapes) {
			if w.single.undo(text, marksOfEscapes[i:i+1]) {
				w.single.from = nil
				do(&w.single, single)
			}
		}
	}
	if bytes.IndexByte(text, '=') >= 0 && w.single.undo(text, "=") {
		w.single.from = nil
		do(&w.single, single)
	}
	var outer *view
	inner := text
	for i := range w.layers {
		v := &w.layers[i]
		if !v.undo(inner, marksOfEscapes) {
			break
		}
		v.from = outer
		do(v, layered)
		outer, inner = v, v.text
	}
	if outer != nil && bytes.IndexByte(inner, '=') >= 0 && w.single.undo(inner, "=") { // quoted-printable that was escaped in its turn
		w.single.from = outer
		do(&w.single, single)
	}
	if w.joined.join(inner) {
		w.joined.from = outer
		do(&w.joined, joined)
	}
}

// undo makes the view of a text with one layer of escapes undone; it reports false if there is none.
func (v *view) undo(text []byte, kinds string) bool {
	v.text, v.marks = v.text[:0], v.marks[:0]
	if !bytes.ContainsAny(text, kinds) {
		return false
	}
	var begins [256]bool
	for _, c := range []byte(kinds) {
		begins[c] = true
	}
	plain, undone := true, false
	v.marks = append(v.marks, mark{})
	for at := 0; at < len(text); {
		next := at
		for next < len(text) && !begins[text[next]] {
			next++
		}
		if next == at {
			decoded, size := unescape(v.text, text[at:])
			if size > 0 {
				if len(decoded) > len(v.text) {
					v.marks = append(v.marks, mark{int32(len(v.text)), int32(at), int32(len(decoded) - len(v.text))})
				}
				v.text, plain, undone = decoded, false, true
				at += size
				continue
			}
			next++
		}
		if !plain {
			v.marks = append(v.marks, mark{at: int32(len(v.text)), from: int32(at)})
			plain = true
		}
		v.text = append(v.text, text[at:next]...)
		at = next
	}
	v.marks = append(v.marks, mark{at: int32(len(v.text)), from: int32(len(text))})
	return undone
}

// join makes the view of a text without white space and what else nobody sees, and without what breaks a line in
// quoted-printable. Full-width characters become those of ASCII.
func (v *view) join(text []byte) bool {
	v.text, v.marks = v.text[:0], v.marks[:0]
	if !bytes.ContainsAny(text, " \t\r\n\x1b") && ascii(text) {
		return false
	}
	for at := 0; at < len(text); {
		if n := unseen(text[at:]); n > 0 {
			at += n
			continue
		}
		if c := fullWidth(text[at:]); c != 0 {
			v.marks = append(v.marks, mark{int32(len(v.text)), int32(at), 1})
			v.text = append(v.text, c)
			at += widthOfFull
			continue
		}
		next := at + 1
		for next < len(text) && !white(text[next]) && text[next] != '=' && text[next] != escape && text[next] < 0x80 {
			next++
		}
		v.marks = append(v.marks, mark{at: int32(len(v.text)), from: int32(at)})
		v.text = append(v.text, text[at:next]...)
		at = next
	}
	v.marks = append(v.marks, mark{at: int32(len(v.text)), from: int32(len(text))})
	return true
}

func white(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// origin returns the place in the text that a place in the view came from, whole escapes only.
func (v *view) origin(s span) span {
	for ; v != nil; v = v.from {
		start, _ := v.unit(s.start)
		_, end := v.unit(s.end - 1)
		s.start, s.end = start, end
	}
	return s
}

// unit returns the place in the text of what became one byte of the view.
func (v *view) unit(at int) (start, end int) {
	i := sort.Search(len(v.marks), func(i int) bool { return int(v.marks[i].at) > at }) - 1
	m := v.marks[i]
	if m.size > 0 {
		return int(m.from), int(v.marks[i+1].from)
	}
	start = int(m.from) + at - int(m.at)
	return start, start + 1
}
