package jwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// Unsigned returns tokens that claim to need no signature: alg none in several spellings, with an empty signature.
// Header and claims are those of the good token if it is a JWS, so that nothing but the signature speaks against
// them; otherwise the header is a plain one and the claims are those given. RFC 7518 section 3.6, RFC 8725 section 2.1.
func Unsigned(good string, minted map[string]any) ([]Mutation, error) {
	model, err := modelOf(good, minted)
	if err != nil {
		return nil, err
	}
	var out []Mutation
	for _, alg := range []string{"none", "None", "NONE", "nOnE"} {
		out = append(out, Mutation{"alg-" + alg, model.signingInput(alg, nil) + "."})
	}
	return out, nil
}

// Forged returns tokens that are signed, but not by the target: with an ES512 key made from r under the kid of the good
// token, with that key enclosed in the header, and with HMAC under the target's public keys taken as secrets, in PEM
// and as JSON (algorithm confusion). Header and claims are chosen as for Unsigned. Without a readable key set there is
// no HMAC among them. RFC 8725 sections 2.1 and 3.1.
func Forged(r io.Reader, good string, minted map[string]any, jwks []byte) ([]Mutation, error) {
	model, err := modelOf(good, minted)
	if err != nil {
		return nil, err
	}
	key, err := freshKey(r)
	if err != nil {
		return nil, err
	}
	public, raw := signingKey(jwks, model.kid())
	if _, named := model.header["kid"]; !named && raw != nil {
		kid, _ := member(string(raw), "kid")
		model.header["kid"] = kid
	}
	foreignKey, err := jose.JSONWebKey{Key: &key.PublicKey}.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("enclosing a key: %w", err)
	}
	plans := []plan{
		{"forged-ES512", "ES512", nil, key},
		{"forged-ES512-enclosed-key", "ES512", map[string]json.RawMessage{"jwk": foreignKey}, key},
	}
	if raw != nil {
		spki, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return nil, fmt.Errorf("encoding a public key: %w", err)
		}
		block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
		for _, alg := range []string{"HS256", "HS512"} {
			plans = append(plans, plan{"forged-" + alg + "-pem", alg, nil, block})
			plans = append(plans, plan{"forged-" + alg + "-jwk", alg, nil, []byte(raw)})
		}
	}
	var out []Mutation
	for _, p := range plans {
		input := model.signingInput(p.alg, p.extra)
		signature, err := jwt.GetSigningMethod(p.alg).Sign(input, p.key)
		if err != nil {
			return nil, fmt.Errorf("signing with %s: %w", p.alg, err)
		}
		out = append(out, Mutation{p.name, input + "." + encode(string(signature))})
	}
	return out, nil
}

// Foreign returns a JWS of the claims, in the form of an access token (RFC 9068 section 2.1), that is signed with a fresh
// key of its own by ES256, which is quick to make.
func Foreign(claims map[string]any) (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("making a key: %w", err)
	}
	unsigned := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims(claims))
	unsigned.Header["typ"] = "at+jwt"
	signed, err := unsigned.SignedString(key)
	if err != nil {
		return "", fmt.Errorf("signing with ES256: %w", err)
	}
	return signed, nil
}

// plan is one way to sign a token.
type plan struct {
	name, alg string
	// extra are members to be added to the header.
	extra map[string]json.RawMessage
	// key is what golang-jwt signs with: an ECDSA key, or the secret of an HMAC.
	key any
}

// model is what a made-up token looks like before it is signed.
type model struct {
	header map[string]json.RawMessage
	claims string
}

// modelOf takes header and claims from a JWS, and otherwise mints them.
func modelOf(good string, minted map[string]any) (model, error) {
	if f := Inspect(good); f.Header != "" && f.Claims != "" {
		return model{header: members([]byte(f.Header)), claims: f.Claims}, nil
	}
	claims, err := json.Marshal(minted)
	if err != nil {
		return model{}, fmt.Errorf("minting claims: %w", err)
	}
	return model{header: map[string]json.RawMessage{"typ": json.RawMessage(`"at+jwt"`)}, claims: string(claims)}, nil
}

func (m model) kid() string {
	kid, _ := text(m.header["kid"])
	return kid
}

// signingInput is the part of a JWS that is signed, RFC 7515 section 5.1.
func (m model) signingInput(alg string, extra map[string]json.RawMessage) string {
	header := maps.Clone(m.header)
	maps.Copy(header, extra)
	header["alg"] = json.RawMessage(`"` + alg + `"`)
	text, err := json.Marshal(header)
	if err != nil {
		text = []byte(`{"alg":"` + alg + `"}`) // unreachable: every member was read as JSON
	}
	return encode(string(text)) + "." + encode(m.claims)
}

// signingKey finds the key that kid names or else the first one for signatures, decoded and as it was published; nil
// if there is none.
func signingKey(jwks []byte, kid string) (public any, raw json.RawMessage) {
	keys, problems := keySet(jwks)
	if problems != nil {
		return nil, nil
	}
	for _, key := range keys {
		k := jwk{members: members(key)}
		decoded, err := publicKey(k)
		if err != nil || !usable(decoded) || k.text("use") == "enc" {
			continue
		}
		if named := k.text("kid") == kid; named || raw == nil {
			public, raw = decoded, key
			if named {
				break
			}
		}
	}
	return public, raw
}

// freshKey makes a P-521 key of 64 bytes of randomness. Only so does the caller keep the choice of the source:
// ecdsa.GenerateKey no longer reads from its argument.
func freshKey(r io.Reader) (*ecdsa.PrivateKey, error) {
	scalar := make([]byte, 66)
	if _, err := io.ReadFull(r, scalar[2:]); err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P521(), scalar)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return key, nil
}
