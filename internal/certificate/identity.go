package certificate

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
)

// Identity is who signed without a key: a subject, by the word of an issuer, and the entry of the log.
type Identity struct {
	Subject string        `json:"subject"`
	Issuer  string        `json:"issuer"`
	Log     keyless.Entry `json:"log"`
}

// String names who signed.
func (i *Identity) String() string { return i.Subject + " (issuer " + i.Issuer + ")" }

// signedByIdentity opens a bundle of sigstore; nil if it has no statement.
func (v *Verification) signedByIdentity(sealed []byte, o Options) (text []byte) {
	v.Signature = NotValid
	failed := func(text string) { v.SignatureProblem = SigstoreFile + ": " + text }
	b, err := keyless.Parse(sealed)
	switch {
	case err != nil:
		failed(err.Error())
		return nil
	case b.PayloadType != PayloadType:
		failed("it does not hold an in-toto statement")
		return nil
	case len(o.Identities) == 0 && len(o.Keys) > 0:
		failed("it was signed by an identity, and with none of the keys given")
		return b.Payload
	case o.Root == nil:
		failed("it was signed by an identity, and there is no trusted root to check that with")
		return b.Payload
	}
	signed, err := b.Verify(o.Root)
	if err != nil {
		failed(err.Error())
		return b.Payload
	}
	v.Identity = &Identity{Subject: signed.Subject, Issuer: signed.Issuer, Log: signed.Log}
	var expected []string
	for _, i := range o.Identities {
		if i.Matches(signed.Subject, signed.Issuer) {
			v.Signature = Valid
			return b.Payload
		}
		expected = append(expected, i.String())
	}
	if len(expected) == 0 {
		expected = []string{"no identity"}
	}
	failed("it was signed by " + v.Identity.String() + ", and expected is " + strings.Join(expected, " or "))
	return b.Payload
}

// logged notes a signature that was not made when the run ended.
func (v *Verification) logged() {
	if v.Identity == nil || v.Claims == nil {
		return
	}
	if err := v.Identity.made(v.Claims.ValidFrom); err != nil {
		v.Notes = append(v.Notes, "the signature was not made when the run ended: "+err.Error())
	}
}

// made returns nil if the entry of the log is of the time at which a run ended.
func (i *Identity) made(ended time.Time) error {
	if made := i.Log.Time; made.Before(ended.Add(-mostBefore)) || made.After(ended.Add(mostAfter)) {
		return fmt.Errorf("its entry of the log is of %s, and by the signer's clock the run ended at %s", made.Format(time.RFC3339), ended.UTC().Format(time.RFC3339))
	}
	return nil
}

// unmetIdentity lists what is demanded of who signed, and of the log, and is not there.
func (v *Verification) unmetIdentity(r Required, ended time.Time) (lines []string) {
	signed := v.Signature == Valid && v.Identity != nil
	if r.Identity != nil && (!signed || !r.Identity.Matches(v.Identity.Subject, v.Identity.Issuer)) {
		lines = append(lines, "the signature of "+r.Identity.String()+" is required, and there is none")
	}
	if r.Log {
		err := errors.New("there is none that is valid")
		if signed {
			err = v.Identity.made(ended)
		}
		if err != nil {
			lines = append(lines, "an entry of a transparency log is required: "+err.Error())
		}
	}
	return lines
}
