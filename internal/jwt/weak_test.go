package jwt

import (
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// Whoever checks signatures by a secret that everybody knows takes one of the tokens of Weak.
func TestWeak(t *testing.T) {
	weak, err := Weak(signed(t, "ES512"), nil)
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for _, m := range weak {
		for _, secret := range []string{"", "secret", "password", "changeme", "your-256-bit-secret", "key"} {
			parser := jwt.NewParser(jwt.WithoutClaimsValidation(), jwt.WithValidMethods([]string{"HS256"}))
			if _, err := parser.Parse(m.Token, func(*jwt.Token) (any, error) { return []byte(secret), nil }); err == nil {
				taken[secret] = true
			}
		}
	}
	if len(taken) != 6 {
		t.Errorf("taken by the secrets %v alone", taken)
	}
}
