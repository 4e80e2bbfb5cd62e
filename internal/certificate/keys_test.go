package certificate

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"

	"filippo.io/edwards25519"
)

func published(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// Keys under which others than the signer can sign are not taken, whoever names them.
func TestWeakKeys(t *testing.T) {
	point := func(text string) ed25519.PublicKey {
		data, err := hex.DecodeString(text)
		if err != nil || len(data) != ed25519.PublicKeySize {
			t.Fatal(text)
		}
		return data
	}
	good, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	order8 := point("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
	mixed, err := new(edwards25519.Point).SetBytes(good)
	if err != nil {
		t.Fatal(err)
	}
	torsion, err := new(edwards25519.Point).SetBytes(order8)
	if err != nil {
		t.Fatal(err)
	}
	mixed.Add(mixed, torsion)
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		key  any
		want string
	}{
		"good":                      {good, ""},
		"neutral element":           {point("01" + strings.Repeat("00", 31)), "small order"},
		"order 2":                   {point("ec" + strings.Repeat("ff", 30) + "7f"), "small order"},
		"order 4":                   {point(strings.Repeat("00", 32)), "small order"},
		"order 4, the other":        {point(strings.Repeat("00", 31) + "80"), "small order"},
		"order 8":                   {order8, "small order"},
		"not canonical: p":          {point("ed" + strings.Repeat("ff", 30) + "7f"), "canonical"},
		"not canonical: p+1":        {point("ee" + strings.Repeat("ff", 30) + "7f"), "canonical"},
		"not canonical: minus zero": {point("01" + strings.Repeat("00", 30) + "80"), "canonical"},
		"no point":                  {point("02" + strings.Repeat("00", 31)), "canonical"},
		"of mixed order":            {ed25519.PublicKey(mixed.Bytes()), "prime order"},
		"P-224":                     {&p224.PublicKey, "neither an Ed25519 key nor"},
		"RSA":                       {&long.PublicKey, "neither an Ed25519 key nor"},
	} {
		_, err := ParsePublicKey(published(t, test.key))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
