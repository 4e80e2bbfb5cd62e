package tracking

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Longest is the length of the longest body, in bytes, that is read for the sake of its texts: what the suite sends in
// longer ones is a description, and names without escapes.
const Longest = 64 << 10

// TextsOf finds the texts of a body that hold the prefix of a run, in letters of either case, by which an account that the body makes can be told:
// whole strings if the body is JSON, and else as much as can stand in a name.
func TextsOf(body []byte, prefix string) []string {
	found, lower := []string{}, strings.ToLower(prefix)
	add := func(text string) {
		if strings.Contains(strings.ToLower(text), lower) && !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	var document any
	if len(body) <= Longest && json.Unmarshal(body, &document) == nil {
		eachText(document, add)
	}
	for rest := body; ; { // a body may say a thing twice, of which JSON keeps the last
		at := indexFold(rest, lower)
		if at < 0 {
			return found
		}
		end := at
		for end < len(rest) && nameable(rest[end]) {
			end++
		}
		add(string(rest[at:end]))
		rest = rest[max(end, at+1):]
	}
}

// indexFold is where a body first holds the prefix of a run, in letters of either case; -1 if nowhere. A prefix has a hyphen,
// which is looked for first, since a body may have megabytes.
func indexFold(body []byte, lower string) int {
	hyphen := strings.IndexByte(lower, '-')
	for start := max(hyphen, 0); ; {
		at := bytes.IndexByte(body[min(start, len(body)):], '-')
		if hyphen < 0 || at < 0 {
			return -1
		}
		start += at + 1
		if begin := start - 1 - hyphen; begin+len(lower) <= len(body) && bytes.EqualFold(body[begin:begin+len(lower)], []byte(lower)) {
			return begin
		}
	}
}

// nameable reports whether a name may hold a character.
func nameable(c byte) bool { return c == '.' || c == '-' || InWord(c) }

func eachText(value any, do func(string)) {
	switch v := value.(type) {
	case string:
		do(v)
	case []any:
		for _, item := range v {
			eachText(item, do)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			eachText(v[name], do)
		}
	}
}

// InWord reports whether a byte is a letter, a digit or an underscore.
func InWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
