package jwt

import (
	"encoding/json"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// Example is the token of the example on the API page, which anybody can read: it is no credential anywhere.
const Example = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ." +
	"SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"

// Weak returns tokens that are signed by HS256 with secrets that everybody knows: none, words of tutorials and defaults, and what
// a key lookup by kid finds in an empty file, or makes of a query. Header and claims are chosen as for Unsigned. RFC 8725 sections
// 2.2, 3.5 and 3.10.
func Weak(good string, minted map[string]any) ([]Mutation, error) {
	var out []Mutation
	for _, w := range []struct{ name, secret, kid string }{
		{"weak-empty", "", ""},
		{"weak-secret", "secret", ""},
		{"weak-password", "password", ""},
		{"weak-changeme", "changeme", ""},
		{"weak-your-256-bit-secret", "your-256-bit-secret", ""},
		{"weak-kid-file", "", "../../../../../../dev/null"},
		{"weak-kid-query", "key", "none' UNION SELECT 'key"},
	} {
		model, err := modelOf(good, minted)
		if err != nil {
			return nil, err
		}
		extra := map[string]json.RawMessage{}
		if w.kid != "" {
			extra["kid"], _ = json.Marshal(w.kid) // a string always marshals
		}
		input := model.signingInput("HS256", extra)
		signature, err := jwt.SigningMethodHS256.Sign(input, []byte(w.secret))
		if err != nil {
			return nil, fmt.Errorf("signing with HS256: %w", err)
		}
		out = append(out, Mutation{w.name, input + "." + encode(string(signature))})
	}
	return out, nil
}
