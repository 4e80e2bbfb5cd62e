package certificate

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/sa-conformance/conformance/internal/tsa"
)

// Timestamp is what a token says whose signature is valid by the certificate in it.
type Timestamp struct {
	Time time.Time `json:"time"`
	// Authority is the subject of the certificate that signed.
	Authority string `json:"authority"`
	// Trusted is set if an authority that was named stands for it.
	Trusted bool `json:"trusted"`

	token *tsa.Token
}

// A run ends, and is signed and timestamped within moments. The clocks of signer and authority may differ a little.
const (
	mostBefore = 5 * time.Minute
	mostAfter  = time.Hour
)

// CheckTimestamp returns nil if a token is of a run that ended at that time, and of one of the authorities, if there are any.
func CheckTimestamp(t *tsa.Token, ended time.Time, authorities []*x509.Certificate) error {
	if len(authorities) > 0 {
		if err := t.TrustedBy(authorities); err != nil {
			return err
		}
	}
	if t.Time.Before(ended.Add(-mostBefore)) || t.Time.After(ended.Add(mostAfter)) {
		return fmt.Errorf("it is of %s, and by the signer's clock the run ended at %s", t.Time.Format(time.RFC3339), ended.UTC().Format(time.RFC3339))
	}
	return nil
}

// timestamp reads the token of a bundle.
func (v *Verification) timestamp(b *Bundle) {
	der := b.Member(TimestampFile)
	if der == nil {
		return
	}
	token, err := tsa.Parse(der)
	if err == nil {
		err = token.Of(b.Member(b.signed()))
	}
	if err != nil {
		v.missing(TimestampFile, "the token cannot be used: "+err.Error())
		return
	}
	v.Timestamp = &Timestamp{Time: token.Time, Authority: token.Signer.Subject.String(), token: token}
}

// unmetTimestamp lists what is demanded of the timestamp and not there.
func (v *Verification) unmetTimestamp(authorities []*x509.Certificate, ended time.Time) []string {
	switch {
	case len(authorities) == 0:
		return nil
	case v.Timestamp == nil:
		return []string{"a timestamp of an authority is required, and there is none that is valid"}
	}
	if err := CheckTimestamp(v.Timestamp.token, ended, authorities); err != nil {
		return []string{"a timestamp of an authority is required, and this one does not count: " + err.Error()}
	}
	v.Timestamp.Trusted = true
	return nil
}

// ParseAuthorities reads certificates of timestamp authorities in PEM.
func ParseAuthorities(text []byte) (all []*x509.Certificate, err error) {
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, errors.New("it holds something else than certificates")
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New("a certificate in it cannot be read")
		}
		all, text = append(all, c), rest
	}
	if len(all) == 0 {
		return nil, errors.New("it holds no certificate in PEM")
	}
	return all, nil
}
