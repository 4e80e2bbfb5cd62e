package variants

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// keyVariants publish other key sets, and name other issuers.
func keyVariants() []mutant.Variant {
	const empty = "RFC 7517 section 5: keys is an array, and may be empty if no token needs a published key"
	noKeys := func() *mutant.Layer { return mutant.OnMember("/keys", mutant.Always([]any{}), mutant.Jwks) }
	more := func(key func(first map[string]any) map[string]any) *mutant.Layer {
		return mutant.OnMember("/keys", func(old any) any {
			keys, _ := old.([]any)
			first, _ := keys[0].(map[string]any)
			return append(keys, key(first))
		}, mutant.Jwks)
	}
	return []mutant.Variant{
		{Name: "no-keys-jwe", About: mutant.Tokens, Description: "publishes an empty key set, its tokens being encrypted", Source: empty, Layer: mutant.Encrypted(noKeys())},
		{Name: "no-keys-hmac", About: mutant.Tokens, Description: "publishes an empty key set, its tokens being signed with a secret", Source: empty, Layer: mutant.Chain(noKeys(), signed("HS256"))},
		{Name: "keys-rotating", About: mutant.Tokens, Description: "signs by a new key in mid-run, and publishes it then", Source: "RFC 9068 section 4; OpenID Connect Core 1.0 section 10.1.1", Layer: rotatingKeys()},
		{Name: "key-for-tls", About: mutant.Tokens, Description: "publishes a key of another use", Source: "RFC 7517 section 4.2: other values MAY be used", Layer: more(func(map[string]any) map[string]any {
			key := newSigner("RS256").public
			key["use"] = "tls"
			return key
		})},
		{Name: "one-kid-two-types", About: mutant.Tokens, Description: "publishes two keys of one kid, of different types", Source: "RFC 7517 section 4.5", Layer: more(func(first map[string]any) map[string]any {
			key := newSigner("RS256").public
			key["kid"] = first["kid"]
			return key
		})},
		{Name: "jwt-of-another-issuer", About: mutant.Tokens, Description: "names another issuer in tokens of type JWT than in its discovery", Source: "RFC 9068 section 4 is about at+jwt", Layer: &mutant.Layer{Configure: func(c *reference.Config) {
			c.Hooks.Header = func(h map[string]any) { h["typ"] = "JWT" }
			c.Hooks.Claims = func(c map[string]any) { c["iss"] = "https://tokens.example.com" }
		}}},
	}
}

// rotatingKeys signs the tokens of rotations by a key that is published once the first of them was issued.
func rotatingKeys() *mutant.Layer {
	get := sync.OnceValue(func() signer { return newSigner("ES256") })
	var issued atomic.Bool
	return &mutant.Layer{
		Configure: func(c *reference.Config) {
			issued.Store(false)
			again := mutant.SeenBefore()
			c.Hooks.Sign = func(compact string) string {
				if !again(mutant.ClaimsOf(compact)["sub"]) {
					return compact
				}
				payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(compact, ".")[1])
				var claims jwt.MapClaims
				_ = json.Unmarshal(payload, &claims) // the reference made it
				for _, name := range []string{"iat", "nbf", "exp"} {
					if at, ok := claims[name].(float64); ok {
						claims[name] = int64(at)
					}
				}
				unsigned := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
				unsigned.Header["kid"], unsigned.Header["typ"] = get().public["kid"], "at+jwt"
				token, err := unsigned.SignedString(get().key)
				if err != nil {
					return compact
				}
				issued.Store(true)
				return token
			}
		},
		Wrap: mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				return mutant.Edited(document, "/keys", func(old any) any {
					if keys, ok := old.([]any); ok && issued.Load() {
						return append([]any{get().public}, keys...)
					}
					return old
				})
			})
		}, mutant.Jwks).Wrap,
	}
}
