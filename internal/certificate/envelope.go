package certificate

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// Seal signs a statement: a DSSE envelope with one signature.
func Seal(ctx context.Context, statement []byte, signer *Signer) ([]byte, error) {
	s, err := dsse.NewEnvelopeSigner(signer)
	if err != nil {
		return nil, fmt.Errorf("signing the statement: %w", err)
	}
	envelope, err := s.SignPayload(ctx, PayloadType, statement)
	if err != nil {
		return nil, fmt.Errorf("signing the statement: %w", err)
	}
	text, err := encoded(envelope)
	if err != nil {
		return nil, fmt.Errorf("encoding the envelope: %w", err)
	}
	return text, nil
}

// open takes an envelope apart that is written as Seal writes one. The payload is not to be trusted before verified says so.
func open(text []byte) (envelope *dsse.Envelope, payload []byte, err error) {
	envelope = &dsse.Envelope{}
	if err := strictly(text, envelope); err != nil {
		return nil, nil, err
	}
	again, err := encoded(envelope)
	payload, badPayload := base64.StdEncoding.Strict().DecodeString(envelope.Payload)
	switch {
	case err != nil, !bytes.Equal(again, text), badPayload != nil:
		return nil, nil, errors.New("it is not written as this suite writes it")
	case envelope.PayloadType != PayloadType:
		return nil, nil, errors.New("it does not hold an in-toto statement")
	case len(envelope.Signatures) != 1:
		return nil, nil, fmt.Errorf("it has %d signatures, and a bundle has one", len(envelope.Signatures))
	}
	if _, err := base64.StdEncoding.Strict().DecodeString(envelope.Signatures[0].Sig); err != nil {
		return nil, nil, errors.New("its signature is not base64")
	}
	return envelope, payload, nil
}

// verified tells which of some keys the signature is of.
func verified(ctx context.Context, envelope *dsse.Envelope, keys []*PublicKey) error {
	claimed := envelope.Signatures[0].KeyID
	for _, key := range keys {
		id, err := key.KeyID()
		if err != nil {
			return err
		}
		if id != claimed {
			continue
		}
		v, err := dsse.NewEnvelopeVerifier(key)
		if err != nil {
			return fmt.Errorf("verifying the signature: %w", err)
		}
		if _, err := v.Verify(ctx, envelope); err != nil {
			return errors.New("the signature does not verify with the key that it names: the statement was changed, or another key signed it")
		}
		return nil
	}
	return errors.New("it was signed with another key than the one given")
}
