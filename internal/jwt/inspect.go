package jwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// MaxCharacters is the length up to which a token is looked at.
const MaxCharacters = 64 << 10

// maxSegments is how many segments are described; more than five are wrong in any case.
const maxSegments = 8

// Inspect tells the facts about a token that came from a target. It accepts anything, and never honours a placeholder:
// a target that sends one has sent a malformed token.
func Inspect(raw string) Facts {
	f := Facts{Kind: Unknown, Characters: len(raw)}
	if len(raw) > MaxCharacters {
		f.Oversize = true
		return f
	}
	parts := strings.Split(raw, ".")
	f.Count = len(parts)
	for _, part := range parts[:min(len(parts), maxSegments)] {
		f.Segments = append(f.Segments, inspectSegment(part))
	}
	switch f.Count {
	case 3:
		f.Kind = JWS
		f.Header, f.HeaderFault = object(parts[0])
		f.Claims, f.ClaimsFault = object(parts[1])
		f.Library = jwtOpinion(raw)
	case 5:
		f.Kind = JWE
		f.Header, f.HeaderFault = object(parts[0])
		f.Library = joseOpinion(raw)
	}
	return f
}

// InspectSalted is Inspect with a digest, by which equal tokens can be told within one run: HMAC-SHA256 under the salt,
// cut to 128 bits, in hexadecimal.
func InspectSalted(raw string, salt []byte) Facts {
	f := Inspect(raw)
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(raw))
	f.Digest = hex.EncodeToString(mac.Sum(nil)[:16])
	return f
}

func inspectSegment(part string) Segment {
	s := Segment{Characters: len(part), Bytes: -1}
	if i := strings.IndexFunc(part, foreign); i >= 0 {
		s.Foreign = foreignClass(part[i])
		return s
	}
	s.Alphabet = true
	if decoded, err := base64.RawURLEncoding.DecodeString(part); err == nil {
		s.Bytes = len(decoded)
		_, err = base64.RawURLEncoding.Strict().DecodeString(part)
		s.Canonical = err == nil
	}
	return s
}

// alphabet is base64url, RFC 4648 section 5.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func foreign(r rune) bool { return !strings.ContainsRune(alphabet, r) }

func foreignClass(c byte) string {
	switch {
	case c == '=':
		return "padding"
	case c == '+' || c == '/':
		return "a character of the plain base64 alphabet"
	case strings.IndexByte(" \t\r\n\v\f", c) >= 0:
		return "white space"
	case c < 0x20 || c == 0x7f:
		return "a control character"
	case c >= 0x80:
		return "a character outside ASCII"
	}
	return "a character outside the base64url alphabet"
}

// object decodes a segment into the text of a JSON object. Text that is anything else is not given away, for it need
// not be what the position promises: only its fault is told.
func object(part string) (object, fault string) {
	if strings.IndexFunc(part, foreign) >= 0 {
		return "", faultEncoding
	}
	decoded, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return "", faultEncoding
	}
	if fault := objectFault(decoded); fault != "" {
		return "", fault
	}
	return string(decoded), ""
}
