package secret

import (
	"encoding/binary"
	"slices"
	"sort"
)

const (
	tail = 8 // the bytes at the end of a pattern that it is found by
	bits = 18
)

// index finds patterns by their last bytes, which differ from token to token where the first ones, those of the
// header, do not.
type index struct {
	// filter has a bit for the hash of every tail, so that nearly every position is done with one look.
	filter  *[1 << bits / 64]uint64
	byTail  map[uint64][]pattern // longest first
	longest int
}

func newIndex() index {
	return index{filter: new([1 << bits / 64]uint64), byTail: map[uint64][]pattern{}}
}

func (x *index) addSecret(value, name string) {
	for _, p := range forms(value, name) {
		x.add(p)
	}
}

func (x *index) add(p pattern) {
	key := binary.LittleEndian.Uint64([]byte(p.text[len(p.text)-tail:]))
	same := x.byTail[key]
	if slices.ContainsFunc(same, func(q pattern) bool { return q.text == p.text }) {
		return
	}
	same = append(same, p)
	sort.SliceStable(same, func(i, j int) bool { return len(same[i].text) > len(same[j].text) })
	x.byTail[key] = same
	h := hash(key)
	x.filter[h/64] |= 1 << (h % 64)
	x.longest = max(x.longest, len(p.text))
}

// span is a place in a text that a secret takes.
type span struct {
	start, end int
	name       string
}

// within returns the places of all patterns in a text as it stands, ordered by their ends.
func (x *index) within(text []byte) []span {
	if len(x.byTail) == 0 {
		return nil
	}
	var found []span
	for end := tail; end <= len(text); end++ {
		key := binary.LittleEndian.Uint64(text[end-tail : end])
		h := hash(key)
		if x.filter[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		for _, p := range x.byTail[key] {
			start := end - len(p.text)
			if start >= 0 && string(text[start:end]) == p.text {
				found = append(found, p.widened(text, start, end))
				break
			}
		}
	}
	return found
}

// widened is the span of a match with the neighbouring characters that hold bits of the secret.
func (p pattern) widened(text []byte, start, end int) span {
	if p.before && start > 0 && isBase64(text[start-1]) {
		start--
	}
	if p.after && end < len(text) && isBase64(text[end]) {
		end++
	}
	return span{start: start, end: end, name: p.name}
}

// search returns the places of all secrets in a text, whatever their form, in order and without overlaps.
func (x *index) search(text []byte) []span {
	found := x.within(text)
	if len(x.byTail) > 0 {
		views(text, func(decoded []byte, origin func(span) span) {
			for _, s := range x.within(decoded) {
				found = append(found, origin(s))
			}
		})
	}
	if len(found) > 1 {
		sort.Slice(found, func(i, j int) bool { return found[i].start < found[j].start })
	}
	return merged(found)
}

// merged joins spans that overlap; they are ordered by their starts. The longest gives its name.
func merged(spans []span) []span {
	var out []span
	longest := 0
	for _, s := range spans {
		if len(out) == 0 || out[len(out)-1].end <= s.start {
			out = append(out, s)
			longest = s.end - s.start
			continue
		}
		last := &out[len(out)-1]
		last.end = max(last.end, s.end)
		if s.end-s.start > longest {
			last.name, longest = s.name, s.end-s.start
		}
	}
	return out
}

// hash spreads a tail over the bits of the filter (Fibonacci hashing).
func hash(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 >> (64 - bits) }

func isBase64(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '+' || c == '/' || c == '-' || c == '_'
}
