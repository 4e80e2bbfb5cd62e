// Package keylesstest is a certificate authority and a transparency log of sigstore for tests, on this machine. It is not linked
// into the program.
package keylesstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"
)

// Standin is an authority and a log. Its fields change what they do.
type Standin struct {
	// URL is where both respond.
	URL string
	// Root is the trusted root of both (trusted_root.json).
	Root []byte
	// Certificate spoils a certificate before it is signed; nil leaves it.
	Certificate func(*x509.Certificate)
	// Time is when the log has the entry; zero is now.
	Time time.Time
	// Status is what the authority responds with in place of a certificate; 0 is none. Echo repeats the token then.
	Status int
	Echo   bool
	// Replay responds with a certificate that was issued before, for another key.
	Replay bool
	// Tokens are the identity tokens that the authority got, and Entries how many entries the log has.
	Tokens  []string
	Entries int

	mu     sync.Mutex
	ca     *x509.Certificate
	caKey  *ecdsa.PrivateKey
	logKey *ecdsa.PrivateKey
	logID  string
	leaves [][]byte
	last   string
}

// New starts an authority and a log.
func New(t testing.TB) *Standin {
	t.Helper()
	s := &Standin{caKey: newKey(t), logKey: newKey(t)}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority", Organization: []string{"Test"}}, NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(240 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, s.caKey.Public(), s.caKey)
	if err == nil {
		s.ca, err = x509.ParseCertificate(der)
	}
	if err == nil {
		s.logID, err = idOf(s.logKey)
	}
	if err == nil {
		s.Root, err = s.root(nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /api/v2/signingCert", s.issue)
	routes.HandleFunc("POST /api/v1/log/entries", s.add)
	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// RootWithCT is the trusted root of an authority that logs its certificates, which this one does not.
func (s *Standin) RootWithCT(t testing.TB) []byte {
	t.Helper()
	key := newKey(t)
	id, err := idOf(key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.root(map[string]*root.TransparencyLog{id: logOf(id, "https://ct.test.example", key)})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (s *Standin) root(ct map[string]*root.TransparencyLog) ([]byte, error) {
	authority := &root.FulcioCertificateAuthority{Root: s.ca, ValidityPeriodStart: s.ca.NotBefore, URI: "https://fulcio.test.example"}
	logs := map[string]*root.TransparencyLog{s.logID: logOf(s.logID, "https://rekor.test.example", s.logKey)}
	trusted, err := root.NewTrustedRoot(root.TrustedRootMediaType01, []root.CertificateAuthority{authority}, ct, nil, logs)
	if err != nil {
		return nil, err
	}
	return trusted.MarshalJSON()
}

// Token is an identity token of a subject, signed by nobody.
func Token(subject, issuer string, expiry time.Time) string {
	part := func(value any) string {
		text, _ := json.Marshal(value) // of strings and numbers
		return base64.RawURLEncoding.EncodeToString(text)
	}
	return part(map[string]any{"alg": "RS256", "typ": "JWT"}) + "." +
		part(map[string]any{"iss": issuer, "sub": subject, "aud": "sigstore", "exp": expiry.Unix(), "jti": rand.Text()}) + "." +
		base64.RawURLEncoding.EncodeToString([]byte("a signature that nobody checks: "+rand.Text()))
}

// issue is the certificate authority: it believes every token.
func (s *Standin) issue(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.Tokens = append(s.Tokens, token)
	if s.Status != 0 {
		w.WriteHeader(s.Status)
		if s.Echo {
			_, _ = w.Write([]byte("bad token: " + token))
		}
		return
	}
	var request struct {
		PublicKeyRequest struct {
			PublicKey struct{ Content string }
		}
	}
	var claims struct{ Sub, Iss string }
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token+"..", ".")[1])
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err == nil {
		err = json.NewDecoder(r.Body).Decode(&request)
	}
	block, _ := pem.Decode([]byte(request.PublicKeyRequest.PublicKey.Content))
	if err != nil || block == nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		http.Error(w, "bad key", http.StatusBadRequest)
		return
	}
	text, err := s.last, error(nil)
	if !s.Replay {
		text, err = s.sign(claims.Sub, claims.Iss, key)
	}
	s.last = text
	if err != nil {
		http.Error(w, "bad subject", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"signedCertificateEmbeddedSct": map[string]any{"chain": map[string]any{"certificates": []string{text}}}})
}

// sign makes a certificate for a subject: an address or an e-mail address.
func (s *Standin) sign(subject, issuer string, key any) (string, error) {
	now := time.Now()
	value := append([]byte{0x0c, byte(len(issuer))}, issuer...) // a UTF8String in DER
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), NotBefore: now.Add(-time.Minute), NotAfter: now.Add(10 * time.Minute), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage:     []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
		ExtraExtensions: []pkix.Extension{{Id: []int{1, 3, 6, 1, 4, 1, 57264, 1, 8}, Value: value}},
	}
	if u, err := url.Parse(subject); err == nil && u.Scheme != "" {
		leaf.URIs = []*url.URL{u}
	} else {
		leaf.EmailAddresses = []string{subject}
	}
	if s.Certificate != nil {
		s.Certificate(leaf)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, s.ca, key, s.caKey)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), err
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
