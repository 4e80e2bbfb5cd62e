package certifycmd

import (
	"crypto/x509"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/spec"
)

// referenceOverTLS serves the reference, and is the configuration of a run against it, as certify makes it.
func referenceOverTLS(t *testing.T, set spec.Set, profiles ...spec.Profile) engine.Config {
	t.Helper()
	server, err := reference.New(reference.Config{})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := listen.Listen(t.Context(), "127.0.0.1:0", true, server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	server.SetBaseURL(listener.URL)
	known, roots := server.Credentials(), x509.NewCertPool()
	roots.AppendCertsFromPEM(listener.CertificatePEM)
	return engine.Config{
		Target: listener.URL, RootCAs: roots, Organization: known.Organization, OtherOrganization: known.OtherOrganization, Groups: known.Groups,
		Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken, NotYetValidToken: known.NotYetValidToken,
		Profiles: profiles, Set: &set, Challenge: nonce, Plain: true, Journal: engine.NoJournal, Version: "v0.0.0-test",
	}
}
