package jwt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// placeholderPrefix marks a placeholder; the rest is one word of base64url.
const placeholderPrefix = "redacted-token.v1."

// maxPlaceholder bounds what ParsePlaceholder decodes: the facts about the longest token, escaped and encoded.
const maxPlaceholder = 1 << 20

// Placeholder is what a recording holds in place of the token: one word, made of the facts alone, and fit for an
// Authorization header or a JSON string. ParsePlaceholder is its inverse.
func (f Facts) Placeholder() string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(f); err != nil {
		return placeholderPrefix // unreachable: Facts is made of strings, numbers and booleans
	}
	return placeholderPrefix + base64.RawURLEncoding.EncodeToString(bytes.TrimSpace(b.Bytes()))
}

// ParsePlaceholder reads the facts out of a placeholder. It takes only what Placeholder writes, byte for byte, of facts
// that Inspect could have told.
func ParsePlaceholder(s string) (Facts, bool) {
	encoded, ok := strings.CutPrefix(s, placeholderPrefix)
	if !ok || len(s) > maxPlaceholder {
		return Facts{}, false
	}
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return Facts{}, false
	}
	var f Facts
	if json.Unmarshal(text, &f) != nil || f.Placeholder() != s || !f.consistent() {
		return Facts{}, false
	}
	return f, true
}

// consistent reports whether the parts of the facts agree, so that rules may rely on them.
func (f Facts) consistent() bool {
	if len(f.Segments) != min(f.Count, maxSegments) || f.Oversize && f.Count != 0 {
		return false
	}
	headerOK := oneOf(f.Header, f.HeaderFault)
	claimsOK := oneOf(f.Claims, f.ClaimsFault)
	none := f.Claims == "" && f.ClaimsFault == ""
	switch f.Kind {
	case JWS:
		return f.Count == 3 && headerOK && claimsOK
	case JWE:
		return f.Count == 5 && headerOK && none
	case Unknown:
		return f.Count != 3 && f.Count != 5 && f.Header == "" && f.HeaderFault == "" && none
	}
	return false
}

// oneOf reports whether there is either an object or a fault.
func oneOf(object, fault string) bool {
	if fault != "" {
		return object == ""
	}
	return objectFault([]byte(object)) == ""
}
