package redact

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"sync"
)

const (
	tail = 8 // the bytes at the end of a pattern that it is found by
	bits = 18

	// stretch is how much of a text is searched at a time, and mostOverlap bounds by how much two stretches overlap, in
	// bytes: so a search needs little memory, however long the text is and whatever it holds.
	stretch, mostOverlap, leastOverlap = 256 << 10, 256 << 10, 4 << 10
	// shortestJoined is the length of a pattern that is found across white space.
	shortestJoined = 16
)

// index finds patterns by their last bytes, which differ from token to token where the first ones, those of the
// header, do not. Letter case does not matter.
type index struct {
	// filter has a bit for the hash of every tail, so that nearly every position is done with one look.
	filter  *[1 << bits / 64]uint64
	byTail  map[uint64][]pattern // longest first
	longest int
	scratch *sync.Pool // of *views
}

func newIndex() index {
	return index{
		filter: new([1 << bits / 64]uint64), byTail: map[uint64][]pattern{}, scratch: scratch(),
	}
}

func scratch() *sync.Pool { return &sync.Pool{New: func() any { return &views{} }} }

func (x *index) addSecret(value, name string) {
	for _, p := range forms(value, name) {
		x.add(p)
	}
}

func (x *index) add(p pattern) {
	folded := []byte(p.text)
	for i, c := range folded {
		folded[i] = fold(c)
	}
	p.text = string(folded)
	key := binary.LittleEndian.Uint64(folded[len(folded)-tail:])
	same := x.byTail[key]
	if slices.ContainsFunc(same, func(q pattern) bool { return q.text == p.text }) {
		return
	}
	same = append(same, p)
	slices.SortStableFunc(same, func(a, b pattern) int { return cmp.Compare(len(b.text), len(a.text)) })
	x.byTail[key] = same
	h := hash(key)
	x.filter[h/64] |= 1 << (h % 64)
	x.longest = max(x.longest, len(p.text))
}

// removePart makes the index forget a part of a secret.
func (x *index) removePart(part string) {
	folded := []byte(part)
	for i, c := range folded {
		folded[i] = fold(c)
	}
	key := binary.LittleEndian.Uint64(folded[len(folded)-tail:])
	x.byTail[key] = slices.DeleteFunc(x.byTail[key], func(p pattern) bool { return p.part && p.text == string(folded) })
}

// span is a place in a text that a secret takes.
type span struct {
	start, end int
	// name is that of a secret that is known; "" if the place only looks like one, or is where one is expected.
	name string
	// size is the length of what the place says, without escapes; 0 if that is not known.
	size int
	kind kind
	part bool
}

// weight tells which of two spans that overlap gives its name: the longer one, and the whole of a secret before a part.
func (s span) weight() int {
	if s.part {
		return 2 * (s.end - s.start)
	}
	return 2*(s.end-s.start) + 1
}

// kind says how a place is replaced.
type kind uint8

const (
	ordinary kind = iota
	token         // where an access token is expected
	figure        // a number, in whose place another one stands
)

