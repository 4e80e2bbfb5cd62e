package defect

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sa-conformance/conformance/internal/reference"
)

// forgeries let creates in with tokens that the server never issued.
func forgeries() []Defect {
	const forger = "anybody who has seen a token, or knows an id, can create accounts"
	const damaged = "a token that was taken back by its text works in another spelling"
	return family("forged and damaged tokens",
		Defect{
			Name: "bypass-alg-none", Description: "accepts tokens with alg none",
			Effect: forger, Breaks: []string{"auth.unsigned.refused"}, Layer: unsigned("none"),
		},
		Defect{
			Name: "bypass-alg-none-upper-case", Description: "refuses alg none, and accepts it in upper case",
			Effect: forger, Breaks: []string{"auth.unsigned.refused"}, Layer: unsigned("NONE"),
		},
		Defect{
			Name: "bypass-alg-none-mixed-case", Description: "refuses alg none, None and NONE, and accepts other spellings",
			Effect: forger, Breaks: []string{"auth.unsigned.refused"}, Layer: unsigned("nOnE"),
		},
		Defect{
			Name: "bypass-hmac-pem", Description: "verifies HS256 with its public key, as PEM, for the secret",
			Effect: forger, Breaks: []string{"auth.confused-key.refused"}, Layer: verifiedBy("HS256", publishedPEM),
		},
		Defect{
			Name: "bypass-hmac-512-pem", Description: "refuses HS256, and verifies HS512 with its public key for the secret",
			Effect: forger, Breaks: []string{"auth.confused-key.refused"}, Layer: verifiedBy("HS512", publishedPEM),
		},
		Defect{
			Name: "bypass-hmac-jwk", Description: "verifies HS256 with its public key, as it is published, for the secret",
			Effect: forger, Breaks: []string{"auth.confused-key.refused"}, Layer: verifiedBy("HS256", publishedJSON),
		},
		Defect{
			Name: "bypass-unverified", Description: "does not verify signatures",
			Effect: forger, Breaks: []string{"auth.forged.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool {
				return headerOf(token)["alg"] == "ES512" && sameSubject(token, known)
			}),
		},
		Defect{
			Name: "bypass-enclosed-key", Description: "verifies with the key that a token brings along",
			Effect: forger, Breaks: []string{"auth.forged.refused"}, Layer: verifiedBy("ES512", enclosedKey),
		},
		Defect{
			Name: "bypass-half-signature", Description: "compares the first half of the signature",
			Effect: damaged, Breaks: []string{"auth.altered.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool {
				n := strings.LastIndexByte(known.Token, '.') + 80
				return len(token) == len(known.Token) && strings.HasPrefix(token, known.Token[:n])
			}),
		},
		Defect{
			Name: "bypass-by-signature", Description: "knows a token by its signature alone",
			Effect: "claims and header can be changed at will", Breaks: []string{"auth.altered.refused"}, Layer: knownBy(2),
		},
		Defect{
			Name: "bypass-by-header-and-signature", Description: "leaves the claims out of the verification",
			Effect: "claims can be changed at will", Breaks: []string{"auth.altered.refused"}, Layer: knownBy(0, 2),
		},
		Defect{
			Name: "bypass-by-claims-and-signature", Description: "leaves the header out of the verification",
			Effect: "the header can be changed at will", Breaks: []string{"auth.altered.refused"}, Layer: knownBy(1, 2),
		},
		Defect{
			Name: "bypass-signature-empty", Description: "does not verify a signature that is empty",
			Effect: forger, Breaks: []string{"auth.shortened.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool {
				return token == known.Token[:strings.LastIndexByte(known.Token, '.')+1]
			}),
		},
		Defect{
			Name: "bypass-signature-missing", Description: "does not verify a token of two segments",
			Effect: forger, Breaks: []string{"auth.shortened.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool {
				return token == known.Token[:strings.LastIndexByte(known.Token, '.')]
			}),
		},
		Defect{
			Name: "bypass-signature-zero", Description: "accepts a signature of zeros, as Java once did",
			Effect: forger, Breaks: []string{"auth.shortened.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool {
				signature, ok := strings.CutPrefix(token, known.Token[:strings.LastIndexByte(known.Token, '.')+1])
				return ok && signature != "" && strings.Trim(signature, "A") == ""
			}),
		},
		Defect{
			Name: "bypass-prefix", Description: "looks at the beginning of a token only",
			Effect: damaged, Breaks: []string{"auth.extended.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool { return strings.HasPrefix(token, known.Token) }),
		},
		Defect{
			Name: "bypass-trailing-segment", Description: "reads three segments of a token and overlooks a fourth",
			Effect: damaged, Breaks: []string{"auth.extended.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool { return strings.HasPrefix(token, known.Token+".") }),
		},
		Defect{
			Name: "bypass-prefix-elsewhere", Description: "looks at the beginning of a token only, where accounts are deleted",
			Effect: damaged, Breaks: []string{"guard.forged.refused"},
			Layer: elsewhere(func(token string, known reference.Credentials) bool { return strings.HasPrefix(token, known.Token) }, remove),
		},
		Defect{
			Name: "bypass-alg-none-elsewhere", Description: "accepts alg none where accounts are listed, and not where they are created",
			Effect: "anybody who has seen a token reads the list", Breaks: []string{"guard.forged.refused"},
			Layer: elsewhere(func(token string, known reference.Credentials) bool {
				return headerOf(token)["alg"] == "none" && sameSubject(token, known)
			}, list),
		},
		Defect{
			Name: "bypass-letter-case", Description: "compares tokens without regard to case",
			Effect: "tokens are easier to guess by many powers of two", Breaks: []string{"auth.recased.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool { return strings.EqualFold(token, known.Token) }),
		},
	)
}

// unsigned admits tokens by their alg.
func unsigned(alg string) Layer {
	return presented(func(token string, known reference.Credentials) bool {
		return headerOf(token)["alg"] == alg && sameSubject(token, known)
	})
}

// knownBy admits tokens of three segments some of which, counted from zero, are the operator's.
func knownBy(segments ...int) Layer {
	return presented(func(token string, known reference.Credentials) bool {
		parts, good := strings.Split(token, "."), strings.Split(known.Token, ".")
		for _, i := range segments {
			if len(parts) != len(good) || parts[i] != good[i] {
				return false
			}
		}
		return true
	})
}

func sameSubject(token string, known reference.Credentials) bool {
	claims := claimsOf(token)
	return claims != nil && claims["sub"] == claimsOf(known.Token)["sub"]
}

// verifiedBy admits the operator's tokens of one algorithm that verify with a key found in the published key, or in the
// header of the token.
func verifiedBy(alg string, find func(published json.RawMessage, header map[string]any) any) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return presented(func(token string, known reference.Credentials) bool {
			var set struct{ Keys []json.RawMessage }
			r, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "/oauth2/v2/jwks", http.NoBody) // a path that parses
			_ = json.Unmarshal(ask(next, r).body, &set)
			_, err := jwt.Parse(token, func(t *jwt.Token) (any, error) {
				return find(set.Keys[0], t.Header), nil
			}, jwt.WithValidMethods([]string{alg}))
			return err == nil && sameSubject(token, known)
		}).Wrap(known, next)
	}}
}

func publishedJSON(published json.RawMessage, _ map[string]any) any { return []byte(published) }

func publishedPEM(published json.RawMessage, _ map[string]any) any {
	var key map[string]any
	_ = json.Unmarshal(published, &key)
	spki, _ := x509.MarshalPKIXPublicKey(publicKey(key)) // of the reference
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
}

func enclosedKey(_ json.RawMessage, header map[string]any) any {
	key, _ := header["jwk"].(map[string]any)
	return publicKey(key)
}

// publicKey reads a JWK of P-521; nil for anything else.
func publicKey(key map[string]any) any {
	x, _ := key["x"].(string)
	y, _ := key["y"].(string)
	left, _ := base64.RawURLEncoding.DecodeString(x)
	right, _ := base64.RawURLEncoding.DecodeString(y)
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P521(), append(append([]byte{4}, left...), right...))
	if err != nil {
		return nil
	}
	return public
}
