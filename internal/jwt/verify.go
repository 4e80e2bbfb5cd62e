package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// Verification is what came of checking the signature of a token.
type Verification struct {
	Verified bool
	// KeyID is the kid of the header, quoted and cut; "" if there is none.
	KeyID string
	// Reason tells why not; "" if Verified.
	Reason Reason
}

// Reason tells why a signature was not verified.
type Reason string

// The reasons. Judgeable tells which of them speak against the token.
const (
	ReasonNotJWS      Reason = "not a JWS"
	ReasonSymmetric   Reason = "symmetric"
	ReasonUnsupported Reason = "an algorithm or key that this suite cannot verify"
	ReasonMalformed   Reason = "malformed"
	ReasonUnsigned    Reason = "an algorithm that signs nothing, or is not registered"
	ReasonNoKeyID     Reason = "the header names no key"
	ReasonUnknownKey  Reason = "no key of the set has this kid"
	ReasonMismatch    Reason = "the key that kid names is not for this algorithm"
	ReasonSignature   Reason = "the signature does not verify"
	ReasonManyKeys    Reason = "the set has more keys of this kid than this suite tries"
)

// maxTried is how many keys of one kid are tried for a signature. A set should have one (RFC 7517 section 4.5), and one key of
// 16,384 bits takes milliseconds.
const maxTried = 16

// Judgeable reports whether the question has a response: not for encrypted tokens, symmetric keys, algorithms that this
// package cannot verify, and more keys of one kid than it tries.
func (v Verification) Judgeable() bool {
	return v.Reason != ReasonNotJWS && v.Reason != ReasonSymmetric && v.Reason != ReasonUnsupported && v.Reason != ReasonManyKeys
}

// VerifyJWKS checks the signature of a JWS with the key of a set that its kid names, taking alg at its exact word: the
// key must be of the type and curve that alg demands, and an RSA key must have 2048 bits. Claims are not looked at. The
// error says that the key set cannot be read at all. RFC 7515 sections 4.1.4 and 5.2, RFC 8725 section 3.1.
func VerifyJWKS(raw string, jwks []byte) (Verification, error) {
	keys, problems := keySet(jwks)
	if problems != nil {
		return Verification{}, fmt.Errorf("reading the key set: %s", problems[0])
	}
	f := Inspect(raw)
	v := Verification{}
	if f.KeyID() != "" {
		v.KeyID = unquoted(f.KeyID())
	}
	v.Reason = verify(raw, f, keys)
	v.Verified = v.Reason == ""
	return v, nil
}

// verify returns "" if one of the keys that kid names verifies the signature.
func verify(raw string, f Facts, keys []json.RawMessage) Reason {
	alg := f.Algorithm()
	algorithm, registered := signatureAlgorithms[alg]
	switch {
	case f.Kind != JWS:
		return ReasonNotJWS
	case f.Header == "" || f.segment(2).Bytes < 0 || f.segment(3).Bytes < 0:
		return ReasonMalformed
	case !registered:
		return ReasonUnsigned
	case algorithm.kty == "oct":
		return ReasonSymmetric
	case f.KeyID() == "":
		return ReasonNoKeyID
	}
	reason, tried := ReasonUnknownKey, 0
	for _, key := range keys {
		k := jwk{members: members(key)}
		if k.text("kid") != f.KeyID() {
			continue
		}
		if tried == maxTried {
			return ReasonManyKeys
		}
		if reason = verifyWith(raw, alg, algorithm, k); reason == "" {
			return ""
		}
		if reason != ReasonMismatch { // one for another algorithm costs nothing
			tried++
		}
	}
	return reason
}

func verifyWith(raw, alg string, algorithm signatureAlgorithm, k jwk) Reason {
	if algorithm.kty != k.text("kty") || algorithm.crv != nil && !slices.Contains(algorithm.crv, k.text("crv")) {
		return ReasonMismatch
	}
	if k.text("use") == "enc" || k.text("alg") != "" && k.text("alg") != alg {
		return ReasonMismatch
	}
	method := jwt.GetSigningMethod(alg)
	if method == nil {
		return ReasonUnsupported
	}
	key, err := publicKey(k)
	switch {
	case errors.Is(err, jose.ErrUnsupportedKeyType):
		return ReasonUnsupported
	case err != nil || !usable(key):
		return ReasonMismatch
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{alg}), jwt.WithoutClaimsValidation())
	_, err = parser.Parse(raw, func(*jwt.Token) (any, error) { return key, nil })
	switch {
	case err == nil:
		return ""
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return ReasonSignature
	}
	return ReasonMalformed
}

// publicKey reads the public half of a key. Everything else, certificates and private members among it, is left out.
func publicKey(k jwk) (any, error) {
	public := map[string]json.RawMessage{}
	for _, name := range []string{"kty", "crv", "x", "y", "n", "e"} {
		if raw, ok := k.members[name]; ok {
			public[name] = raw
		}
	}
	text, err := json.Marshal(public)
	if err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(text); err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	return key.Key, nil
}

// usable reports whether a key may verify at all.
func usable(key any) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() >= 2048
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	}
	return false
}
