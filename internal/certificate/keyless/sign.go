package keyless

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sigstore/sigstore-go/pkg/sign"
)

// The public services of sigstore. What is sent to the log can be read by everybody, for good.
const (
	PublicFulcio = "https://fulcio.sigstore.dev"
	PublicRekor  = "https://rekor.sigstore.dev"
)

// Signer signs by the identity of a token.
type Signer struct {
	// Fulcio is the address of the certificate authority, and Rekor that of the transparency log.
	Fulcio, Rekor string
	// Pause is how long to wait before a service is asked again.
	Pause time.Duration
	// Root verifies what is signed before it is used; nil leaves that to whoever reads it.
	Root *Root
}

// ServiceError says which service did not do its part.
type ServiceError struct {
	// Flag is the flag that names the service.
	Flag string
	err  error
}

func (e *ServiceError) Error() string {
	name := map[string]string{"fulcio-url": "the certificate authority", "rekor-url": "the transparency log"}[e.Flag]
	return name + " (--" + e.Flag + "): " + e.err.Error()
}

// Unwrap is what it did in place of it.
func (e *ServiceError) Unwrap() error { return e.err }

// Try asks for a certificate and drops it, so that an authority that does not accept the token costs no run. Nothing is sent to
// the log.
func (s *Signer) Try(ctx context.Context, token Token) error {
	pair, err := sign.NewEphemeralKeypair(nil)
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	_, err = (&authority{ctx: ctx, address: s.Fulcio}).GetCertificate(ctx, pair, &sign.CertificateProviderOptions{IDToken: token.Reveal()})
	return err
}

// Sign signs a payload: by a key that is made for it and dropped, a certificate for it, and an entry of the log. It returns the
// text of a bundle of sigstore, and who signed: without a Root by the word of whoever responded. Errors have no part of the token.
func (s *Signer) Sign(ctx context.Context, token Token, payloadType string, payload []byte) (text []byte, signed Signed, err error) {
	err = Retry(ctx, s.Pause, func() (err error) {
		text, err = s.sign(ctx, token, payloadType, payload)
		return err
	})
	if err != nil {
		return nil, signed, err
	}
	b, err := Parse(text)
	switch {
	case err != nil:
	case s.Root != nil:
		signed, err = b.Verify(s.Root)
	default:
		signed, err = b.claims()
	}
	if err != nil {
		return nil, signed, fmt.Errorf("what was signed would not verify: %w", err)
	}
	return text, signed, nil
}

// sign signs without a look at what came of it.
func (s *Signer) sign(ctx context.Context, token Token, payloadType string, payload []byte) (text []byte, err error) {
	defer recovered(&err, "the response of the transparency log (--rekor-url) cannot be used")
	pair, err := sign.NewEphemeralKeypair(nil)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	log := &logClient{ctx: ctx, address: strings.TrimRight(s.Rekor, "/")}
	raw, err := sign.Bundle(&sign.DSSEData{Data: payload, PayloadType: payloadType}, pair, sign.BundleOptions{
		Context:             ctx,
		CertificateProvider: &authority{ctx: ctx, address: s.Fulcio}, CertificateProviderOptions: &sign.CertificateProviderOptions{IDToken: token.Reveal()},
		TransparencyLogs: []sign.Transparency{sign.NewRekor(&sign.RekorOptions{BaseURL: s.Rekor, Client: log})},
	})
	if service := (*ServiceError)(nil); errors.As(err, &service) {
		return nil, service
	} else if err != nil {
		return nil, &ServiceError{"rekor-url", errors.New("its response cannot be used: " + line(err))}
	}
	return encode(raw)
}

// authority asks for certificates. The library takes no context, follows redirects, and repeats the body of a response.
type authority struct {
	ctx     context.Context // of one call
	address string
}

// GetCertificate returns a certificate of the key.
func (a *authority) GetCertificate(_ context.Context, pair sign.Keypair, options *sign.CertificateProviderOptions) ([]byte, error) {
	failed := func(text string, args ...any) error { return &ServiceError{"fulcio-url", fmt.Errorf(text, args...)} }
	door := &transport{ctx: a.ctx}
	der, err := sign.NewFulcio(&sign.FulcioOptions{BaseURL: strings.TrimRight(a.address, "/"), Timeout: timeout, Transport: door}).
		GetCertificate(a.ctx, pair, options)
	switch {
	case err != nil && door.failed != nil:
		return nil, failed("%w", unanswered(door.failed))
	case err != nil && door.status == http.StatusUnauthorized || door.status == http.StatusForbidden || door.status == http.StatusBadRequest:
		return nil, failed("it does not accept the identity token: it responds with the status %d", door.status)
	case err != nil && door.status != 0 && door.status != http.StatusOK:
		return nil, failed("%w", passing(door.status, fmt.Errorf("it responds with the status %d in place of 200", door.status)))
	case err != nil && door.status == 0:
		return nil, failed("the identity token cannot be used: it has no subject that an authority knows")
	case err != nil:
		return nil, failed("its response holds no certificate")
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, failed("its response holds no certificate")
	}
	ours, err := x509.MarshalPKIXPublicKey(pair.GetPublicKey())
	if err != nil {
		return nil, fmt.Errorf("encoding the key: %w", err)
	}
	if !bytes.Equal(ours, certificate.RawSubjectPublicKeyInfo) {
		return nil, failed("its certificate is of another key")
	}
	if now := time.Now(); now.After(certificate.NotAfter) {
		return nil, failed("its certificate was valid until %s", certificate.NotAfter.UTC().Format(time.RFC3339))
	}
	return der, nil
}
