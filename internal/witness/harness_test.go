package witness

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	organization = "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b"
	collection   = "/api/v1/organizations/" + organization + "/serviceaccounts"
	token        = "eyJhbGciOiJFUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJvcGVyYXRvciIsImV4cCI6MTc4MDAwMDAwMH0.c2lnbmF0dXJlLW9mLTEzMi1ieXRlcw"
	own          = `{"metadata":{"id":"11111111-1111-4111-8111-111111111111","name":"ours","creationTime":"2026-11-28T10:00:00Z","provisioningStatus":"provisioned","healthStatus":"healthy","organizationId":"o"},"spec":{"groupIDs":[]},"status":{"expiry":"2027-02-28T10:00:00Z"}}`
	others       = `{"metadata":{"id":"22222222-2222-4222-8222-222222222222","name":"theirs","creationTime":"2026-11-01T10:00:00Z","provisioningStatus":"provisioned","healthStatus":"healthy","organizationId":"o"},"spec":{"groupIDs":[]},"status":{"expiry":"2027-02-01T10:00:00Z"}}`
)

// place is a witness with a target, and one session of them.
type place struct {
	*testing.T

	server   *Server
	address  string // of the witness
	target   *httptest.Server
	session  *Client
	key      ed25519.PublicKey
	recorded []*exchange.Exchange
}

// answers is a target that has one account of others, and makes one.
func answers(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.Method {
	case http.MethodPost:
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, strings.Replace(own, `"expiry"`, `"accessToken":"`+token+`","expiry"`, 1))
	case http.MethodGet:
		_, _ = io.WriteString(w, "["+others+"]")
	}
}

func newPlace(t *testing.T, handler http.HandlerFunc) *place {
	t.Helper()
	p := &place{T: t, target: httptest.NewTLSServer(handler)}
	t.Cleanup(p.target.Close)
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(p.target.Certificate())
	p.key = public
	counter, err := NewCounter("")
	if err != nil {
		t.Fatal(err)
	}
	p.server = &Server{
		Counter: counter,
		Token:   "the-token-of-vendors", Roots: roots, AllowPrivate: true, Sessions: 1, SessionTime: time.Hour, Timeout: 5 * time.Second, Now: time.Now,
		Sign:   func(_ context.Context, m []byte) ([]byte, error) { return ed25519.Sign(private, m), nil },
		chance: func() bool { return false }, later: func() time.Duration { return 0 },
		Seal: func(_ context.Context, m []byte) ([]byte, error) { return m, nil },
	}
	witness := httptest.NewServer(p.server.Handler())
	t.Cleanup(witness.Close)
	p.address = witness.URL
	return p
}

func (p *place) begin() *place {
	p.Helper()
	session, err := Begin(p.Context(), p.address, p.server.Token, nil, Target{URL: p.target.URL, Organizations: []string{organization}})
	if err != nil {
		p.Fatal(err)
	}
	p.session = session
	return p
}

// send sends a request through the witness, and records it as a run does.
func (p *place) send(method, path, body string) (*exchange.Exchange, error) {
	p.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(p.Context(), method, p.target.URL+path, reader)
	if err != nil {
		p.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bearer " + token}, "Accept": {"application/json"}}
	e := &exchange.Exchange{ID: method + path, StartedAt: time.Now(), Request: exchange.Request{Method: method, URL: r.URL.String(), Header: r.Header, Body: []byte(body)}}
	response, err := p.session.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(response.Body)
	if err != nil {
		e.Failure = &exchange.Failure{Kind: exchange.Dropped}
	}
	e.Response = &exchange.Response{Status: response.StatusCode, Header: response.Header, Body: content}
	p.recorded = append(p.recorded, e)
	return e, nil
}

func (p *place) must(method, path, body string) *exchange.Exchange {
	p.Helper()
	e, err := p.send(method, path, body)
	if err != nil {
		p.Fatalf("%s %s: %v", method, path, err)
	}
	return e
}

// end is what the witness signed.
func (p *place) end() (*Testimony, []byte) {
	p.Helper()
	text, err := p.session.End(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	if bytes.Contains(text, []byte(token[:20])) || bytes.Contains(text, []byte(token[len(token)-20:])) {
		p.Errorf("a token is in what the witness signed: %s", text)
	}
	t, err := p.parse(text)
	if err != nil {
		p.Fatal(err)
	}
	return t, text
}

func (p *place) parse(text []byte) (*Testimony, error) {
	return Parse(text, func(message, signature []byte) error {
		if !ed25519.Verify(p.key, message, signature) {
			return io.ErrUnexpectedEOF
		}
		return nil
	})
}
