package certificate

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"testing"
)

// The ids are those that securesystemslib 1.6 (Python) derives: of the key of RFC 8032 section 7.1, test 1, and of the base points
// of the curves.
func TestKeyIDsAreThoseOfSecuresystemslib(t *testing.T) {
	public, err := hex.DecodeString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
	if err != nil {
		t.Fatal(err)
	}
	base := func(curve elliptic.Curve) *ecdsa.PublicKey {
		p := curve.Params()
		return &ecdsa.PublicKey{Curve: curve, X: p.Gx, Y: p.Gy}
	}
	for want, key := range map[string]any{
		"74c181c7ad8a0855d4b55e44d2ba87aabdddb196832571f15f92fece332e4916": ed25519.PublicKey(public),
		"cf4736fae1a3a019d3506e4345cfb6549c7aa731eb5c19f61b60f0175882edcf": base(elliptic.P256()),
		"502ce7201eae13f7cee90e4afba09bfcaa2ebb738f69141ee8f263fa4000b6bc": base(elliptic.P384()),
		"3dfaa7732955f294ca7a542f7f192fdf17378b7508fed633d48897cf22b7d27e": base(elliptic.P521()),
	} {
		if got, err := (&PublicKey{key}).KeyID(); err != nil || got != want {
			t.Errorf("%T: %s, %v; want %s", key, got, err, want)
		}
	}
}

// A signature may name its key by the id that bundles had before, and by no other.
func TestEarlierKeyID(t *testing.T) {
	private, _, err := GenerateKey(Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ParseSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Seal(context.Background(), []byte("{}\n"), signer)
	if err != nil {
		t.Fatal(err)
	}
	earlier, err := signer.Public().earlierID()
	if err != nil {
		t.Fatal(err)
	}
	present, err := signer.KeyID()
	if err != nil {
		t.Fatal(err)
	}
	for id, good := range map[string]bool{present: true, earlier: true, "": false, present[:63] + "x": false} {
		sealed, _, err := open(bytes.Replace(text, []byte(present), []byte(id), 1))
		if err != nil {
			t.Fatal(err)
		}
		if err := verified(context.Background(), sealed, []*PublicKey{signer.Public()}); (err == nil) != good {
			t.Errorf("%q: %v", id, err)
		}
	}
	if !json.Valid(text) {
		t.Error("the envelope is no JSON")
	}
}
