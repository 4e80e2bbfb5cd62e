package probe

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Journal is told of every create before it is sent, and of what came of it.
type Journal interface {
	// Intend returns the number of a create once its intent is where the end of the process does not reach it.
	Intend(collection string, texts []string) (create int, err error)
	// Created tells of the account that the response named, Refused that there is none.
	Created(create int, collection, id, name string)
	Refused(create int)
	// Told tells of a create that was answered with success and with no id of an account of its own.
	Told(create int)
	// Deleted tells of an account that the target's list no longer holds.
	Deleted(id string)
	// Alive tells of an account that was deleted, that the list no longer holds, and of which the token works.
	Alive(id string)
}

// unjournalled is the journal of runs that have none.
type unjournalled struct{}

func (unjournalled) Intend(string, []string) (int, error) { return 0, nil }
func (unjournalled) Created(int, string, string, string)  {}
func (unjournalled) Refused(int)                          {}
func (unjournalled) Told(int)                             {}
func (unjournalled) Deleted(string)                       {}
func (unjournalled) Alive(string)                         {}

// longest is the length of the longest body, in bytes, that is read for the sake of its texts: what the suite sends in
// longer ones is a description, and names without escapes.
const longest = 64 << 10

// textsOf finds the texts of a body that hold the prefix of a run, in letters of either case, by which an account that the body makes can be told:
// whole strings if the body is JSON, and else as much as can stand in a name.
func textsOf(body []byte, prefix string) []string {
	found, lower := []string{}, strings.ToLower(prefix)
	add := func(text string) {
		if strings.Contains(strings.ToLower(text), lower) && !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	var document any
	if len(body) <= longest && json.Unmarshal(body, &document) == nil {
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
func nameable(c byte) bool { return c == '.' || c == '-' || inWord(c) }

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
