package reference

import (
	"fmt"
	"maps"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

// tokenType is that of RFC 9068 section 2.1.
const tokenType = "at+jwt"

// issued is a token as the server remembers it.
type issued struct {
	value   string         // what the client presents
	id      string         // jti
	claims  map[string]any // as signed; never changed
	starts  time.Time      // whole seconds, and so is expires
	expires time.Time
}

// mint makes a token for the account. It takes milliseconds: call it without holding locks.
func (s *Server) mint(accountID, issuer string, from time.Time, lifetime time.Duration, hooks Hooks) (issued, error) {
	from = from.Truncate(time.Second)
	t := issued{id: uuid.New(), starts: from, expires: from.Add(lifetime).Truncate(time.Second)}
	t.claims = map[string]any{ // those that RFC 9068 section 2.2 requires, and nbf
		"iss":       issuer,
		"sub":       accountID,
		"aud":       issuer,
		"client_id": accountID,
		"jti":       t.id,
		"iat":       from.Unix(),
		"nbf":       from.Unix(),
		"exp":       t.expires.Unix(),
	}
	if hooks.Claims != nil {
		hooks.Claims(t.claims)
	}
	unsigned := jwt.NewWithClaims(s.keys.method, jwt.MapClaims(maps.Clone(t.claims)))
	unsigned.Header["typ"] = tokenType
	unsigned.Header["kid"] = s.keys.signingID
	if s.config.Tokens == JWS && hooks.Header != nil {
		hooks.Header(unsigned.Header)
	}
	input, err := unsigned.SigningString()
	if err != nil {
		return issued{}, fmt.Errorf("writing token: %w", err)
	}
	if hooks.Input != nil {
		input = hooks.Input(input)
	}
	signature, err := unsigned.Method.Sign(input, s.keys.signing)
	if err != nil {
		return issued{}, fmt.Errorf("signing token: %w", err)
	}
	t.value = input + "." + segment(signature)
	if s.config.Tokens == JWE {
		if t.value, err = s.keys.encrypt(t.value, hooks.Header); err != nil {
			return issued{}, fmt.Errorf("encrypting token: %w", err)
		}
	}
	if hooks.Sign != nil {
		t.value = hooks.Sign(t.value)
	}
	return t, nil
}
