// Package secret knows what is secret in a run, and is the one filter that every writer passes through. It writes
// nothing by itself, and never gives a secret back.
package secret

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// shortest is the length in bytes below which a value is no secret: it would be found everywhere.
const shortest = 8

// Registry holds the secrets of a run. It is safe for concurrent use. What was filtered before a secret was added was
// not filtered for it: add a secret before it can be written.
type Registry struct {
	mu    sync.RWMutex
	names map[string]string
	last  map[string]int
	index index
}

// New returns a registry without secrets.
func New() *Registry {
	return &Registry{names: map[string]string{}, last: map[string]int{}, index: newIndex()}
}

// Add registers a value under a label in words: the first value labelled "token" is shown as "[redacted:token-1]",
// the second as "[redacted:token-2]". Values shorter than 8 bytes are ignored, and so is a value that is known already.
//
// Of a value in the compact form of JWS (RFC 7515 section 7.1) or JWE (RFC 7516 section 7.1) the confidential segments
// are secret by themselves, under the same name. A value of several lines is secret line by line too, because a Writer
// works by line.
func (r *Registry) Add(label, value string) {
	if len(value) < shortest {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names[value] != "" {
		return
	}
	r.last[label]++
	name := fmt.Sprintf("%s-%d", label, r.last[label])
	r.names[value] = name
	r.index.addSecret(value, name)
	for _, part := range append(confidential(value), lines(value)...) {
		r.index.addSecret(part, name)
	}
}

// Len is the number of secrets.
func (r *Registry) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.names)
}

// Redact returns b with a placeholder in place of every secret, in whichever form it occurs: raw, escaped for URLs,
// JSON, HTML or a shell (also one within another), in base64 at any alignment, or in hexadecimal digits. It returns b
// itself where it holds no secret, and never changes it.
func (r *Registry) Redact(b []byte) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return replace(b, r.index.search(b))
}

// Filter is Redact, and looks once more at what it changed: left names a secret that is still there, "" for none.
func (r *Registry) Filter(b []byte) (clean []byte, left string) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	spans := r.index.search(b)
	if len(spans) == 0 {
		return b, ""
	}
	clean = replace(b, spans)
	if spans = r.index.search(clean); len(spans) > 0 {
		left = spans[0].name
	}
	return clean, left
}

// RedactString is Redact for strings.
func (r *Registry) RedactString(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	text := []byte(s)
	spans := r.index.search(text)
	if len(spans) == 0 {
		return s
	}
	return string(replace(text, spans))
}

// Translate is Redact with words of the caller's for secrets that stand there whole, as they are or escaped as in a JSON
// string: word is told the secret, and must not keep it. The word of a secret that was escaped is escaped in its turn, so
// that it reads as the secret read. The rest passes through plain, stretch by stretch.
func (r *Registry) Translate(b []byte, word func(secret string) string) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	spans := r.index.search(b)
	if len(spans) == 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	done := 0
	for _, s := range spans {
		out = append(out, b[done:s.start]...)
		out = append(out, r.translated(b[s.start:s.end], s.name, word)...)
		done = s.end
	}
	return append(out, b[done:]...)
}

func (r *Registry) translated(text []byte, name string, word func(string) string) string {
	var plain string
	if json.Unmarshal([]byte(`"`+string(text)+`"`), &plain) == nil && plain != string(text) && r.names[plain] != "" {
		w := word(plain)
		return fmt.Sprintf(`\u%04x`, w[0]) + w[1:]
	}
	if r.names[string(text)] != "" {
		return word(string(text))
	}
	return placeholder(name)
}

// Find reports whether b still holds a secret in any form, and under which name, such as "token-1".
func (r *Registry) Find(b []byte) (label string, found bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	spans := r.index.search(b)
	if len(spans) == 0 {
		return "", false
	}
	return spans[0].name, true
}

// window is the number of bytes within which every secret ends that begins in them, whatever its form.
func (r *Registry) window() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.index.longest * widest
}

// placeholder is what a reader sees in place of the secret of that name.
func placeholder(name string) string { return "[redacted:" + name + "]" }

// replace returns text with the placeholders of the spans, which are in order and do not overlap.
func replace(text []byte, spans []span) []byte {
	if len(spans) == 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	done := 0
	for _, s := range spans {
		out = append(out, text[done:s.start]...)
		out = append(out, placeholder(s.name)...)
		done = s.end
	}
	return append(out, text[done:]...)
}

// lines returns the lines of a value that has several.
func lines(value string) []string {
	if !strings.ContainsAny(value, "\r\n") {
		return nil
	}
	var long []string
	for _, line := range strings.FieldsFunc(value, func(c rune) bool { return c == '\r' || c == '\n' }) {
		if len(line) >= shortest {
			long = append(long, line)
		}
	}
	return long
}