// within adds the places of all patterns in a text as it stands, ordered by their ends. The cost of comparing is bounded by
// the length of the text: beyond that, a target has made a text to waste time with, and what ends like a secret counts as one.
func (x *index) within(found []span, text []byte, joined bool) []span {
	if len(x.byTail) == 0 {
		return found
	}
	begin := len(found)
	var parts []match
	left := 1<<12 + 8*len(text)
	for end := tail; end <= len(text); end++ {
		key := binary.LittleEndian.Uint64(text[end-tail:end]) | foldAll
		h := hash(key)
		if x.filter[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		same := x.byTail[key]
		for i := range same {
			p := &same[i]
			start := end - len(p.text)
			if start < 0 || joined && (p.part || len(p.text) < shortestJoined) {
				continue
			}
			if left > 0 {
				alike := common(text[start:end], p.text)
				left -= 1 + alike/8
				if alike < len(p.text) {
					continue
				}
			}
			if p.part {
				parts = append(parts, match{p, int32(start), int32(end)}) //nolint:gosec // a stretch is short
				continue
			}
			found = merge(found, begin, p.widened(text, start, end))
			break
		}
	}
	return partsOutside(found, begin, text, parts)
}

// match is where a pattern stands. It is small: a target can make a text in which a part begins at every byte.
type match struct {
	pattern    *pattern
	start, end int32
}

// partsOutside adds the places of parts that are not within those of whole secrets, which stand from begin on, nor within the
// place of the part before.
func partsOutside(found []span, begin int, text []byte, parts []match) []span {
	whole := found[begin:len(found):len(found)]
	last := span{}
	for _, m := range parts {
		start, end := int(m.start), int(m.end)
		if last.start <= start && end <= last.end {
			continue
		}
		i := sort.Search(len(whole), func(i int) bool { return whole[i].end >= end })
		if i < len(whole) && whole[i].start <= start {
			continue
		}
		last = m.pattern.widened(text, start, end)
		found = append(found, last)
	}
	return found
}

// common is how many bytes two texts of one length have in common at their ends, without regard to letter case.
func common(text []byte, folded string) int {
	n := len(text)
	for n > 0 && fold(text[n-1]) == folded[n-1] {
		n--
	}
	return len(text) - n
}

// merge adds a span to those from begin on, or joins it to the last of them if they overlap; the longest gives its name.
func merge(found []span, begin int, s span) []span {
	if len(found) == begin || found[len(found)-1].end <= s.start {
		return append(found, s)
	}
	last := &found[len(found)-1]
	if s.weight() > last.weight() {
		last.name, last.part = s.name, s.part
	}
	last.start, last.end = min(last.start, s.start), max(last.end, s.end)
	return found
}

// widened is the span of a match with the neighbouring characters that hold bits of the secret.
func (p *pattern) widened(text []byte, start, end int) span {
	if p.before && start > 0 && isBase64(text[start-1]) {
		start--
	}
	if p.after && end < len(text) && isBase64(text[end]) {
		end++
	}
	if p.part {
		first, last := max(0, start-mostParted), min(len(text), end+mostParted)
		for start > first && inRun(text[start-1]) {
			start--
		}
		for end < last && inRun(text[end]) {
			end++
		}
	}
	return span{start: start, end: end, name: p.name, part: p.part}
}

// look tells of places in a text, without escapes, that are to be hidden though the index does not know them.
type look func(text []byte, add func(span))

// search returns the places of all secrets in a text, whatever their form, in order and without overlaps. More is nil, or
// looks for other places.
func (x *index) search(text []byte, more look) (known, others []span) {
	if len(x.byTail) == 0 && more == nil || len(text) < tail {
		return nil, nil
	}
	w := x.scratch.Get().(*views)
	defer x.scratch.Put(w)
	w.found, w.others = w.found[:0], w.others[:0]
	for at := 0; ; at += stretch {
		end := min(at+stretch+x.overlap(), len(text))
		x.searchStretch(w, text[at:end], at, more)
		if end == len(text) {
			break
		}
	}
	return ordered(w.found), ordered(w.others)
}

// searchStretch adds the places of all secrets in a stretch of a text that begins at an offset.
func (x *index) searchStretch(w *views, text []byte, offset int, more look) {
	looked := false
	visit := func(v *view, text []byte, way way) {
		begin := len(w.found)
		w.found = x.within(w.found, text, way == joined)
		for i := begin; i < len(w.found); i++ {
			w.found[i] = v.origin(w.found[i]).moved(offset)
		}
		if more == nil || way != layered {
			return
		}
		looked = true
		more(text, func(s span) {
			s.size = s.end - s.start
			w.others = append(w.others, v.origin(s).moved(offset))
		})
	}
	w.visit(text, func(v *view, way way) { visit(v, v.text, way) })
	way := layered
	if looked { // a run that is cut out of a text with escapes could begin within one of them
		way = single
	}
	visit(nil, text, way)
}

func (s span) moved(by int) span {
	s.start, s.end = s.start+by, s.end+by
	return s
}

// overlap is by how much two stretches overlap, so that one of them holds the whole of every secret.
func (x *index) overlap() int { return max(min(x.longest*widest, mostOverlap), leastOverlap) }

// ordered returns spans in order, those that overlap joined. It does not keep the slice that it is given.
func ordered(found []span) []span {
	if len(found) == 0 {
		return nil
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	out := make([]span, 0, len(found))
	longest := 0
	for _, s := range found {
		if len(out) == 0 || out[len(out)-1].end <= s.start {
			out = append(out, s)
			longest = s.weight()
			continue
		}
		last := &out[len(out)-1]
		last.end = max(last.end, s.end)
		if s.weight() > longest {
			last.name, last.size, last.kind, last.part, longest = s.name, s.size, s.kind, s.part, s.weight()
		}
	}
	return out
}

// hash spreads a tail over the bits of the filter (Fibonacci hashing).
func hash(key uint64) uint64 { return spread(key, bits) }

func spread(key uint64, bits int) uint64 { return key * 0x9e3779b97f4a7c15 >> (64 - bits) }

// foldAll makes small letters of eight bytes, as fold does of one. Other characters change too, each into one other.
const foldAll = 0x2020202020202020

func fold(c byte) byte { return c | 0x20 }

func isBase64(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '+' || c == '/' || c == '-' || c == '_'
}
