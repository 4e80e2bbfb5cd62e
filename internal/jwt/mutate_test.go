package jwt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

func keyOf(t *testing.T) *ecdsa.PublicKey {
	t.Helper()
	key, err := freshKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &key.PublicKey
}

func names(mutations []Mutation) []string {
	var out []string
	for _, m := range mutations {
		out = append(out, m.Name)
	}
	return out
}

func TestMutationsOfEveryKind(t *testing.T) {
	tests := []struct {
		raw  string
		want []string
	}{
		{signed(t, "ES512"), []string{
			"flip-segment-1", "flip-segment-2", "flip-segment-3", "remove-segment-1", "remove-segment-2", "remove-segment-3",
			"respace-header", "respace-claims", "strip-signature", "zero-signature", "append-character", "append-segment", "upper-case",
		}},
		{nested(t), []string{
			"flip-segment-1", "flip-segment-2", "flip-segment-3", "flip-segment-4", "flip-segment-5", "remove-segment-1",
			"remove-segment-2", "remove-segment-3", "remove-segment-4", "remove-segment-5", "respace-header",
			"strip-signature", "zero-signature", "append-character", "append-segment", "upper-case",
		}},
		{"opaque", []string{"flip-segment-1", "append-character", "append-segment", "upper-case"}},
		{"", nil},
		{strings.Repeat(".", 9), nil},
	}
	for _, test := range tests {
		got := Mutations(test.raw)
		if diff := cmp.Diff(test.want, names(got)); diff != "" {
			t.Errorf("%.40s (-want +got):\n%s", test.raw, diff)
		}
		tokens := map[string]bool{test.raw: true}
		for _, m := range got {
			if tokens[m.Token] {
				t.Errorf("%s is not a token of its own", m.Name)
			}
			tokens[m.Token] = true
		}
	}
}

// A flipped segment is still base64url, and decodes to something else whatever its length.
func TestFlipChangesBytes(t *testing.T) {
	for n := 1; n < 200; n++ {
		part := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, n))
		flipped := flip(part)
		before, _ := base64.RawURLEncoding.DecodeString(part)
		after, err := base64.RawURLEncoding.Strict().DecodeString(flipped)
		if err != nil || bytes.Equal(before, after) {
			t.Errorf("%s becomes %s: %v", part, flipped, err)
		}
	}
	if flip("") != "" || flip("é") != "é" || flip("A") != "g" {
		t.Error("odd segments")
	}
}

// No library takes a damaged JWE for the good one.
func TestMutationsDoNotDecrypt(t *testing.T) {
	for _, m := range Mutations(nested(t)) {
		object, err := jose.ParseEncryptedCompact(m.Token, joseKeyAlgorithms, joseEncryptions)
		if err != nil {
			continue
		}
		if _, err := object.Decrypt(keysOf().secret[:32]); err == nil {
			t.Errorf("%s decrypts", m.Name)
		}
	}
}

func TestUnsigned(t *testing.T) {
	good := signed(t, "ES512")
	fromJWS, err := Unsigned(good, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"alg-none", "alg-None", "alg-NONE", "alg-nOnE"}, names(fromJWS)); diff != "" {
		t.Error(diff)
	}
	token, err := jwt.Parse(fromJWS[0].Token, func(*jwt.Token) (any, error) { return jwt.UnsafeAllowNoneSignatureType, nil }, jwt.WithoutClaimsValidation())
	if err != nil || token.Header["kid"] != "ES512" || Inspect(fromJWS[0].Token).Claims != Inspect(good).Claims {
		t.Errorf("%+v, %v", token, err)
	}
	fromJWE, err := Unsigned(nested(t), map[string]any{"sub": "x"})
	if err != nil {
		t.Fatal(err)
	}
	f := Inspect(fromJWE[2].Token)
	if f.Algorithm() != "NONE" || f.Claims != `{"sub":"x"}` || f.segment(3).Characters != 0 {
		t.Errorf("%+v", f)
	}
	if _, err := Unsigned("", map[string]any{"n": math.NaN()}); err == nil {
		t.Error("claims that are not JSON are minted")
	}
}

