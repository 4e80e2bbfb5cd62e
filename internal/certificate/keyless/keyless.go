// Package keyless signs and verifies statements by an identity of OpenID Connect in place of a key, in the form of sigstore: a
// certificate that is valid for some minutes, and an entry in a transparency log. It verifies without a network, by the trusted
// root that it is given. It does not judge what a statement says.
package keyless

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"google.golang.org/protobuf/encoding/protojson"
)

// mediaType is that of the bundles of sigstore which are written and read.
const mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// MaxBundle is the length in bytes that a bundle of sigstore may have.
const MaxBundle = 2 << 20

// Bundle is a bundle of sigstore: a DSSE envelope with one signature, the certificate of who signed, and the entry of the log.
type Bundle struct {
	read *bundle.Bundle
	// PayloadType and Payload are what was signed. They are not to be trusted before Verify.
	PayloadType string
	Payload     []byte
}

// Parse reads a bundle that has the form that Sign writes. The error is one line.
func Parse(text []byte) (b *Bundle, err error) {
	defer recovered(&err, "it cannot be read as a bundle of sigstore")
	if len(text) > MaxBundle {
		return nil, fmt.Errorf("it is longer than %d bytes", MaxBundle)
	}
	raw := &protobundle.Bundle{}
	if err := protojson.Unmarshal(text, raw); err != nil {
		return nil, errors.New("it is not a bundle of sigstore")
	}
	again, err := encode(raw)
	switch {
	case err != nil || !bytes.Equal(again, text):
		return nil, errors.New("it is not written as this suite writes it")
	case raw.GetMediaType() != mediaType:
		return nil, errors.New("it is not of the version 0.3 of sigstore's bundles")
	}
	envelope := raw.GetDsseEnvelope()
	switch {
	case envelope == nil:
		return nil, errors.New("it has no DSSE envelope")
	case len(envelope.GetSignatures()) != 1:
		return nil, fmt.Errorf("it has %d signatures, and a certificate has one", len(envelope.GetSignatures()))
	case raw.GetVerificationMaterial().GetCertificate() == nil:
		return nil, errors.New("it has no certificate of who signed")
	}
	switch entries := raw.GetVerificationMaterial().GetTlogEntries(); {
	case len(entries) == 0:
		return nil, errors.New("it has no entry of a transparency log")
	case len(entries) > 1:
		return nil, fmt.Errorf("it has %d entries of transparency logs, and a certificate has one", len(entries))
	case entries[0].GetInclusionProof() == nil:
		return nil, errors.New("its entry of the transparency log has no proof of inclusion")
	}
	read, err := bundle.NewBundle(raw)
	if err != nil {
		return nil, errors.New("its entry of the transparency log cannot be read: " + line(err))
	}
	return &Bundle{read: read, PayloadType: envelope.GetPayloadType(), Payload: envelope.GetPayload()}, nil
}

// encode writes a bundle in the one form that is accepted. protojson alone varies its white space.
func encode(raw *protobundle.Bundle) ([]byte, error) {
	text, err := protojson.Marshal(raw)
	if err != nil {
		return nil, fmt.Errorf("encoding the bundle of sigstore: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, fmt.Errorf("encoding the bundle of sigstore: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// recovered turns a panic of a library that reads hostile bytes into an error.
func recovered(err *error, text string) {
	if recover() != nil {
		*err = errors.New(text)
	}
}
