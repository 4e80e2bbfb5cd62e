package tsa

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"github.com/sa-conformance/conformance/internal/tsa/tsatest"
)

func client(t *testing.T, h http.Handler) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return NewClient(server.URL)
}

// An honest authority gets a digest and a nonce, and nothing of the data.
func TestStamp(t *testing.T) {
	a, other := tsatest.New(t, nil), tsatest.New(t, nil)
	data := []byte("a statement that nobody else is to see")
	token, err := client(t, a).Stamp(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(token.DER)
	if err != nil || again.Of(data) != nil || again.TrustedBy([]*x509.Certificate{other.Root, a.Root}) != nil {
		t.Errorf("%+v, %v", again, err)
	}
	if again.Of([]byte("other")) == nil || again.TrustedBy([]*x509.Certificate{other.Root}) == nil || again.TrustedBy(nil) == nil {
		t.Error("it is of everything, or everybody stands for it")
	}
	sum := sha256.Sum256(data)
	if len(a.Requests) != 1 || bytes.Contains(a.Requests[0], data[:10]) || !bytes.Contains(a.Requests[0], sum[:]) || len(a.Requests[0]) > 100 {
		t.Errorf("%q", a.Requests)
	}
}

// Each hostile response is refused with one line.
func TestStampRefuses(t *testing.T) {
	now := time.Now()
	spoilt := func(change func(*timestamp.Timestamp)) http.Handler {
		a := tsatest.New(t, nil)
		a.Change = change
		return a
	}
	fixed := func(body []byte) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
	}
	rejection, err := timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadRequest)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		h    http.Handler
		want string
	}{
		"another digest":      {spoilt(func(s *timestamp.Timestamp) { s.HashedMessage = make([]byte, 32) }), "it is of other data"},
		"another hash":        {spoilt(func(s *timestamp.Timestamp) { s.HashAlgorithm, s.HashedMessage = crypto.SHA512, make([]byte, 64) }), "not of a SHA-256"},
		"another nonce":       {spoilt(func(s *timestamp.Timestamp) { s.Nonce = big.NewInt(7) }), "nonce of the request"},
		"no nonce":            {spoilt(func(s *timestamp.Timestamp) { s.Nonce = nil }), "nonce of the request"},
		"no certificate":      {spoilt(func(s *timestamp.Timestamp) { s.AddTSACertificate = false }), "the one certificate that signed"},
		"before it was valid": {spoilt(func(s *timestamp.Timestamp) { s.Time = now.Add(-48 * time.Hour) }), "its certificate was not valid at"},
		"expired":             {tsatest.New(t, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(-9*time.Hour), now.Add(-time.Hour) }), "outside of certificate validity"},
		"no usage":            {tsatest.New(t, func(c *x509.Certificate) { c.ExtraExtensions = nil }), "not one for timestamps alone"},
		"usage not critical":  {tsatest.New(t, func(c *x509.Certificate) { c.ExtraExtensions[0].Critical = false }), "not one for timestamps alone"},
		"usage of a server": {tsatest.New(t, func(c *x509.Certificate) {
			c.ExtraExtensions, c.ExtKeyUsage = []pkix.Extension{}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}), "not one for timestamps alone"},
		"rejected":  {fixed(rejection), "rejected"},
		"text":      {fixed([]byte("<html>\nhello")), "holds no token"},
		"nothing":   {fixed(nil), "holds no token"},
		"nested":    {fixed(bytes.Repeat([]byte{0x30, 0x80}, MaxToken/2)), "holds no token"},
		"huge":      {fixed(make([]byte, MaxToken+1)), "longer than 32768 bytes"},
		"a fault":   {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }), "the status 502"},
		"elsewhere": {http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect), "the status 307"},
	} {
		_, err := client(t, test.h).Stamp(t.Context(), []byte("data"))
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// An authority that does not respond, and one that never ends, are left alone.
func TestStampEnds(t *testing.T) {
	silent := client(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see that the client is gone
		<-r.Context().Done()
	}))
	endless := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	for _, c := range []*Client{silent, endless} {
		c.Timeout = 50 * time.Millisecond
		if _, err := c.Stamp(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "it did not respond within 50ms") {
			t.Error(err)
		}
	}
	gone := NewClient("http://127.0.0.1:1/secret")
	if _, err := gone.Stamp(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "cannot be reached") || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// A token of which a byte was changed never stands for other data or another time, and never ends the program.
func TestParseChanged(t *testing.T) {
	a := tsatest.New(t, nil)
	token, err := client(t, a).Stamp(t.Context(), []byte("data"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range token.DER {
		changed := bytes.Clone(token.DER)
		changed[i] ^= 1
		found, err := Parse(changed)
		if err != nil || found.TrustedBy([]*x509.Certificate{a.Root}) != nil {
			continue
		}
		if found.Of([]byte("data")) != nil || !found.Time.Equal(token.Time) {
			t.Errorf("byte %d: %+v", i, found)
		}
		if _, err := Parse(changed[:i]); err == nil {
			t.Errorf("%d bytes are a token", i)
		}
	}
}
