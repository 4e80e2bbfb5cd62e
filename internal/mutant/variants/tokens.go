package variants

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// tokenVariants issue other tokens.
func tokenVariants() []mutant.Variant {
	claims := func(change func(map[string]any)) *mutant.Layer {
		return &mutant.Layer{Configure: func(c *reference.Config) { c.Hooks.Claims = change }}
	}
	header := func(change func(map[string]any)) *mutant.Layer {
		return &mutant.Layer{Configure: func(c *reference.Config) { c.Hooks.Header = change }}
	}
	encrypted := func(layer *mutant.Layer) *mutant.Layer {
		return mutant.Chain(layer, &mutant.Layer{Configure: func(c *reference.Config) { c.Tokens = reference.JWE }})
	}
	onlySubject := mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
		a.Set(map[string]any{"sub": a.TextOf("/sub")})
	}, mutant.Userinfo)
	all := []mutant.Variant{
		{Name: "jwe-unrevealed", About: mutant.Tokens, Description: "issues encrypted tokens, and reveals nothing of them but the subject", Source: "OpenID Connect Core 1.0 section 5.3.2", Layer: encrypted(onlySubject)},
		{Name: "userinfo-extra", About: mutant.Tokens, Description: "reveals more claims than a token has", Source: "OpenID Connect Core 1.0 section 5.3.2", Layer: mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				mutant.Edited(document, "/email", mutant.Always("machine@example.com"))
				return mutant.Edited(document, "/groups", mutant.Always([]any{"a"}))
			})
		}, mutant.Userinfo)},
		{Name: "minted-earlier", About: mutant.Tokens, Description: "mints a token two seconds before the account", Source: observed, Layer: claims(func(c map[string]any) {
			c["iat"], c["nbf"] = c["iat"].(int64)-2, c["nbf"].(int64)-2
		})},
		{Name: "few-claims", About: mutant.Tokens, Description: "issues tokens of type JWT with sub, iat and exp alone", Source: "RFC 7519 section 4.1", Layer: mutant.Chain(
			claims(func(c map[string]any) {
				for _, name := range []string{"iss", "aud", "client_id", "jti", "nbf"} {
					delete(c, name)
				}
			}),
			header(func(h map[string]any) { h["typ"] = "JWT" }),
		)},
		{Name: "no-type", About: mutant.Tokens, Description: "issues tokens without typ", Source: "RFC 7515 section 4.1.9", Layer: header(func(h map[string]any) { delete(h, "typ") })},
		{Name: "type-in-capitals", About: mutant.Tokens, Description: "issues tokens of type AT+JWT", Source: "RFC 7515 section 4.1.9", Layer: header(func(h map[string]any) { h["typ"] = "AT+JWT" })},
		{Name: "no-key-id", About: mutant.Tokens, Description: "names no key in its tokens, having only one", Source: "RFC 7515 section 4.1.4", Layer: header(func(h map[string]any) { delete(h, "kid") })},
		{Name: "fractional-dates", About: mutant.Tokens, Description: "issues tokens whose dates have fractions", Source: "RFC 7519 section 2", Layer: claims(func(c map[string]any) {
			c["iat"], c["nbf"] = float64(c["iat"].(int64))+0.25, float64(c["nbf"].(int64))+0.25
		})},
		{Name: "short-lived", About: mutant.Tokens, Description: "issues tokens for an hour", Source: "openapi.yaml: the lifetime is the deployment's", Layer: &mutant.Layer{Configure: func(c *reference.Config) { c.Lifetime = time.Hour }}},
	}
	for _, algorithm := range []string{"RS256", "PS256", "ES256", "EdDSA", "HS256"} {
		all = append(all, mutant.Variant{
			Name: "signed-" + strings.ToLower(algorithm), About: mutant.Tokens, Description: "signs its tokens with " + algorithm, Source: "RFC 7518 section 3.1; RFC 8037 section 3.1",
			Layer: signed(algorithm),
		})
	}
	return all
}

// signer is a key of another kind than the reference's.
type signer struct {
	key    any
	public map[string]any // JWK; nil for a secret
}

// signed signs the tokens anew, and adds the key to those that are published.
func signed(algorithm string) *mutant.Layer {
	get := sync.OnceValue(func() signer { return newSigner(algorithm) })
	return &mutant.Layer{
		Configure: func(c *reference.Config) {
			c.Hooks.Sign = func(compact string) string {
				payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(compact, ".")[1])
				var claims jwt.MapClaims
				decoder := json.NewDecoder(strings.NewReader(string(payload)))
				decoder.UseNumber()
				if decoder.Decode(&claims) != nil {
					return compact
				}
				unsigned := jwt.NewWithClaims(jwt.GetSigningMethod(algorithm), claims)
				if get().public != nil {
					unsigned.Header["kid"] = get().public["kid"]
				}
				again, err := unsigned.SignedString(get().key)
				if err != nil {
					return compact
				}
				return again
			}
		},
		Wrap: mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				return mutant.Edited(document, "/keys", func(keys any) any {
					if published, ok := keys.([]any); ok && get().public != nil {
						return append([]any{get().public}, published...)
					}
					return keys
				})
			})
		}, mutant.Jwks).Wrap,
	}
}

func newSigner(algorithm string) signer {
	text := base64.RawURLEncoding.EncodeToString
	jwk := func(members map[string]any) map[string]any {
		members["kid"], members["use"], members["alg"] = "another", "sig", algorithm
		return members
	}
	switch algorithm {
	case "RS256", "PS256":
		key, _ := rsa.GenerateKey(rand.Reader, 2048) // the random source never fails
		return signer{key, jwk(map[string]any{"kty": "RSA", "n": text(key.N.Bytes()), "e": text(big.NewInt(int64(key.E)).Bytes())})}
	case "ES256":
		key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // nor here
		point, _ := key.PublicKey.Bytes()
		return signer{key, jwk(map[string]any{"kty": "EC", "crv": "P-256", "x": text(point[1:33]), "y": text(point[33:])})}
	case "EdDSA":
		public, key, _ := ed25519.GenerateKey(rand.Reader)
		return signer{crypto.Signer(key), jwk(map[string]any{"kty": "OKP", "crv": "Ed25519", "x": text(public)})}
	}
	return signer{key: []byte("a secret that only the target knows, of enough bytes")}
}
