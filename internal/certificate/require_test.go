package certificate

import (
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Each demand that is not met is one line; what is met is none.
func TestRequires(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	_, public, err := GenerateKey(Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := key.KeyID()
	good := func() *Verification {
		return &Verification{Signature: Valid, KeyID: id, Claims: &Claims{
			Profiles: []spec.Profile{spec.Core}, Set: report.Set{Name: "2026-12"}, ValidFrom: now.Add(-2 * day),
			Target: Target{URL: "https://identity.example.com"},
			Connection: &Connection{Address: "203.0.113.7", Chain: []PeerCertificate{
				{Subject: "CN=a", Issuer: "CN=Public CA", Names: []string{"identity.example.com"}, SHA256: digestOfSome},
			}},
		}}
	}
	all := Required{
		Profiles: []spec.Profile{spec.Core}, Target: "https://IDENTITY.example.com:443/", Set: "2026-12", Depth: "standard", MaxAge: 3 * day,
		Signers: []*PublicKey{key}, TLS: RequiredTLS{Public: true, Direct: true, Certificates: []string{digestOfSome}},
	}
	for name, test := range map[string]struct {
		change func(*Verification, *Required)
		want   string
	}{
		"all of it":      {func(*Verification, *Required) {}, ""},
		"nothing":        {func(v *Verification, r *Required) { v.Claims.Connection, *r = nil, Required{} }, ""},
		"deeper":         {func(v *Verification, _ *Required) { v.Claims.Depth = "deep" }, ""},
		"profile":        {func(_ *Verification, r *Required) { r.Profiles = []spec.Profile{"token"} }, "the profile token is required"},
		"target":         {func(v *Verification, _ *Required) { v.Claims.Target.URL = "https://identity.example.com/b" }, "the target "},
		"set":            {func(v *Verification, _ *Required) { v.Claims.Set.Name = "2026-11" }, "the set 2026-12 is required"},
		"depth":          {func(_ *Verification, r *Required) { r.Depth = "deep" }, "the depth deep is required"},
		"unknown depth":  {func(v *Verification, _ *Required) { v.Claims.Depth = "odd" }, "the depth standard is required"},
		"age":            {func(_ *Verification, r *Required) { r.MaxAge = day }, "at most 24h0m0s ago"},
		"another key":    {func(v *Verification, _ *Required) { v.KeyID = "00" }, "the signature of one of 1 keys"},
		"not valid":      {func(v *Verification, _ *Required) { v.Signature = NotValid }, "the signature of one of 1 keys"},
		"not signed":     {func(v *Verification, _ *Required) { v.Signature, v.KeyID = Unsigned, "" }, "the signature of one of 1 keys"},
		"older suite":    {func(v *Verification, _ *Required) { v.Claims.Connection = nil }, "the certificate does not say it"},
		"no chain":       {func(v *Verification, _ *Required) { v.Claims.Connection.Chain = nil }, "the certificate does not say it"},
		"named CA":       {func(v *Verification, _ *Required) { v.Claims.Connection.NamedCA = true }, "(--ca-file)"},
		"self-signed":    {func(v *Verification, _ *Required) { v.Claims.Connection.Chain[0].Issuer = "CN=a" }, "self-signed"},
		"another host":   {func(v *Verification, _ *Required) { v.Claims.Connection.Chain[0].Names = nil }, "not for the host"},
		"proxy":          {func(v *Verification, _ *Required) { v.Claims.Connection.Proxy = true }, "a proxy was between"},
		"loopback":       {func(v *Verification, _ *Required) { v.Claims.Connection.Address = "127.0.0.1" }, "127.0.0.1 answered"},
		"mapped private": {func(v *Verification, _ *Required) { v.Claims.Connection.Address = "::ffff:10.0.0.1" }, "a public address is required"},
		"no address":     {func(v *Verification, _ *Required) { v.Claims.Connection.Address = "" }, "a public address is required"},
		"another pin":    {func(_ *Verification, r *Required) { r.TLS.Certificates = []string{id} }, "one of 1 certificates is required"},
	} {
		v, r := good(), all
		test.change(v, &r)
		v.requires([]Required{r, r}, now)
		if test.want == "" && len(v.Unmet) > 0 || test.want != "" && (len(v.Unmet) != 1 || !strings.Contains(v.Unmet[0], test.want)) {
			t.Errorf("%s: %q, want %q", name, v.Unmet, test.want)
		}
	}
}
