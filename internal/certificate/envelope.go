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
	sealer, err := dsse.NewEnvelopeSigner(signer)
	if err != nil {
		return nil, fmt.Errorf("signing the statement: %w", err)
	}
	sealed, err := sealer.SignPayload(ctx, PayloadType, statement)
	if err != nil {
		return nil, fmt.Errorf("signing the statement: %w", err)
	}
	text, err := encoded(sealed)
	if err != nil {
		return nil, fmt.Errorf("encoding the envelope: %w", err)
	}
	return text, nil
}

// open parses an envelope that has exactly the form that Seal writes. The payload is not to be trusted before verified
// returns nil.
func open(text []byte) (sealed *dsse.Envelope, payload []byte, err error) {
	sealed = &dsse.Envelope{}
	if err := strictly(text, sealed); err != nil {
		return nil, nil, err
	}
	again, err := encoded(sealed)
	payload, badPayload := base64.StdEncoding.Strict().DecodeString(sealed.Payload)
	switch {
	case err != nil, !bytes.Equal(again, text), badPayload != nil:
		return nil, nil, errors.New("it is not written as this suite writes it")
	case sealed.PayloadType != PayloadType:
		return nil, nil, errors.New("it does not hold an in-toto statement")
	case len(sealed.Signatures) != 1:
		return nil, nil, fmt.Errorf("it has %d signatures, and a bundle has one", len(sealed.Signatures))
	}
	if _, err := base64.StdEncoding.Strict().DecodeString(sealed.Signatures[0].Sig); err != nil {
		return nil, nil, errors.New("its signature is not base64")
	}
	return sealed, payload, nil
}

// verified returns nil if the signature is one of the key that it names, and that key is among the given ones.
func verified(ctx context.Context, sealed *dsse.Envelope, keys []*PublicKey) error {
	for _, key := range keys {
		id, err := key.idOf(sealed.Signatures[0].KeyID)
		if err != nil {
			return err
		}
		if id == "" {
			continue
		}
		verifier, err := dsse.NewEnvelopeVerifier(namedKey{key, id})
		if err != nil {
			return fmt.Errorf("verifying the envelope: %w", err)
		}
		if _, err := verifier.Verify(ctx, sealed); err != nil {
			return errors.New("the signature does not verify with the key that it names: the statement was changed, or another key signed it")
		}
		return nil
	}
	return errors.New("it was signed with another key than the one given")
}