func TestForged(t *testing.T) {
	k := keysOf()
	good := signed(t, "ES512")
	set := publicSet(t)
	got, err := Forged(rand.Reader, good, nil, set)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"forged-ES512", "forged-ES512-enclosed-key", "forged-HS256-pem", "forged-HS256-jwk", "forged-HS512-pem", "forged-HS512-jwk",
	}
	if diff := cmp.Diff(want, names(got)); diff != "" {
		t.Error(diff)
	}
	for _, m := range got {
		f := Inspect(m.Token)
		for _, rule := range slices.Sorted(maps.Keys(rules())) {
			if problems := rules()[rule](f); problems != nil {
				t.Errorf("%s is to be refused for its signature alone: %v", m.Name, problems)
			}
		}
		if v, _ := VerifyJWKS(m.Token, set); v.Verified || f.KeyID() != "ES512" || f.Claims != Inspect(good).Claims {
			t.Errorf("%s: %+v", m.Name, v)
		}
	}
	spki, _ := x509.MarshalPKIXPublicKey(&k.p521.PublicKey)
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
	if _, err := jwt.Parse(got[2].Token, func(*jwt.Token) (any, error) { return secret, nil }, jwt.WithoutClaimsValidation()); err != nil {
		t.Errorf("the secret is not the public key in PEM: %v", err)
	}
}

// Of a JWE nothing can be taken over: the first key of the set for signatures lends its kid.
func TestForgedForJWE(t *testing.T) {
	minted := map[string]any{"sub": "x"}
	got, err := Forged(rand.Reader, nested(t), minted, publicSet(t))
	if err != nil || len(got) != 6 {
		t.Fatalf("%v, %v", names(got), err)
	}
	for _, m := range got {
		if f := Inspect(m.Token); f.KeyID() != "RS256" || f.Claims != `{"sub":"x"}` || CheckType(f) != nil {
			t.Errorf("%s: %+v", m.Name, f)
		}
	}
	for _, set := range []string{"", `{"keys":[{"kty":"EC"},{"kty":"oct"}]}`} {
		if got, err := Forged(rand.Reader, "", minted, []byte(set)); err != nil || len(got) != 2 {
			t.Errorf("without keys: %v, %v", names(got), err)
		}
	}
}

func TestForgedFails(t *testing.T) {
	if _, err := Forged(rand.Reader, "", map[string]any{"n": math.NaN()}, nil); err == nil {
		t.Error("claims that are not JSON are minted")
	}
	if _, err := Forged(iotest.ErrReader(errors.New("dry")), "", nil, nil); err == nil {
		t.Error("a key is made of nothing")
	}
	if _, err := freshKey(bytes.NewReader(make([]byte, 64))); err == nil {
		t.Error("zero is a key")
	}
}

func TestRandom(t *testing.T) {
	for segments, want := range map[int]Kind{3: JWS, 5: JWE, 1: Unknown} {
		raw := Random(rand.Reader, segments)
		if f := Inspect(raw); f.Kind != want || f.segment(1).Bytes != 32 || CheckHeaderObject(f) == nil {
			t.Errorf("%d segments: %+v", segments, f)
		}
	}
	if Random(rand.Reader, 0) != "" || Random(rand.Reader, -1) != "" {
		t.Error("no segments are something")
	}
}

func TestForeign(t *testing.T) {
	got, err := Foreign(map[string]any{"sub": "nobody"})
	if f := Inspect(got); err != nil || f.Kind != JWS || f.Algorithm() != "ES256" || f.Claims != `{"sub":"nobody"}` {
		t.Errorf("error %v, %+v", err, f)
	}
	if again, err := Foreign(map[string]any{"sub": "nobody"}); err != nil || again == got {
		t.Errorf("error %v, the same again", err)
	}
	if _, err := Foreign(map[string]any{"n": math.NaN()}); err == nil {
		t.Error("no error for claims that are no JSON")
	}
}
