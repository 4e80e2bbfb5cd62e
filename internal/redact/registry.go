// Package redact holds the secrets of a run and replaces them in every text before it is written. All writers use it. It
// writes nothing itself, and never returns a secret.
package redact

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// shortest is the length in bytes below which a value is no secret: it would be found everywhere.
const shortest = 8

// Registry holds the secrets of a run. It is safe for concurrent use. What was filtered before a secret was added was
// not filtered for it: add a secret before it can be written.
type Registry struct {
	mu        sync.RWMutex
	names     map[string]string
	last      map[string]int
	index     index
	public    words
	own       words
	variables []Variable
	// parts are the names of the secrets of which parts are searched for; "" for a part of several.
	parts map[string]string
	// common are the names of secrets that are words of the suite's own too.
	common map[string]bool
}

// New returns a registry without secrets.
func New() *Registry {
	return &Registry{names: map[string]string{}, last: map[string]int{}, index: newIndex(), parts: map[string]string{}, common: map[string]bool{}}
}

// Public tells texts of which no part is secret: the words of the contract, the address of the target, the organization.
// A credential that is such a word is hidden where a credential is expected, and not where the word is. It is called before
// secrets are added.
func (r *Registry) Public(texts ...string) {
	r.public.add(texts)
}

// Own tells texts of which reports are made. A credential that is such a word is hidden in what a target sent, and not in what
// the suite itself says. It is called before secrets are added.
func (r *Registry) Own(texts ...string) {
	r.own.add(texts)
}

// Add registers a value under a label of small letters: the first value labelled "token" is shown as "[redacted:token-1]",
// the second as "[redacted:token-2]". Values shorter than 8 bytes are ignored, and so is a value that is known already.
//
// Of a value in the compact form of JWS (RFC 7515 section 7.1) or JWE (RFC 7516 section 7.1) the confidential segments
// are secret by themselves, under the same name. A value of several lines is secret line by line too, because a Writer
// works by line.
func (r *Registry) Add(label, value string) { r.add(label, value, wholeOnly) }

// AddOperator is Add for a credential of the operator's: parts of it are secret too, so that it is found if it is cut short.
func (r *Registry) AddOperator(label, value string) { r.add(label, value, short) }

// AddIssued is Add for a token that a target issues: it is found if it is cut short by up to a third.
func (r *Registry) AddIssued(label, value string) { r.add(label, value, half) }

func (r *Registry) add(label, value string, parts parting) {
	if len(value) < shortest || r.public.contain(value) {
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
	r.common[name] = r.own.contain(value)
	r.index.addSecret(value, name)
	secret := confidential(value)
	for _, part := range slices.Concat(secret, lines(value)) {
		r.index.addSecret(part, name)
	}
	if len(secret) == 0 {
		secret = []string{value}
	}
	for _, segment := range secret {
		for _, part := range partsOf(segment, parts) {
			if !r.public.contain(part) && !r.own.contain(part) {
				r.addPart(part, name)
			}
		}
	}
}

// addPart makes a part of a secret known. A part of two secrets, such as the beginning that all tokens of a target share, says
// neither of them: it is no secret.
func (r *Registry) addPart(part, name string) {
	switch owner, known := r.parts[part]; {
	case !known:
		r.parts[part] = name
		r.index.add(pattern{text: part, name: name, part: true})
	case owner != name:
		r.parts[part] = ""
		r.index.removePart(part)
	}
}

// Variable is the environment variable that a credential of the operator's is read from.
type Variable struct{ Name, Value string }

// Name tells the variable of a credential.
func (r *Registry) Name(value, variable string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v := (Variable{Name: variable, Value: value}); value != "" && !slices.Contains(r.variables, v) {
		r.variables = append(r.variables, v)
	}
}

// Variables are those that Name told.
func (r *Registry) Variables() []Variable {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.variables)
}

// Len is the number of secrets.
func (r *Registry) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.names)
}

// Redact returns a text of the suite's own with a placeholder in place of every secret that is known, in whichever form it occurs: raw, escaped for
// URLs, JSON, HTML or a shell (also one within another), in base64 at any alignment, in hexadecimal digits, in another
// letter case, or with white space in it. It returns b itself where it holds no secret, and never changes it.
func (r *Registry) Redact(b []byte) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return replace(b, r.search(b))
}

// Filter is Redact, and looks once more at what it changed: left names a secret that is still there, "" for none.
func (r *Registry) Filter(b []byte) (clean []byte, left string) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	spans := r.search(b)
	if len(spans) == 0 {
		return b, ""
	}
	clean = replace(b, spans)
	if spans = r.search(clean); len(spans) > 0 {
		left = spans[0].name
	}
	return clean, left
}

// RedactString is Redact for strings.
func (r *Registry) RedactString(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	text := []byte(s)
	spans := r.search(text)
	if len(spans) == 0 {
		return s
	}
	return string(replace(text, spans))
}

// Find reports whether b still holds a secret in any form, and under which name, such as "token-1".
func (r *Registry) Find(b []byte) (label string, found bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	spans := r.search(b)
	if len(spans) == 0 {
		return "", false
	}
	return spans[0].name, true
}

// search returns the places of the secrets that are known.
func (r *Registry) search(b []byte) []span {
	known, _ := r.index.search(b, nil)
	return inert(b, slices.DeleteFunc(known, func(s span) bool { return r.common[s.name] }))
}

// window is the number of bytes within which every secret ends that begins in them, whatever its form.
func (r *Registry) window() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.index.overlap()
}

// replace returns text with the placeholders of the spans, which are in order and do not overlap.
func replace(text []byte, spans []span) []byte {
	if len(spans) == 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	done := 0
	for _, s := range spans {
		out = append(out, text[done:s.start]...)
		out = append(out, s.placeholder()...)
		done = s.end
	}
	return append(out, text[done:]...)
}

func (s span) placeholder() string {
	switch {
	case s.kind == figure:
		return "0"
	case s.name != "":
		return placeholder(s.name)
	case s.size > 0:
		return Opaque(s.size)
	}
	return Opaque(s.end - s.start)
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
