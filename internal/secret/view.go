package secret

import (
	"bytes"
	"sort"
)

// every holds the first characters of all escapes, and nested is how many layers of them are undone.
const (
	every  = `%\&`
	nested = 3
)

// view is a text with its escapes undone, and the way back to the text.
type view struct {
	text  []byte
	marks []mark
}

// mark says where a stretch of a view came from. Size is the length in the view of an escape that was undone there; a
// stretch of size 0 is plain, and goes on until the next mark.
type mark struct {
	at, from, size int
}

// views calls visit with the text as it reads when escapes of one kind are undone, and when those of all kinds are,
// layer by layer; origin leads a span back to the text.
func views(text []byte, visit func(decoded []byte, origin func(span) span)) {
	var kinds []string
	for _, kind := range []string{`%`, `\`, `&`} {
		if bytes.Contains(text, []byte(kind)) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) > 1 {
		for _, kind := range kinds {
			if v, ok := undone(text, kind); ok {
				visit(v.text, v.origin)
			}
		}
	}
	origin := func(s span) span { return s }
	for range nested {
		v, ok := undone(text, every)
		if !ok {
			return
		}
		outer := origin
		origin = func(s span) span { return outer(v.origin(s)) }
		visit(v.text, origin)
		text = v.text
	}
}

// undone undoes one layer of escapes; it reports false where there is none.
func undone(text []byte, kinds string) (view, bool) {
	if !bytes.ContainsAny(text, kinds) {
		return view{}, false
	}
	var begins [256]bool
	for _, c := range []byte(kinds) {
		begins[c] = true
	}
	v := view{text: make([]byte, 0, len(text))}
	plain := true
	v.marks = append(v.marks, mark{})
	for at := 0; at < len(text); {
		next := 0
		for next < len(text)-at && !begins[text[at+next]] {
			next++
		}
		if next > 0 {
			if !plain {
				v.marks = append(v.marks, mark{at: len(v.text), from: at})
				plain = true
			}
			v.text = append(v.text, text[at:at+next]...)
			at += next
			continue
		}
		decoded, size := unescape(v.text, text[at:], kinds)
		if size == 0 {
			if !plain {
				v.marks = append(v.marks, mark{at: len(v.text), from: at})
				plain = true
			}
			v.text = append(v.text, text[at])
			at++
			continue
		}
		v.marks = append(v.marks, mark{at: len(v.text), from: at, size: len(decoded) - len(v.text)})
		v.text, plain = decoded, false
		at += size
	}
	v.marks = append(v.marks, mark{at: len(v.text), from: len(text)})
	return v, len(v.marks) > 2
}

// origin returns the place in the text that a place in the view came from, whole escapes only.
func (v view) origin(s span) span {
	start, _ := v.unit(s.start)
	_, end := v.unit(s.end - 1)
	return span{start: start, end: end, name: s.name}
}

// unit returns the place in the text of what became one byte of the view.
func (v view) unit(at int) (start, end int) {
	i := sort.Search(len(v.marks), func(i int) bool { return v.marks[i].at > at }) - 1
	m := v.marks[i]
	if m.size > 0 {
		return m.from, v.marks[i+1].from
	}
	start = m.from + at - m.at
	return start, start + 1
}
