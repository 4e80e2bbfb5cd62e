package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Conceal returns a text of a target's as a reader may see it: without the secrets that are known, the values that their
// names call credentials, and whatever else looks like a credential. It takes a body, which may be JSON, or any other text.
// UUIDs, ids, times, trace contexts and the names of the suite's accounts stay.
func (r *Registry) Conceal(text string) string {
	if len(text) < 3 {
		return text
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	f := &finder{registry: r, index: &r.index}
	f.body([]byte(text))
	return Shown(f.shown(text))
}

// ConcealHeader is Conceal for the value of a header: where its name says that it is a credential, all of it is hidden.
func (r *Registry) ConcealHeader(name, value string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	f := &finder{registry: r, index: &r.index}
	f.header(name, []byte(value))
	return Shown(f.shown(value))
}

// Mask is Conceal of a text without a registry: it hides what looks like a credential.
func Mask(text string) string {
	if len(text) < shortest {
		return text
	}
	f := &finder{index: &index{scratch: scratch()}}
	f.text([]byte(text), 0, "", false)
	return Shown(f.shown(text))
}

// shown is the text with placeholders for readers.
func (f *finder) shown(text string) string {
	spans := inert([]byte(text), f.all([]byte(text)))
	if len(spans) == 0 {
		return text
	}
	return string(replace([]byte(text), spans))
}

// Words are what a recording has in the places of secrets. The functions must not keep what they are given.
type Words struct {
	// Token is the word for an access token or another secret that stands there whole.
	Token func(secret string) string
	// Opaque is the word for any other text, whose length without escapes is told.
	Opaque func(text []byte, length int) string
}

// Recorded is Conceal with words of the caller's. The word of a secret that was escaped as in a JSON string is escaped in
// its turn, so that it reads as the secret read.
func (r *Registry) Recorded(body []byte, words Words) []byte {
	return r.record(body, words, func(f *finder) { f.body(body) })
}

// RecordedToken is Recorded for the header or the claims of a token: what only looks like a credential stays there.
func (r *Registry) RecordedToken(text string, words Words) string {
	return string(r.record([]byte(text), words, func(f *finder) {
		f.shapeless = true
		f.body([]byte(text))
	}))
}

// RecordedHeader is ConcealHeader with words of the caller's.
func (r *Registry) RecordedHeader(name, value string, words Words) string {
	return string(r.record([]byte(value), words, func(f *finder) { f.header(name, []byte(value)) }))
}

func (r *Registry) record(text []byte, words Words, find func(*finder)) []byte {
	spans := r.found(text, find)
	if len(spans) == 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	done := 0
	for _, s := range spans {
		out = append(out, text[done:s.start]...)
		out = append(out, word(text[s.start:s.end], s, words)...)
		done = s.end
	}
	return append(out, text[done:]...)
}

// found are the places that find finds. Of a secret that stands there whole, the kind is told.
func (r *Registry) found(text []byte, find func(*finder)) []span {
	r.mu.RLock()
	defer r.mu.RUnlock()
	f := &finder{registry: r, index: &r.index}
	find(f)
	spans := f.all(text)
	for i, s := range spans {
		plain, _ := unquoted(text[s.start:s.end])
		if r.names[string(text[s.start:s.end])] != "" || r.names[plain] != "" {
			spans[i].kind = token
		}
	}
	return spans
}

func word(text []byte, s span, words Words) string {
	if s.kind == figure {
		return "0"
	}
	if s.kind == token {
		if plain, ok := unquoted(text); ok && plain != string(text) {
			w := words.Token(plain)
			return fmt.Sprintf(`\u%04x`, w[0]) + w[1:]
		}
		return words.Token(string(text))
	}
	length := s.size
	if length == 0 {
		length = len(text)
	}
	return words.Opaque(text, length)
}

// unquoted is what a text says within the quotes of JSON.
func unquoted(text []byte) (plain string, ok bool) {
	if len(text) > mostOverlap || bytes.IndexByte(text, '\\') < 0 {
		return string(text), true
	}
	err := json.Unmarshal(slices.Concat([]byte{'"'}, text, []byte{'"'}), &plain)
	return plain, err == nil
}

// MaskHeader is Mask for the value of a header: where its name says that it is a credential, all of it is hidden.
func MaskHeader(name, value string) string {
	f := &finder{index: &index{scratch: scratch()}}
	f.header(name, []byte(value))
	return Shown(f.shown(value))
}
