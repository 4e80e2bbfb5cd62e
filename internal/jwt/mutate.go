package jwt

import (
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Mutation is a credential that a target must refuse, made out of a good one. Most of a good token is still in it: it
// is to be kept as secret as the good one.
type Mutation struct {
	// Name says in words what was done: "flip-segment-1", "strip-signature"...
	Name  string
	Token string
}

// Mutations damages a token in every way that its form allows; JWS, JWE and opaque tokens alike. All of the results
// differ from the token and from one another, and all bytes of a token that are authenticated are touched by one of
// them: the segments, one by one, are changed, removed and, where they hold an object, spaced otherwise.
func Mutations(raw string) []Mutation {
	if raw == "" || len(raw) > MaxCharacters || strings.Count(raw, ".") >= maxSegments {
		return nil
	}
	var out []Mutation
	add := func(name, token string) {
		same := func(m Mutation) bool { return m.Token == token }
		if token != "" && token != raw && !slices.ContainsFunc(out, same) {
			out = append(out, Mutation{name, token})
		}
	}
	parts := strings.Split(raw, ".")
	replace := func(i int, part string) string {
		changed := slices.Clone(parts)
		changed[i] = part
		return strings.Join(changed, ".")
	}
	last := len(parts) - 1
	for i, part := range parts {
		add(fmt.Sprintf("flip-segment-%d", i+1), replace(i, flip(part)))
	}
	for i := range parts {
		add(fmt.Sprintf("remove-segment-%d", i+1), strings.Join(slices.Delete(slices.Clone(parts), i, i+1), "."))
	}
	f := Inspect(raw)
	if f.Header != "" {
		add("respace-header", replace(0, encode(f.Header+" ")))
	}
	if f.Claims != "" {
		add("respace-claims", replace(1, encode(f.Claims+" ")))
	}
	if last > 0 {
		add("strip-signature", replace(last, ""))
		add("zero-signature", replace(last, strings.Repeat("A", len(parts[last]))))
	}
	add("append-character", raw+"A")
	add("append-segment", raw+".AAAA")
	add("upper-case", strings.ToUpper(raw))
	return out
}

// flip changes one character of a segment for another of base64url, in the highest of its six bits. The character is
// never the last, whose bits may be unused, unless it is the only one: then the segment decodes to nothing anyhow.
func flip(part string) string {
	middle := len(part) / 2
	for offset := range part {
		i := (middle + offset) % len(part)
		value := strings.IndexByte(alphabet, part[i])
		if value < 0 || i == len(part)-1 && i > 0 {
			continue
		}
		return part[:i] + alphabet[value^32:value^32+1] + part[i+1:]
	}
	return part
}

// Random returns a token of segments of 32 random bytes each: of the form of a token, and of no meaning. The reader is
// a source of randomness and must not fail.
func Random(r io.Reader, segments int) string {
	parts := make([]string, max(segments, 0))
	for i := range parts {
		octets := make([]byte, 32)
		_, _ = io.ReadFull(r, octets)
		parts[i] = base64.RawURLEncoding.EncodeToString(octets)
	}
	return strings.Join(parts, ".")
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
