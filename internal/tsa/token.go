// Package tsa asks a timestamp authority (RFC 3161) and checks what it responds. It treats every response and token as hostile.
// It does not know what is timestamped, and it does not check whether a certificate was revoked.
package tsa

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// MaxToken is the length in bytes that a token may have. Those of public authorities have 2 to 8 KiB.
const MaxToken = 32 << 10

var (
	oidTimestampInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidExtKeyUsage   = asn1.ObjectIdentifier{2, 5, 29, 37}
)

// Token is a timestamp token that is signed by the certificate in it, which is one for timestamps and was valid at its time.
type Token struct {
	Time time.Time
	// Signer is the certificate that signed. Whether anybody trusts it is for TrustedBy.
	Signer *x509.Certificate
	// DER is the token itself.
	DER    []byte
	nonce  *big.Int
	hash   crypto.Hash
	digest []byte
	signed *pkcs7.PKCS7
}

// Parse reads a token (DER of a TimeStampToken). The error is one line, and says what is wrong with "the token".
func Parse(der []byte) (t *Token, err error) {
	if len(der) > MaxToken {
		return nil, fmt.Errorf("it is longer than %d bytes", MaxToken)
	}
	defer func() { // the library reads hostile bytes
		if recover() != nil {
			t, err = nil, errors.New("it is not a timestamp token")
		}
	}()
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &whole); err != nil || len(rest) > 0 {
		return nil, errors.New("it is not a timestamp token")
	}
	signed, err := pkcs7.Parse(der)
	if err != nil {
		return nil, errors.New("it is not a timestamp token")
	}
	signer := signed.GetOnlySigner()
	if signer == nil {
		return nil, errors.New("it does not hold the one certificate that signed it")
	}
	read, err := timestamp.Parse(der)
	if err != nil {
		return nil, fmt.Errorf("its signature or its form is not valid: %w", plain(err))
	}
	t = &Token{
		Time: read.Time.UTC(), Signer: signer, DER: der, nonce: read.Nonce, hash: read.HashAlgorithm, digest: read.HashedMessage, signed: signed,
	}
	return t, t.check()
}

// check looks at what the library leaves to its callers (RFC 3161 section 2.3 and 2.4.2, RFC 5652 section 5.3).
func (t *Token) check() error {
	var kind asn1.ObjectIdentifier
	if err := t.signed.UnmarshalSignedAttribute(oidContentType, &kind); err != nil || !kind.Equal(oidTimestampInfo) {
		return errors.New("what it signs is not a timestamp")
	}
	strong := []asn1.ObjectIdentifier{pkcs7.OIDDigestAlgorithmSHA256, pkcs7.OIDDigestAlgorithmSHA384, pkcs7.OIDDigestAlgorithmSHA512}
	if !slices.ContainsFunc(strong, t.signed.Signers[0].DigestAlgorithm.Algorithm.Equal) {
		return errors.New("it is signed with a digest that is weaker than SHA-256")
	}
	c := t.Signer
	critical := false
	for _, e := range c.Extensions {
		critical = critical || e.Critical && e.Id.Equal(oidExtKeyUsage)
	}
	if !critical || len(c.UnknownExtKeyUsage) > 0 || !slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) {
		return errors.New("its certificate is not one for timestamps alone (extended key usage timeStamping, critical)")
	}
	if t.Time.Before(c.NotBefore) || t.Time.After(c.NotAfter) {
		return fmt.Errorf("its certificate was not valid at %s: it is valid from %s to %s",
			t.Time.Format(time.RFC3339), c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339))
	}
	return nil
}

// Of returns nil if the token is of data.
func (t *Token) Of(data []byte) error {
	if t.hash != crypto.SHA256 {
		return errors.New("it is not of a SHA-256 digest")
	}
	if sum := sha256.Sum256(data); !bytes.Equal(sum[:], t.digest) {
		return errors.New("it is of other data: its digest is not the right one")
	}
	return nil
}

// TrustedBy returns nil if a chain leads from the certificate that signed to one of the given ones, at the time of the token.
func (t *Token) TrustedBy(authorities []*x509.Certificate) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("its chain cannot be read")
		}
	}()
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range authorities {
		roots.AddCert(c)
	}
	for _, c := range t.signed.Certificates {
		between.AddCert(c)
	}
	if _, err := t.Signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: t.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	}); err != nil {
		return fmt.Errorf("no authority that is named stands for it: %w", plain(err))
	}
	return nil
}

// plain is an error on one line of a readable length.
func plain(err error) error {
	const most = 160
	text := strings.ToValidUTF8(strings.Join(strings.Fields(err.Error()), " "), "?")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return errors.New(text)
}
