package certificate

import (
	"bytes"
	"crypto/x509"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/tsa"
	"github.com/sa-conformance/conformance/internal/tsa/tsatest"
)

// A timestamp counts if it is of this envelope, of an authority that is named, and of the time at which the run ended.
func TestTimestamps(t *testing.T) {
	a, other := tsatest.New(t, nil), tsatest.New(t, nil)
	server := httptest.NewServer(a)
	defer server.Close()
	envelope := []byte("the envelope")
	token, err := tsa.NewClient(server.URL).Stamp(t.Context(), envelope)
	if err != nil {
		t.Fatal(err)
	}
	now, ours := time.Now(), []*x509.Certificate{a.Root}
	for name, test := range map[string]struct {
		members     map[string][]byte
		authorities []*x509.Certificate
		ended       time.Time
		want        string // of what is demanded, or of the evidence
	}{
		"good":            {map[string][]byte{EnvelopeFile: envelope, TimestampFile: token.DER}, ours, now, ""},
		"an identity's":   {map[string][]byte{SigstoreFile: envelope, TimestampFile: token.DER}, ours, now, ""},
		"not demanded":    {map[string][]byte{EnvelopeFile: envelope, TimestampFile: token.DER}, nil, now.Add(-day), ""},
		"none":            {map[string][]byte{EnvelopeFile: envelope}, ours, now, "there is none that is valid"},
		"neither":         {map[string][]byte{EnvelopeFile: envelope}, nil, now, ""},
		"another root":    {map[string][]byte{EnvelopeFile: envelope, TimestampFile: token.DER}, []*x509.Certificate{other.Root}, now, "no authority that is named"},
		"signed later":    {map[string][]byte{EnvelopeFile: envelope, TimestampFile: token.DER}, ours, now.Add(-2 * time.Hour), "by the signer's clock the run ended at"},
		"dated forward":   {map[string][]byte{EnvelopeFile: envelope, TimestampFile: token.DER}, ours, now.Add(time.Hour), "by the signer's clock the run ended at"},
		"another":         {map[string][]byte{EnvelopeFile: []byte("signed again"), TimestampFile: token.DER}, nil, now, "it is of other data"},
		"not a token":     {map[string][]byte{EnvelopeFile: envelope, TimestampFile: []byte("x")}, nil, now, "it is not a timestamp token"},
		"something after": {map[string][]byte{EnvelopeFile: envelope, TimestampFile: append(bytes.Clone(token.DER), 0)}, nil, now, "it is not a timestamp token"},
	} {
		v := &Verification{Signature: Valid, Claims: &Claims{ValidFrom: test.ended}}
		v.timestamp(&Bundle{members: test.members})
		v.requires([]Required{{Authorities: test.authorities}}, now)
		found := append([]string{}, v.Unmet...)
		for _, p := range v.Evidence {
			found = append(found, p.String())
		}
		if test.want == "" && len(found) > 0 || test.want != "" && (len(found) != 1 || !strings.Contains(found[0], test.want)) {
			t.Errorf("%s: %q, want %q", name, found, test.want)
		}
		if trusted := v.Timestamp != nil && v.Timestamp.Trusted; trusted != (test.want == "" && test.authorities != nil) {
			t.Errorf("%s: trusted is %t", name, trusted)
		}
	}
	if all, err := ParseAuthorities(append(bytes.Clone(a.PEM), other.PEM...)); err != nil || len(all) != 2 {
		t.Errorf("%v, %v", all, err)
	}
	_, public, _ := GenerateKey(Ed25519)
	for _, text := range [][]byte{nil, []byte("text"), public, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")} {
		if _, err := ParseAuthorities(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
