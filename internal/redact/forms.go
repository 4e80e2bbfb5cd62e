package redact

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

// longSegment is the length from which a segment of a token is a secret by itself.
const longSegment = 16

// compact is the compact form of a JWS (three segments) or a JWE (five). Keys and tags may be empty.
var compact = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*)?$`)

// confidential returns the segments of a token in compact form that are secret by themselves: the signature of a JWS;
// the encrypted key, the ciphertext and the authentication tag of a JWE. Header and claims are not, reports show them.
func confidential(value string) []string {
	if !compact.MatchString(value) {
		return nil
	}
	segments := strings.Split(value, ".")
	parts := segments[2:3]
	if len(segments) == 5 {
		parts = []string{segments[1], segments[3], segments[4]}
	}
	return slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return len(s) < longSegment })
}

// pattern is one form of one secret.
type pattern struct {
	text string
	name string
	// before and after are set if the neighbouring character holds bits of the secret too: in base64.
	before, after bool
	// part is set if the rest of the secret may stand beside it.
	part bool
}

// forms returns the forms of a secret that undoing escapes does not lead back to the secret itself.
func forms(value, name string) []pattern {
	found := []pattern{{text: value, name: name}}
	if spaced := strings.ReplaceAll(value, " ", "+"); spaced != value {
		found = append(found, pattern{text: spaced, name: name})
	}
	// A secret may itself read like escapes, which are undone with those around it.
	var v view
	for text := []byte(value); v.undo(text, marksOfEscapes) && len(v.text) >= shortest; text = slices.Clone(v.text) {
		found = append(found, pattern{text: string(v.text), name: name})
	}
	if joined := withoutSpace(value); joined != value && len(joined) >= shortestJoined {
		found = append(found, pattern{text: joined, name: name})
	}
	found = append(found, pattern{text: hex.EncodeToString([]byte(value)), name: name})
	for offset := range 3 {
		p := inBase64(value, offset)
		p.name = name
		found = append(found, p)
		if url := strings.NewReplacer("+", "-", "/", "_").Replace(p.text); url != p.text {
			p.text = url
			found = append(found, p)
		}
	}
	return found
}

// withoutSpace is a secret that has spaces as a text without any shows it.
func withoutSpace(value string) string {
	var v view
	if !v.join([]byte(value)) {
		return value
	}
	return string(v.text)
}

// inBase64 returns the characters that a value causes in a longer base64 text when it begins at a byte offset, modulo
// 3: those which no neighbouring byte has a part in.
func inBase64(value string, offset int) pattern {
	const bitsOfByte, bitsOfChar = 8, 6
	text := base64.RawStdEncoding.EncodeToString(append(make([]byte, offset), value...))
	begin := (bitsOfByte*offset + bitsOfChar - 1) / bitsOfChar
	bits := bitsOfByte * (offset + len(value))
	return pattern{
		text:   text[begin : bits/bitsOfChar],
		before: offset != 0,
		after:  bits%bitsOfChar != 0,
	}
}
