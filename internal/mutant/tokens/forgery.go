package tokens

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

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/access"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Forgeries let creates in with tokens that the server never issued.
func Forgeries() []*mutant.Defect {
	const forger = "anybody who has seen a token, or knows an id, can create accounts"
	const damaged = "a token that was taken back by its text works in another spelling"
	return mutant.InFamily("forged and damaged tokens",
		mutant.Defective("bypass-alg-none", "accepts tokens with alg none", forger,
			unsigned("none"), "auth.unsigned.refused"),
		mutant.Defective("bypass-alg-none-upper-case", "refuses alg none, and accepts it in upper case", forger,
			unsigned("NONE"), "auth.unsigned.refused"),
		mutant.Defective("bypass-alg-none-mixed-case", "refuses alg none, None and NONE, and accepts other spellings", forger,
			unsigned("nOnE"), "auth.unsigned.refused"),
		mutant.Defective("bypass-hmac-pem", "verifies HS256 with its public key, as PEM, for the secret", forger,
			verifiedBy("HS256", publishedPEM), "auth.confused-key.refused"),
		mutant.Defective("bypass-hmac-512-pem", "refuses HS256, and verifies HS512 with its public key for the secret", forger,
			verifiedBy("HS512", publishedPEM), "auth.confused-key.refused"),
		mutant.Defective("bypass-hmac-jwk", "verifies HS256 with its public key, as it is published, for the secret", forger,
			verifiedBy("HS256", publishedJSON), "auth.confused-key.refused"),
		mutant.Defective("bypass-unverified", "does not verify signatures", forger,
			access.AdmittingPresented(func(token string, known reference.Credentials) bool {
				return mutant.HeaderOf(token)["alg"] == "ES512" && sameSubject(token, known)
			}), "auth.forged.refused"),
		mutant.Defective("bypass-enclosed-key", "verifies with the key that a token brings along", forger,
			verifiedBy("ES512", enclosedKey), "auth.forged.refused"),
		mutant.Defective("bypass-half-signature", "compares the first half of the signature", damaged,
			access.AdmittingPresented(func(token string, known reference.Credentials) bool {
				n := strings.LastIndexByte(known.Token, '.') + 80
				return len(token) == len(known.Token) && strings.HasPrefix(token, known.Token[:n])
			}), "auth.altered.refused"),
		mutant.Defective("bypass-by-signature", "knows a token by its signature alone", "claims and header can be changed at will",
			knownBy(2), "auth.altered.refused"),
		mutant.Defective("bypass-by-header-and-signature", "leaves the claims out of the verification", "claims can be changed at will",
			knownBy(0, 2), "auth.altered.refused"),
		mutant.Defective("bypass-by-claims-and-signature", "leaves the header out of the verification", "the header can be changed at will",
			knownBy(1, 2), "auth.altered.refused"),
		mutant.Defective("bypass-signature-empty", "does not verify a signature that is empty", forger,
			access.AdmittingPresented(func(token string, known reference.Credentials) bool {
				return token == known.Token[:strings.LastIndexByte(known.Token, '.')+1]
			}), "auth.shortened.refused"),
		mutant.Defective("bypass-signature-missing", "does not verify a token of two segments", forger,
			access.AdmittingPresented(func(token string, known reference.Credentials) bool {
				return token == known.Token[:strings.LastIndexByte(known.Token, '.')]
			}), "auth.shortened.refused"),
		mutant.Defective("bypass-signature-zero", "accepts a signature of zeros, as Java once did", forger,
			access.AdmittingPresented(func(token string, known reference.Credentials) bool {
				signature, ok := strings.CutPrefix(token, known.Token[:strings.LastIndexByte(known.Token, '.')+1])
				return ok && signature != "" && strings.Trim(signature, "A") == ""
			}), "auth.shortened.refused"),
		mutant.Defective("bypass-prefix", "looks at the beginning of a token only", damaged,
			access.AdmittingPresented(func(token string, known reference.Credentials) bool { return strings.HasPrefix(token, known.Token) }), "auth.extended.refused"),
		mutant.Defective("bypass-trailing-segment", "reads three segments of a token and overlooks a fourth", damaged,
			access.AdmittingPresented(func(token string, known reference.Credentials) bool { return strings.HasPrefix(token, known.Token+".") }), "auth.extended.refused"),
		mutant.Defective("bypass-prefix-elsewhere", "looks at the beginning of a token only, where accounts are deleted", damaged,
			access.AdmittingElsewhere(func(token string, known reference.Credentials) bool { return strings.HasPrefix(token, known.Token) }, mutant.Remove), "guard.forged.refused"),
		mutant.Defective("bypass-alg-none-elsewhere", "accepts alg none where accounts are listed, and not where they are created", "anybody who has seen a token reads the list",
			access.AdmittingElsewhere(func(token string, known reference.Credentials) bool {
				return mutant.HeaderOf(token)["alg"] == "none" && sameSubject(token, known)
			}, mutant.List), "guard.forged.refused"),
		mutant.Defective("bypass-letter-case", "compares tokens without regard to case", "tokens are easier to guess by many powers of two",
			access.AdmittingPresented(func(token string, known reference.Credentials) bool { return strings.EqualFold(token, known.Token) }), "auth.recased.refused"),
	)
}

// unsigned admits tokens by their alg.
func unsigned(alg string) *mutant.Layer {
	return access.AdmittingPresented(func(token string, known reference.Credentials) bool {
		return mutant.HeaderOf(token)["alg"] == alg && sameSubject(token, known)
	})
}

// knownBy admits tokens of three segments some of which, counted from zero, are the operator's.
func knownBy(segments ...int) *mutant.Layer {
	return access.AdmittingPresented(func(token string, known reference.Credentials) bool {
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
	claims := mutant.ClaimsOf(token)
	return claims != nil && claims["sub"] == mutant.ClaimsOf(known.Token)["sub"]
}

// verifiedBy admits the operator's tokens of one algorithm that verify with a key found in the published key, or in the
// header of the token.
func verifiedBy(alg string, find func(published json.RawMessage, header map[string]any) any) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return access.AdmittingPresented(func(token string, known reference.Credentials) bool {
			var set struct{ Keys []json.RawMessage }
			r, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "/oauth2/v2/jwks", http.NoBody) // a path that parses
			_ = json.Unmarshal(mutant.Ask(next, r).Body, &set)
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
