// Package jwt parses access tokens, JWS and JWE, and checks their structure by the RFCs of their kind. Inspect never fails and
// returns the facts; each Check function applies one rule to them. No message contains a signature, a key, a ciphertext or the
// token. The package reads no clock, sends nothing and decrypts nothing.
package jwt

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// Kind is the shape of a token, told by its number of segments (RFC 7516 section 9).
type Kind string

// The kinds of token.
const (
	JWS     Kind = "JWS"     // three segments, RFC 7515 section 7.1
	JWE     Kind = "JWE"     // five segments, RFC 7516 section 7.1
	Unknown Kind = "unknown" // any other number of segments, or too long to be looked at
)

// Facts is what may be known about a token by everybody: nothing in it helps to use or to rebuild the token.
type Facts struct {
	Kind Kind `json:"kind"`
	// Characters is the length of the token.
	Characters int `json:"characters"`
	// Oversize is set if the token is longer than MaxCharacters; then nothing below Count is known.
	Oversize bool `json:"oversize,omitempty"`
	// Word is set if the token is a word of the contract, which may stand anywhere by chance. Inspect does not tell.
	Word bool `json:"word,omitempty"`
	// Count is the number of segments; Segments describes the first eight.
	Count    int       `json:"count"`
	Segments []Segment `json:"segments,omitempty"`
	// Header is the header as JSON text, exactly as encoded; "" unless it is one JSON object in UTF-8. HeaderFault
	// then tells why not.
	Header      string `json:"header,omitempty"`
	HeaderFault string `json:"headerFault,omitempty"`
	// Claims and ClaimsFault are the same for the payload of a JWS; both are empty for other kinds.
	Claims      string `json:"claims,omitempty"`
	ClaimsFault string `json:"claimsFault,omitempty"`
	// Library tells why an independent library refuses to read the token (golang-jwt for JWS, go-jose for JWE); ""
	// where it reads it. The words are this package's, never the library's.
	Library string `json:"library,omitempty"`
	// Digest is equal for equal tokens under one salt; "" without a salt.
	Digest string `json:"digest,omitempty"`
}

// Segment describes one part of a token between dots.
type Segment struct {
	Characters int `json:"characters"`
	// Bytes is the decoded length, -1 if the segment is not base64url without padding.
	Bytes int `json:"bytes"`
	// Alphabet is set if every character is of the base64url alphabet (RFC 4648 section 5); padding and line breaks
	// are not. Foreign names the class of the first character that is not: "padding", "white space"...
	Alphabet bool   `json:"alphabet"`
	Foreign  string `json:"foreign,omitempty"`
	// Canonical is set if the segment decodes and no unused trailing bit is set (RFC 4648 section 3.5).
	Canonical bool `json:"canonical"`
}

// Claim returns a claim of a JWS as JSON text; of several members of one name, the last (RFC 7519 section 4).
func (f Facts) Claim(name string) (json.RawMessage, bool) {
	return member(f.Claims, name)
}

// StringClaim returns a claim that is a string; false if it is absent or of another type.
func (f Facts) StringClaim(name string) (string, bool) {
	raw, ok := f.Claim(name)
	if !ok {
		return "", false
	}
	return text(raw)
}

// NumericDate returns a claim that is a NumericDate between 1970 and 9999 (RFC 7519 section 2); false otherwise.
func (f Facts) NumericDate(name string) (time.Time, bool) {
	raw, ok := f.Claim(name)
	if !ok {
		return time.Time{}, false
	}
	return numericDate(raw)
}

// HeaderMember returns a header parameter as JSON text; of several members of one name, the last.
func (f Facts) HeaderMember(name string) (json.RawMessage, bool) {
	return member(f.Header, name)
}

// HeaderString returns a header parameter that is a string; false if it is absent or of another type.
func (f Facts) HeaderString(name string) (string, bool) {
	raw, ok := f.HeaderMember(name)
	if !ok {
		return "", false
	}
	return text(raw)
}

// Algorithm is the header parameter alg, "" if there is none.
func (f Facts) Algorithm() string {
	alg, _ := f.HeaderString("alg")
	return alg
}

// KeyID is the header parameter kid, "" if there is none.
func (f Facts) KeyID() string {
	kid, _ := f.HeaderString("kid")
	return kid
}

// Nested reports whether a JWE says that it encloses another JWT (RFC 7519 section 5.2).
func (f Facts) Nested() bool {
	cty, _ := f.HeaderString("cty")
	return f.Kind == JWE && isMediaType(cty, "jwt")
}

// segment is the segment of number n, counted from one; the zero Segment if there is none.
func (f Facts) segment(n int) Segment {
	if n < 1 || n > len(f.Segments) {
		return Segment{Bytes: -1}
	}
	return f.Segments[n-1]
}

// numericDate reads a JSON number as seconds since 1970, fractions included, up to the end of the year 9999.
func numericDate(raw json.RawMessage) (time.Time, bool) {
	if whole, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return time.Unix(whole, 0).UTC(), whole >= 0 && whole <= endOfTime
	}
	if kindOf(raw) != "a number" {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || seconds < 0 || seconds >= endOfTime+1 {
		return time.Time{}, false
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(fraction*float64(time.Second))).UTC(), true
}

// endOfTime is 9999-12-31T23:59:59Z, the last second that RFC 3339 can write.
const endOfTime = 253402300799
