package keyless

import (
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"
	"github.com/sigstore/sigstore-go/pkg/verify"
)

// Signed is who signed, by the word of a certificate authority that is trusted, and what the log says.
type Signed struct {
	Subject string
	Issuer  string
	Log     Entry
}

// Entry is the entry of a transparency log.
type Entry struct {
	// Log is the address of the log by the trusted root; ID is the SHA-256 of its key.
	Log string `json:"log,omitempty"`
	ID  string `json:"id"`
	// Index is the number of the entry.
	Index int64 `json:"index"`
	// Time is when the entry was made, by the log or by a timestamp authority of the trusted root.
	Time time.Time `json:"time"`
}

// Verify returns who signed: the certificate is of an authority of the root and was valid when the entry of the log was made,
// the entry is of this signature, and the log includes it. The error is one line that says what does not hold.
func (b *Bundle) Verify(r *Root) (s Signed, err error) {
	defer recovered(&err, "it cannot be verified: a library stopped on it")
	material := b.read.GetVerificationMaterial()
	leaf, err := x509.ParseCertificate(material.GetCertificate().GetRawBytes())
	if err != nil {
		return s, errors.New("the certificate of who signed cannot be read")
	}
	if n := len(leaf.URIs) + len(leaf.EmailAddresses) + len(leaf.DNSNames) + len(leaf.IPAddresses); n > 1 {
		return s, fmt.Errorf("the certificate of who signed has %d names, and one is expected", n)
	}
	entry := material.GetTlogEntries()[0]
	id := hex.EncodeToString(entry.GetLogId().GetKeyId())
	log, known := r.material.RekorLogs()[id]
	if !known {
		return s, errors.New("the transparency log of its entry is none of the trusted root")
	}
	if made := time.Unix(entry.GetIntegratedTime(), 0); entry.GetIntegratedTime() != 0 && (made.Before(leaf.NotBefore) || made.After(leaf.NotAfter)) {
		return s, fmt.Errorf("the certificate of who signed was valid from %s to %s, and the log has the signature since %s",
			leaf.NotBefore.UTC().Format(time.RFC3339), leaf.NotAfter.UTC().Format(time.RFC3339), made.UTC().Format(time.RFC3339))
	}
	if _, err := verify.VerifyTlogEntry(b.read, r.material, 1, true); err != nil {
		return s, errors.New("its entry of the transparency log does not hold: " + plain(err))
	}
	options := []verify.VerifierOption{verify.WithTransparencyLog(1), verify.WithObserverTimestamps(1), verify.WithoutStatementPredicate()}
	if len(r.material.CTLogs()) > 0 { // the authorities of the root then log what they issue
		options = append(options, verify.WithSignedCertificateTimestamps(1))
	}
	verifier, err := verify.NewVerifier(r.material, options...)
	if err != nil {
		return s, errors.New("the trusted root cannot be used: " + line(err))
	}
	// The statement names the members of the certificate, which are compared with it elsewhere.
	found, err := verifier.Verify(b.read, verify.NewPolicy(verify.WithoutArtifactUnsafe(), verify.WithoutIdentitiesUnsafe()))
	if err != nil {
		return s, errors.New("the signature does not hold: " + plain(err))
	}
	if s, err = b.claims(); err != nil {
		return s, err
	}
	s.Log.Log, s.Log.Time = log.BaseURL, found.VerifiedTimestamps[0].Timestamp.UTC()
	return s, nil
}

// claims is who signed by the word of the certificate, which nobody checked.
func (b *Bundle) claims() (s Signed, err error) {
	material := b.read.GetVerificationMaterial()
	leaf, err := x509.ParseCertificate(material.GetCertificate().GetRawBytes())
	if err != nil {
		return s, errors.New("the certificate of who signed cannot be read")
	}
	summary, err := certificate.SummarizeCertificate(leaf)
	if err != nil || summary.SubjectAlternativeName == "" || summary.Issuer == "" {
		return s, errors.New("the certificate of who signed does not say by which issuer")
	}
	entry := material.GetTlogEntries()[0]
	return Signed{
		Subject: summary.SubjectAlternativeName, Issuer: summary.Issuer,
		Log: Entry{ID: hex.EncodeToString(entry.GetLogId().GetKeyId()), Index: entry.GetLogIndex(), Time: time.Unix(entry.GetIntegratedTime(), 0).UTC()},
	}, nil
}
