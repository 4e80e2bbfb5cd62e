package keyless_test

import (
	"strings"
	"testing"

	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	"github.com/sigstore/sigstore-go/pkg/testing/data"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
)

// A bundle that the public instance of sigstore made for a workflow years ago verifies by its trusted root, which names logs of
// certificates, too. It has an older version, whose chain of certificates is left out here.
func TestRecordedBundle(t *testing.T) {
	recorded := data.Bundle(t, "sigstore.js@2.0.0-provenance.sigstore.json").Bundle
	recorded.MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
	recorded.VerificationMaterial.Content = &protobundle.VerificationMaterial_Certificate{
		Certificate: recorded.GetVerificationMaterial().GetX509CertificateChain().GetCertificates()[0],
	}
	text, err := keyless.Encode(recorded)
	if err != nil {
		t.Fatal(err)
	}
	root, err := data.TrustedRoot(t, "public-good.json").MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	who, err := verified(text, trusted(t, root))
	const workflow = "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main"
	if err != nil || who.Subject != workflow || who.Issuer != issuer || who.Log.Log != "https://rekor.sigstore.dev" {
		t.Errorf("%+v, %v", who, err)
	}
	changed := strings.Replace(string(text), `"integratedTime": "1`, `"integratedTime": "2`, 1)
	if _, err := verified([]byte(changed), trusted(t, root)); err == nil {
		t.Error("another time is taken")
	}
}
