package certificate

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// What this package seals, the library of DSSE verifies, and what the library seals, this package verifies.
func TestEnvelopeIsOfDSSE(t *testing.T) {
	ctx, statement := context.Background(), []byte(`{"_type":"https://in-toto.io/Statement/v1"}`+"\n")
	for _, kind := range []string{Ed25519, ECDSA} {
		private, _, err := GenerateKey(kind)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := ParseSigner(private)
		if err != nil {
			t.Fatal(err)
		}
		text, err := Seal(ctx, statement, signer)
		if err != nil {
			t.Fatal(err)
		}
		var theirs dsse.Envelope
		if err := json.Unmarshal(text, &theirs); err != nil {
			t.Fatal(err)
		}
		verifier, err := dsse.NewEnvelopeVerifier(signer.Public())
		if err != nil {
			t.Fatal(err)
		}
		if accepted, err := verifier.Verify(ctx, &theirs); err != nil || len(accepted) != 1 {
			t.Errorf("%s: the library accepts %d signatures: %v", kind, len(accepted), err)
		}
		if payload, err := theirs.DecodeB64Payload(); err != nil || !bytes.Equal(payload, statement) {
			t.Errorf("%s: the library reads %q: %v", kind, payload, err)
		}

		sealer, err := dsse.NewEnvelopeSigner(signer)
		if err != nil {
			t.Fatal(err)
		}
		made, err := sealer.SignPayload(ctx, PayloadType, statement)
		if err != nil {
			t.Fatal(err)
		}
		again, err := encoded(made)
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s: the library writes\n%s, and this package\n%s (%v)", kind, again, text, err)
		}
		sealed, payload, err := open(again)
		if err != nil || !bytes.Equal(payload, statement) {
			t.Fatalf("%s: %q: %v", kind, payload, err)
		}
		if err := verified(ctx, sealed, []*PublicKey{signer.Public()}); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
