package jwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

// bytesOf is base64url of n bytes whose highest bit is set.
func bytesOf(n int) string { return encode(strings.Repeat("\xee", n)) }

func TestGoodKeySets(t *testing.T) {
	for _, set := range []string{
		string(publicSet(t)),
		`{"keys":[{"kty":"RSA","kid":"e","use":"enc","alg":"RSA-OAEP-256","n":"` + bytesOf(256) + `","e":"AQAB"}]}`,
		`{"keys":[]}`,
		`{"keys":[{"kty":"future","kid":"1","alg":"NEW1"}],"more":1}`,
		`{"keys":[{"kty":"OKP","kid":"1","crv":"X25519","alg":"ECDH-ES","x":"` + bytesOf(32) + `"}]}`,
		`{"keys":[{"kty":"EC","kid":"1","crv":"secp256k1","alg":"ES256K","x":"` + bytesOf(32) + `","y":"` + bytesOf(32) + `"}]}`,
	} {
		if problems := CheckJWKS([]byte(set)); problems != nil {
			t.Errorf("%.80s: %v", set, problems)
		}
	}
}

func TestBadKeySets(t *testing.T) {
	ec := func(more string) string {
		return `{"keys":[{"kty":"EC","kid":"1","crv":"P-256","x":"` + bytesOf(32) + `","y":"` + bytesOf(32) + `"` + more + `}]}`
	}
	const off = "jwks /keys/0: expected a point on P-256, seen a point that is not on the curve"
	tests := []struct{ set, want string }{
		{`[]`, "jwks: expected a JSON object, seen an array"},
		{strings.Repeat(" ", maxJWKS+1), "jwks: expected at most 1048576 bytes, seen 1048577 bytes"},
		{`{}`, "jwks /keys: expected an array of keys, seen no such member"},
		{`{"keys":{}}`, "jwks /keys: expected an array of keys, seen an object"},
		{`{"keys":[` + strings.Repeat("{},", maxKeys) + `{}]}`, "jwks /keys: expected at most 1000 keys, seen 1001 keys"},
		{`{"keys":[7]}`, "jwks /keys/0: expected a JSON object, seen a number"},
		{`{"keys":[{"kty":"x","kid":"a"},{"kty":"x","kid":"a"}]}`, `jwks /keys/1/kid: expected a kid of its own, seen a kid of an earlier key: "a"`},
		{`{"keys":[{"kty":"x","kty":"x","kid":"a"}]}`, `jwks /keys/0/kty: expected one member of this name, seen a second one`},
		{`{"keys":[{"kid":5}]}`, "jwks /keys/0/kty: expected a string that is not empty, seen no such member; jwks /keys/0/kid: expected a string that is not empty, seen the number 5"},
		{`{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}`, `jwks /keys/0/k: expected a public key, without this member, seen a member of a secret key; jwks /keys/0/kty: expected the type of a public key, seen the string "oct", a secret key`},
		{ec(""), off},
		{ec(`,"d":"AA"`), "jwks /keys/0/d: expected a public key, without this member, seen a member of a secret key; " + off},
		{ec(`,"use":"sign"`), `jwks /keys/0/use: expected "sig" or "enc", where present, seen the string "sign"; ` + off},
		{ec(`,"alg":"ES512"`), `jwks /keys/0/alg: expected an algorithm for this key; ES512 takes EC P-521, seen "EC P-256"; ` + off},
		{ec(`,"alg":"RSA-OAEP"`), `jwks /keys/0/alg: expected an algorithm for this key; RSA-OAEP takes RSA, seen "EC"; ` + off},
		{ec(`,"alg":"ES256","use":"enc"`), `jwks /keys/0/alg: expected an algorithm for encryption, as "use" says, seen "ES256"; ` + off},
		{ec(`,"alg":"ECDH-ES","use":"sig"`), `jwks /keys/0/alg: expected an algorithm for signatures, as "use" says, seen "ECDH-ES"; ` + off},
		{ec(`,"alg":5`), `jwks /keys/0/alg: expected the name of an algorithm, where present, seen the number 5; ` + off},
		{`{"keys":[{"kty":"EC","kid":"1","crv":"P-521","x":"` + bytesOf(65) + `","y":7}]}`, "jwks /keys/0/x: expected 66 bytes for P-521, seen 65 bytes; jwks /keys/0/y: expected base64url without padding, seen a number"},
		{`{"keys":[{"kty":"EC","kid":"1","crv":"P-999"}]}`, `jwks /keys/0/crv: expected a registered curve, seen the string "P-999"`},
		{`{"keys":[{"kty":"RSA","kid":"1","n":"` + encode("\x00"+strings.Repeat("n", 128)) + `","e":"Ag"}]}`, "jwks /keys/0/n: expected at least 2048 bits, seen 1023 bits; jwks /keys/0/n: expected no leading zero byte, seen one; jwks /keys/0/e: expected an odd exponent of at least 3, seen another one"},
		{`{"keys":[{"kty":"RSA","kid":"1","n":"A+=="}]}`, "jwks /keys/0/n: expected base64url without padding, seen a string that is not; jwks /keys/0/e: expected base64url without padding, seen no such member"},
		{`{"keys":[{"kty":"OKP","kid":"1","crv":"Ed25519","x":"AAAA"}]}`, "jwks /keys/0/x: expected 32 bytes for Ed25519, seen 3 bytes"},
		{`{"keys":[{"kty":"OKP","kid":"1"}]}`, "jwks /keys/0/crv: expected a registered curve, seen no such member"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, texts(CheckJWKS([]byte(test.set)))); diff != "" {
			t.Errorf("%.120s (-want +got):\n%s", test.set, diff)
		}
	}
}

