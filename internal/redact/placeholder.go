package redact

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// placeholderStart begins what a reader sees in the place of a secret.
const placeholderStart = "[redacted:"

// ours is a placeholder of reports, whatever the secrets of a run are.
var ours = regexp.MustCompile(`\[redacted:[a-z]+-\d+\]`)

// placeholder is what a reader sees in place of the secret of that name.
func placeholder(name string) string { return placeholderStart + name + "]" }

// Opaque is what a reader sees in place of what looks like a credential and has a length.
func Opaque(length int) string { return placeholder("opaque-" + strconv.Itoa(length)) }

// inert drops the spans that lie within placeholders: a secret may be a word of which placeholders are made.
func inert(text []byte, spans []span) []span {
	if len(spans) == 0 || !bytes.Contains(text, []byte(placeholderStart)) {
		return spans
	}
	places := ours.FindAllIndex(text, -1)
	kept := spans[:0]
	for _, s := range spans {
		for len(places) > 0 && places[0][1] <= s.start {
			places = places[1:]
		}
		if len(places) == 0 || s.start < places[0][0] || places[0][1] < s.end {
			kept = append(kept, s)
		}
	}
	return kept
}

// recorded is the word that a recording has in the place of what looks like a credential: its length, and letters that are
// the same for the same text. Characters at its end keep a text unfit for what the credential made it unfit for.
var recorded = regexp.MustCompile(`redacted-(\d{1,9})-[a-z2-7]{8}[+/~]{0,3}`)

// Word is the word that a recording has in the place of a text that looks like a credential. The digest has eight
// characters, a to z and 2 to 7, and tells one text from another. The word is no longer than the shortest text that looks so,
// is fit for every header, URL and JSON string for which the text is, and is a Kubernetes label only if the text could be one.
func Word(text []byte, length int, digest string) string {
	const longestLabel = 63
	word := fmt.Sprintf("redacted-%d-%s", length, digest)
	for _, c := range "+/" {
		if bytes.ContainsRune(text, c) {
			word += string(c)
		}
	}
	if length > longestLabel || bytes.IndexByte(text, '~') >= 0 {
		word += "~"
	}
	if !utf8.Valid(text) {
		word += "\xff"
	}
	if bytes.ContainsFunc(text, func(c rune) bool { return c < ' ' }) {
		word += "\x01" // as it stands, no JSON string may hold it
	}
	return word + strings.Repeat("=", len(text)-len(bytes.TrimRight(text, "=")))
}

// Shown is a text of a recording, the words of which it shows as Conceal does.
func Shown(text string) string {
	if !strings.Contains(text, "redacted-") {
		return text
	}
	return recorded.ReplaceAllStringFunc(text, func(word string) string {
		length, _, _ := strings.Cut(strings.TrimPrefix(word, "redacted-"), "-")
		return placeholder("opaque-" + length)
	})
}
