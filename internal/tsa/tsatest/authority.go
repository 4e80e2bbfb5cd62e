// Package tsatest is a timestamp authority for tests. It is not linked into the program.
package tsatest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// Authority responds to requests for timestamps, as its fields say.
type Authority struct {
	// Root is the certificate that verifiers trust; PEM is the same.
	Root *x509.Certificate
	PEM  []byte
	// Change spoils a timestamp before it is signed; nil leaves it.
	Change func(*timestamp.Timestamp)
	// Requests are the bodies that it got.
	Requests [][]byte

	leaf *x509.Certificate
	key  *ecdsa.PrivateKey
}

// New makes an authority with a root of its own; change alters the certificate that signs, and may be nil.
func New(t testing.TB, change func(*x509.Certificate)) *Authority {
	t.Helper()
	now := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test root"}, NotBefore: now.Add(-240 * time.Hour), NotAfter: now.Add(240 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	root, rootKey := signed(t, root, nil, nil)
	// Extension 2.5.29.37 is written by hand, as crypto/x509 does not make it critical.
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Test timestamps"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	if change != nil {
		change(leaf)
	}
	a := &Authority{Root: root, PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})}
	a.leaf, a.key = signed(t, leaf, root, rootKey)
	return a
}

func signed(t testing.TB, template, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if parent == nil {
		parent, parentKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

// ServeHTTP responds to one request.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	a.Requests = append(a.Requests, body)
	response, err := a.Respond(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(response)
}

// Respond makes the response to a query.
func (a *Authority) Respond(query []byte) ([]byte, error) {
	request, err := timestamp.ParseRequest(query)
	if err != nil {
		return nil, err
	}
	stamp := &timestamp.Timestamp{
		HashAlgorithm: request.HashAlgorithm, HashedMessage: request.HashedMessage, Time: time.Now().UTC().Truncate(time.Second), Nonce: request.Nonce,
		Policy: asn1.ObjectIdentifier{1, 2, 3, 4}, AddTSACertificate: request.Certificates,
	}
	if a.Change != nil {
		a.Change(stamp)
	}
	return stamp.CreateResponseWithOpts(a.leaf, a.key, stamp.HashAlgorithm)
}
