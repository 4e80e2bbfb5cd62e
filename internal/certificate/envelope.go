package certificate

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
)

// envelope is one of DSSE (https://github.com/secure-systems-lab/dsse, envelope.md). It is written here, since the usual
// library brings all of SSH into the binary; in the tests that library reads what this one writes, and the other way round.
type envelope struct {
	PayloadType string      `json:"payloadType"`
	Payload     string      `json:"payload"` // base64
	Signatures  []signature `json:"signatures"`
}

type signature struct {
	KeyID string `json:"keyid"`
	Sig   string `json:"sig"` // base64
}

// signedText is what a signature is over: the pre-authentication encoding of DSSE (protocol.md).
func signedText(payloadType string, payload []byte) []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(payloadType), payloadType, len(payload), payload)
}

// Seal signs a statement: a DSSE envelope with one signature.
func Seal(ctx context.Context, statement []byte, signer *Signer) ([]byte, error) {
	sig, err := signer.Sign(ctx, signedText(PayloadType, statement))
	if err != nil {
		return nil, fmt.Errorf("signing the statement: %w", err)
	}
	id, err := signer.KeyID()
	if err != nil {
		return nil, fmt.Errorf("signing the statement: %w", err)
	}
	text, err := encoded(&envelope{
		PayloadType: PayloadType, Payload: base64.StdEncoding.EncodeToString(statement),
		Signatures: []signature{{KeyID: id, Sig: base64.StdEncoding.EncodeToString(sig)}},
	})
	if err != nil {
		return nil, fmt.Errorf("encoding the envelope: %w", err)
	}
	return text, nil
}

// open takes an envelope apart that is written as Seal writes one. The payload is not to be trusted before verified says so.
func open(text []byte) (sealed *envelope, payload []byte, err error) {
	sealed = &envelope{}
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

// verified tells which of some keys the signature is of.
func verified(ctx context.Context, sealed *envelope, keys []*PublicKey) error {
	payload, err := base64.StdEncoding.Strict().DecodeString(sealed.Payload)
	if err != nil {
		return fmt.Errorf("decoding the payload: %w", err)
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(sealed.Signatures[0].Sig)
	if err != nil {
		return fmt.Errorf("decoding the signature: %w", err)
	}
	claimed := sealed.Signatures[0].KeyID
	for _, key := range keys {
		id, err := key.KeyID()
		if err != nil {
			return err
		}
		if id != claimed {
			continue
		}
		if err := key.Verify(ctx, signedText(sealed.PayloadType, payload), sig); err != nil {
			return errors.New("the signature does not verify with the key that it names: the statement was changed, or another key signed it")
		}
		return nil
	}
	return errors.New("it was signed with another key than the one given")
}
