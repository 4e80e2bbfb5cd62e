package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// keys are made once: RSA is slow.
type testKeys struct {
	rsa              *rsa.PrivateKey
	p256, p384, p521 *ecdsa.PrivateKey
	ed               ed25519.PrivateKey
	secret           []byte
}

var keysOf = sync.OnceValue(func() testKeys {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	var k testKeys
	var err error
	k.rsa, err = rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	k.p256, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	k.p384, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(err)
	k.p521, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	must(err)
	_, k.ed, err = ed25519.GenerateKey(rand.Reader)
	must(err)
	k.secret = []byte(strings.Repeat("s", 64))
	return k
})

// signers gives the key for every algorithm of golang-jwt.
func signers() map[string]any {
	k := keysOf()
	return map[string]any{
		"HS256": k.secret, "HS384": k.secret, "HS512": k.secret,
		"RS256": k.rsa, "RS384": k.rsa, "RS512": k.rsa, "PS256": k.rsa, "PS384": k.rsa, "PS512": k.rsa,
		"ES256": k.p256, "ES384": k.p384, "ES512": k.p521, "EdDSA": k.ed,
	}
}

func signed(t testing.TB, alg string) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.GetSigningMethod(alg), jwt.MapClaims{
		"sub": "ee45f34b-9685-40d8-8724-23c31252ca46", "iat": 1516239022, "nbf": 1516239022.5, "exp": 1741968600,
	})
	token.Header["kid"] = alg
	raw, err := token.SignedString(signers()[alg])
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func encrypted(t testing.TB, alg jose.KeyAlgorithm, enc jose.ContentEncryption, key any, options jose.EncrypterOptions) string {
	t.Helper()
	e, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: alg, Key: key, PBES2Count: 1000}, &options)
	if err != nil {
		t.Fatal(err)
	}
	object, err := e.Encrypt([]byte(signed(t, "ES512")))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := object.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// nested is what the real service issues.
func nested(t testing.TB) string {
	options := jose.EncrypterOptions{}
	return encrypted(t, jose.A256GCMKW, jose.A256GCM, keysOf().secret[:32],
		*options.WithContentType("JWT").WithType("at+jwt").WithHeader("kid", "wrap"))
}

// allEncrypted holds a JWE for every kind of key management and content encryption.
func allEncrypted(t testing.TB) map[string]string {
	k := keysOf()
	out := map[string]string{}
	for enc, size := range map[jose.ContentEncryption]int{
		jose.A128GCM: 16, jose.A192GCM: 24, jose.A256GCM: 32,
		jose.A128CBC_HS256: 32, jose.A192CBC_HS384: 48, jose.A256CBC_HS512: 64,
	} {
		for alg, key := range map[jose.KeyAlgorithm]any{
			jose.DIRECT: k.secret[:size], jose.A128GCMKW: k.secret[:16], jose.A256GCMKW: k.secret[:32],
			jose.A128KW: k.secret[:16], jose.A256KW: k.secret[:32], jose.RSA_OAEP: &k.rsa.PublicKey,
			jose.RSA_OAEP_256: &k.rsa.PublicKey, jose.ECDH_ES: &k.p521.PublicKey, jose.ECDH_ES_A256KW: &k.p256.PublicKey,
			jose.PBES2_HS256_A128KW: "a password",
		} {
			out[string(alg)+" "+string(enc)] = encrypted(t, alg, enc, key, jose.EncrypterOptions{Compression: jose.DEFLATE})
		}
	}
	return out
}

// joined makes a token of a header and other parts as they are; parts are encoded here.
func joined(parts ...string) string {
	out := make([]string, len(parts))
	for i, part := range parts {
		out[i] = base64.RawURLEncoding.EncodeToString([]byte(part))
	}
	return strings.Join(out, ".")
}

// jws makes an ES512-sized JWS of header and claims.
func jws(header, claims string) string { return joined(header, claims, strings.Repeat("s", 132)) }

// jwe makes a JWE of the sizes of the real service.
func jwe(header string) string {
	return joined(header, strings.Repeat("k", 32), strings.Repeat("i", 12), "ciphertext", strings.Repeat("t", 16))
}

// publicSet publishes every asymmetric key, under the name of the algorithm.
func publicSet(t testing.TB) []byte {
	t.Helper()
	k := keysOf()
	set := jose.JSONWebKeySet{}
	add := func(key any, algs ...string) {
		for _, alg := range algs {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: key, KeyID: alg, Algorithm: alg, Use: "sig"})
		}
	}
	add(&k.rsa.PublicKey, "RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
	add(&k.p256.PublicKey, "ES256")
	add(&k.p384.PublicKey, "ES384")
	add(&k.p521.PublicKey, "ES512")
	add(k.ed.Public(), "EdDSA")
	raw, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// rules is every judgement of a token by name.
func rules() map[string]func(Facts) []Problem {
	return map[string]func(Facts) []Problem{
		"segments": CheckSegments, "header": CheckHeaderObject, "type": CheckType, "unique": CheckUniqueMembers,
		"critical": CheckCritical, "library": CheckLibrary, "algorithm": CheckAlgorithm, "payload": CheckPayloadObject,
		"dates": CheckNumericDates, "signature": CheckSignatureLength, "encryption": CheckEncryption,
		"iv": CheckInitializationVector, "tag": CheckAuthenticationTag, "key": CheckEncryptedKey,
		"content": CheckContentType, "zip": CheckZip, "extension": CheckNoExtension, "nested": CheckNestedMembers,
		"registered": CheckRegistered, "claims": CheckClaims,
	}
}
