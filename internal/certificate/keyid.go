package certificate

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/cjson"
)

// KeyID is the id that securesystemslib derives for the key, so that in-toto and TUF know it by the same name: the hexadecimal
// SHA-256 of its type, scheme and public value as canonical JSON.
func (p *PublicKey) KeyID() (string, error) {
	kind, scheme, value := Ed25519, Ed25519, ""
	switch key := p.key.(type) {
	case ed25519.PublicKey:
		value = hex.EncodeToString(key)
	case *ecdsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			return "", fmt.Errorf("encoding the public key: %w", err)
		}
		kind, scheme = ECDSA, fmt.Sprintf("ecdsa-sha2-nistp%d", key.Params().BitSize)
		value = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	text, err := cjson.EncodeCanonical(map[string]any{"keytype": kind, "scheme": scheme, "keyval": map[string]string{"public": value}})
	if err != nil {
		return "", fmt.Errorf("encoding the public key: %w", err)
	}
	return digestHex(text), nil
}

// earlierID is the id that bundles had before: the hexadecimal SHA-256 of the key's SubjectPublicKeyInfo.
func (p *PublicKey) earlierID() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(p.key)
	if err != nil {
		return "", fmt.Errorf("encoding the public key: %w", err)
	}
	return digestHex(der), nil
}

// idOf is the id of the key by which a signature names it, be it the present or the earlier one; "" if it names another key.
func (p *PublicKey) idOf(named string) (string, error) {
	for _, id := range []func() (string, error){p.KeyID, p.earlierID} {
		switch id, err := id(); {
		case err != nil:
			return "", err
		case id == named:
			return id, nil
		}
	}
	return "", nil
}

// namedKey is a key that a signature names by one of its ids.
type namedKey struct {
	*PublicKey
	id string
}

// KeyID is the id of the signature.
func (k namedKey) KeyID() (string, error) { return k.id, nil }

func digestHex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