func TestVerifyJWKS(t *testing.T) {
	set := publicSet(t)
	for alg := range signers() {
		v, err := VerifyJWKS(signed(t, alg), set)
		if err != nil {
			t.Fatal(err)
		}
		want := Verification{Verified: true, KeyID: alg}
		if strings.HasPrefix(alg, "HS") {
			want = Verification{KeyID: alg, Reason: ReasonSymmetric}
		}
		if diff := cmp.Diff(want, v); diff != "" {
			t.Errorf("%s (-want +got):\n%s", alg, diff)
		}
		for _, m := range Mutations(signed(t, alg)) {
			if v, _ := VerifyJWKS(m.Token, set); v.Verified {
				t.Errorf("%s of %s verifies", m.Name, alg)
			}
		}
	}
}

func TestVerifyJWKSReasons(t *testing.T) {
	k := keysOf()
	one := func(key any, kid, alg, use string) []byte {
		raw, err := jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: alg, Use: use}.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Appendf(nil, `{"keys":[5,%s]}`, raw)
	}
	good := signed(t, "ES512")
	parts := strings.Split(good, ".")
	es256 := strings.Split(signed(t, "ES256"), ".")
	tests := []struct {
		name, raw string
		set       []byte
		want      Reason
	}{
		{"encrypted", nested(t), publicSet(t), ReasonNotJWS},
		{"no header", "!.e30.AA", publicSet(t), ReasonMalformed},
		{"claims that are no object", joined(`{"alg":"ES512","kid":"ES512"}`, "[]", "s"), publicSet(t), ReasonMalformed},
		{"none", jws(`{"alg":"none"}`, "{}"), publicSet(t), ReasonUnsigned},
		{"no kid", jws(`{"alg":"ES512"}`, "{}"), publicSet(t), ReasonNoKeyID},
		{"unknown kid", good, one(&k.p521.PublicKey, "other", "", ""), ReasonUnknownKey},
		{"another key", good, one(keyOf(t), "ES512", "", ""), ReasonSignature},
		{"another curve", good, one(&k.p256.PublicKey, "ES512", "", ""), ReasonMismatch},
		{"another type", good, one(&k.rsa.PublicKey, "ES512", "", ""), ReasonMismatch},
		{"another alg", good, one(&k.p521.PublicKey, "ES512", "ES384", ""), ReasonMismatch},
		{"another use", good, one(&k.p521.PublicKey, "ES512", "", "enc"), ReasonMismatch},
		{"a broken key", good, []byte(`{"keys":[{"kty":"EC","kid":"ES512","crv":"P-521"}]}`), ReasonMismatch},
		{"a short RSA key", jws(`{"alg":"RS256","kid":"r"}`, "{}"), []byte(`{"keys":[{"kty":"RSA","kid":"r","n":"` + bytesOf(128) + `","e":"AQAB"}]}`), ReasonMismatch},
		{"changed claims", parts[0] + "." + es256[1][:len(es256[1])-4] + "." + parts[2], publicSet(t), ReasonMalformed},
		{"changed header", joined(`{"alg":"ES512","kid":"ES512","x":1}`) + "." + parts[1] + "." + parts[2], publicSet(t), ReasonSignature},
		{"an algorithm that golang-jwt lacks", jws(`{"alg":"Ed25519","kid":"1"}`, "{}"), []byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1"}]}`), ReasonUnsupported},
		{"a curve that go-jose lacks", jws(`{"alg":"EdDSA","kid":"1"}`, "{}"), []byte(`{"keys":[{"kty":"OKP","crv":"Ed448","kid":"1"}]}`), ReasonUnsupported},
	}
	for _, test := range tests {
		v, err := VerifyJWKS(test.raw, test.set)
		if err != nil || v.Verified || v.Reason != test.want {
			t.Errorf("%s: %+v, %v; want %q", test.name, v, err, test.want)
		}
		judgeable := test.want != ReasonNotJWS && test.want != ReasonUnsupported
		if v.Judgeable() != judgeable {
			t.Errorf("%s: judgeable is %v", test.name, v.Judgeable())
		}
	}
	if _, err := VerifyJWKS(good, []byte("[]")); err == nil {
		t.Error("a key set that is an array is read")
	}
}

