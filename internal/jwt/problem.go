package jwt

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Problem is a broken rule. Its texts hold header parameters and claims, quoted and cut, but never text of a segment.
type Problem struct {
	// Where is "token", "segment 2", or a JSON pointer after the part that it points into: "header /alg",
	// "claims /exp", "jwks /keys/0/kid".
	Where string
	// Expected and Seen complete the sentences "expected …" and "seen …".
	Expected, Seen string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s: expected %s, seen %s", p.Where, p.Expected, p.Seen)
}

func problem(where, expected, seen string) []Problem {
	return []Problem{{Where: where, Expected: expected, Seen: seen}}
}

// applies reports whether a rule for the given kinds is to be asked about a token. A token of another kind has no
// problem with it; a token of no kind has, for silence would pass.
func applies(f Facts, kinds ...Kind) ([]Problem, bool) {
	for _, kind := range kinds {
		if f.Kind == kind {
			return nil, true
		}
	}
	if f.Kind == JWS || f.Kind == JWE {
		return nil, false
	}
	return shape(f), false
}

// shape says why a token is of no kind.
func shape(f Facts) []Problem {
	if f.Oversize {
		return problem("token", fmt.Sprintf("at most %d characters", MaxCharacters), plural(f.Characters, "character"))
	}
	return problem("token", "three segments (JWS) or five (JWE)", plural(f.Count, "segment"))
}

// headerParameter finds a header parameter; the problems say why it cannot be judged if there is no header.
func headerParameter(f Facts, name string) (raw json.RawMessage, present bool, unreadable []Problem) {
	if f.Header == "" {
		return nil, false, problem("header", "a JSON object", f.HeaderFault)
	}
	raw, present = f.HeaderMember(name)
	return raw, present, nil
}

// headerText finds a header parameter that must be a string.
func headerText(f Facts, name string) (string, []Problem) {
	raw, present, unreadable := headerParameter(f, name)
	if unreadable != nil {
		return "", unreadable
	}
	if !present {
		return "", problem("header /"+name, "a string", "no such member")
	}
	value, ok := text(raw)
	if !ok {
		return "", problem("header /"+name, "a string", describe(raw))
	}
	return value, nil
}

// maxQuoted is the number of characters after which a quoted value is cut.
const maxQuoted = 64

// quote renders a value that is not secret.
func quote(s string) string {
	if runes := []rune(s); len(runes) > maxQuoted {
		return strconv.Quote(string(runes[:maxQuoted])) + "…"
	}
	return strconv.Quote(s)
}

// unquoted is quote without the quotation marks, for a pointer or a number.
func unquoted(s string) string {
	q := quote(s)
	return q[1:strings.LastIndexByte(q, '"')] + strings.TrimPrefix(q[strings.LastIndexByte(q, '"'):], `"`)
}

// describe renders a JSON text: strings and numbers with their value, the rest by type.
func describe(raw json.RawMessage) string {
	if s, ok := text(raw); ok {
		return "the string " + quote(s)
	}
	if kind := kindOf(raw); kind != "a number" {
		return kind
	}
	return "the number " + unquoted(string(raw))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
