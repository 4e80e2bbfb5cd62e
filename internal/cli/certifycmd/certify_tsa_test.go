package certifycmd

import (
	"crypto/x509"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/tsa"
	"github.com/sa-conformance/conformance/internal/tsa/tsatest"
	"github.com/sa-conformance/conformance/spec"
)

// A bundle with a timestamp verifies, and a timestamp does not move to an envelope that is signed again.
func TestCertifyWithTimestamp(t *testing.T) {
	raced.Rotate(t)
	set, own := newest(t), newPen(t, certificate.Ed25519)
	result := certifiedRun(t, set, spec.Core)
	a := tsatest.New(t, nil)
	server := httptest.NewServer(a)
	defer server.Close()
	path := filepath.Join(t.TempDir(), "certificate.zip")
	stamps := &stamper{tsa.NewClient(server.URL), []*x509.Certificate{a.Root}}
	terms := terms{
		Terms: certificate.Terms{ValidFor: 90 * day, Challenge: nonce, TargetVersion: "7.1"}, signer: own.signer, bundle: path, stamps: stamps,
	}
	if _, err := terms.Write(t.Context(), set, result); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	demand := func(o *certificate.Options) {
		o.Required = append(o.Required, certificate.Required{Authorities: []*x509.Certificate{a.Root}})
	}
	v := examine(t, data, demand, own)
	if c := Certified(v, false); c.Code != app.ExitConformant || v.Timestamp == nil || !v.Timestamp.Trusted {
		t.Errorf("%+v: %+v", c, v)
	}
	v = examine(t, packed(t, parts(t, data), own.signer), demand, own) // the same claims give the same signature
	if !v.Sound(false) || len(v.Unmet) > 0 {
		t.Errorf("%+v", v)
	}
	later := newPen(t, certificate.Ed25519)
	v = examine(t, packed(t, parts(t, data), later.signer), demand, later)
	if v.Sound(false) || len(v.Evidence) != 1 || !strings.Contains(v.Evidence[0].Text, "it is of other data") {
		t.Errorf("%+v", v.Evidence)
	}
	a.Change = func(s *timestamp.Timestamp) { s.Time = time.Now().Add(-30 * time.Minute) }
	terms.bundle = filepath.Join(t.TempDir(), "certificate.zip")
	if _, err := terms.Write(t.Context(), set, result); err == nil || !strings.Contains(err.Error(), "the timestamp authority (--tsa): it is of ") {
		t.Error(err)
	}
	if _, err := os.Stat(terms.bundle); err == nil {
		t.Error("there is a bundle without its timestamp")
	}
}