// One kid may name several keys (RFC 7517 section 4.5), and a key that should have been kept private still verifies.
func TestVerifyJWKSLeniently(t *testing.T) {
	other, _ := jose.JSONWebKey{Key: keyOf(t), KeyID: "ES512"}.MarshalJSON()
	private, _ := jose.JSONWebKey{Key: keysOf().p521, KeyID: "ES512"}.MarshalJSON()
	set, _ := json.Marshal(map[string]any{"keys": []json.RawMessage{other, private}})
	if v, err := VerifyJWKS(signed(t, "ES512"), set); err != nil || !v.Verified {
		t.Errorf("%+v, %v", v, err)
	}
	if CheckJWKS(set) == nil {
		t.Error("a private key is published without a problem")
	}
}

// Keys of one kid are tried up to a limit, beyond which the question has no response. Those for another algorithm do not count.
func TestVerifyJWKSWithManyKeys(t *testing.T) {
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(publicSet(t), &set); err != nil {
		t.Fatal(err)
	}
	var right, other map[string]any
	for _, key := range set.Keys {
		switch key["kty"] {
		case "EC":
			if key["crv"] == "P-521" {
				right = key
			}
		case "RSA":
			other = key
		}
	}
	fresh, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(jose.JSONWebKey{Key: fresh.Public(), KeyID: right["kid"].(string)})
	if err != nil {
		t.Fatal(err)
	}
	var wrong map[string]any
	if err := json.Unmarshal(text, &wrong); err != nil {
		t.Fatal(err)
	}
	other["kid"] = right["kid"]
	for _, c := range []struct {
		wrong, other int
		want         Reason
	}{
		{maxTried - 1, 0, ""}, {0, maxKeys - 1, ""}, {maxTried, 0, ReasonManyKeys}, {maxKeys - 1, 0, ReasonManyKeys},
	} {
		keys := slices.Concat(slices.Repeat([]map[string]any{wrong}, c.wrong), slices.Repeat([]map[string]any{other}, c.other), []map[string]any{right})
		text, err := json.Marshal(map[string]any{"keys": keys})
		if err != nil {
			t.Fatal(err)
		}
		v, err := VerifyJWKS(signed(t, "ES512"), text)
		if err != nil || v.Reason != c.want || v.Verified != (c.want == "") || v.Judgeable() != (c.want == "") {
			t.Errorf("%d keys that are wrong, %d of another kind: %+v, %v", c.wrong, c.other, v, err)
		}
	}
}
