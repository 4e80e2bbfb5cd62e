package redact

import (
	"encoding/binary"
	"slices"
	"strings"
)

// longestPublic is the length up to which a value is looked for in what is public.
const longestPublic = 64

// wordBits is the size of the filter of words: contract and catalogue have some 100,000 different pieces.
const wordBits = 20

// words are texts in small letters in which values are looked for.
type words struct {
	texts []string
	// filter has a bit for the hash of every eight bytes that follow one another in the texts: most values are in none of them, which is
	// told with one look.
	filter *[1 << wordBits / 64]uint64
}

func (w *words) add(texts []string) {
	if w.filter == nil {
		w.filter = new([1 << wordBits / 64]uint64)
	}
	for _, text := range texts {
		text = strings.ToLower(text)
		w.texts = append(w.texts, text)
		for data := []byte(text); len(data) >= tail; data = data[1:] {
			h := wordHash(data)
			w.filter[h/64] |= 1 << (h % 64)
		}
	}
}

// contain reports whether a value is a word in one of the texts.
func (w *words) contain(value string) bool {
	if len(w.texts) == 0 || len(value) > longestPublic {
		return false
	}
	value = strings.ToLower(value)
	if len(value) >= tail {
		if h := wordHash([]byte(value[:tail])); w.filter[h/64]&(1<<(h%64)) == 0 {
			return false
		}
	}
	return slices.ContainsFunc(w.texts, func(text string) bool { return strings.Contains(text, value) })
}

// wordHash spreads the first eight bytes of a piece over the bits of the filter.
func wordHash(piece []byte) uint64 { return spread(binary.LittleEndian.Uint64(piece), wordBits) }
