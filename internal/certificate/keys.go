package certificate

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	_ "crypto/sha512" // of P-384 and P-521
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"

	"filippo.io/edwards25519"
)

// The kinds of keys: Ed25519 (RFC 8032), and ECDSA over P-256, P-384 or P-521 with the hash of the curve's size.
const (
	Ed25519 = "ed25519"
	ECDSA   = "ecdsa"
)

// GenerateKey makes a key of a kind, ECDSA over P-256: the private half as PEM of PKCS #8, the public one as PEM of
// SubjectPublicKeyInfo.
func GenerateKey(kind string) (private, public []byte, err error) {
	var key crypto.Signer
	switch kind {
	case Ed25519:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case ECDSA:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		err = fmt.Errorf("there is no kind of key %q", kind)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("making a key: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the private key: %w", err)
	}
	open, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: open}), nil
}

// Signer is a private key. It is a signer of DSSE.
type Signer struct{ key crypto.Signer }

// ParseSigner reads a private key: one block of PEM with PKCS #8. Errors say nothing of what is in it.
func ParseSigner(text []byte) (*Signer, error) {
	block, err := onlyBlock(text)
	if err != nil {
		return nil, err
	}
	switch block.Type {
	case "PRIVATE KEY":
	case "PUBLIC KEY":
		return nil, errors.New("it is a public key; name the private one")
	case "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("it has a passphrase; name a key without one")
	default:
		return nil, errors.New("it is not PKCS #8 (-----BEGIN PRIVATE KEY-----)")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("it is damaged")
	}
	signer, ok := key.(crypto.Signer)
	if !ok || usable(signer.Public()) != nil {
		return nil, errUnusable
	}
	return &Signer{signer}, nil
}

// Public is the other half.
func (s *Signer) Public() *PublicKey { return &PublicKey{s.key.Public()} }

// KeyID names the key: see PublicKey.
func (s *Signer) KeyID() (string, error) { return s.Public().KeyID() }

// Sign signs a message. The same message has the same signature always: ECDSA is that of RFC 6979, with the lower of the
// two values of s, so that nobody else can make another one out of it.
func (s *Signer) Sign(_ context.Context, message []byte) ([]byte, error) {
	hash := hashOf(s.key.Public())
	signature, err := s.key.Sign(nil, digested(hash, message), hash)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	if key, ok := s.key.Public().(*ecdsa.PublicKey); ok {
		return low(signature, key.Params().N)
	}
	return signature, nil
}

// PublicKey is a verifier of DSSE.
type PublicKey struct{ key crypto.PublicKey }

// ParsePublicKey reads one block of PEM with a SubjectPublicKeyInfo.
func ParsePublicKey(text []byte) (*PublicKey, error) {
	block, err := onlyBlock(text)
	if err != nil {
		return nil, err
	}
	switch block.Type {
	case "PUBLIC KEY":
	case "PRIVATE KEY":
		return nil, errors.New("it is a private key, which nobody else should have; name the public one")
	default:
		return nil, errors.New("it is not a public key (-----BEGIN PUBLIC KEY-----)")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("it is damaged")
	}
	return &PublicKey{key}, usable(key)
}

// Public is the key itself.
func (p *PublicKey) Public() crypto.PublicKey { return p.key }

// Verify tells whether a signature is that of this key over a message.
func (p *PublicKey) Verify(_ context.Context, message, signature []byte) error {
	switch key := p.key.(type) {
	case ed25519.PublicKey:
		if ed25519.Verify(key, message, signature) {
			return nil
		}
	case *ecdsa.PublicKey:
		again, err := low(signature, key.Params().N)
		if err == nil && bytes.Equal(again, signature) && ecdsa.VerifyASN1(key, digested(hashOf(key), message), signature) {
			return nil
		}
	}
	return errors.New("the signature does not verify")
}

var errUnusable = errors.New("it is neither an Ed25519 key nor an ECDSA key over P-256, P-384 or P-521")

func usable(key crypto.PublicKey) error {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return strong(key)
	case *ecdsa.PublicKey:
		if bits := key.Params().BitSize; bits >= 256 {
			return nil
		}
	}
	return errUnusable
}

// strong tells whether an Ed25519 key is one that generating keys can make (RFC 8032 section 5.1.5): a point in canonical form,
// in the group of prime order and not its neutral element. Under a key of small order anybody can sign.
func strong(key ed25519.PublicKey) error {
	point, err := new(edwards25519.Point).SetBytes(key)
	if err != nil || !bytes.Equal(point.Bytes(), key) {
		return errors.New("it is not a point of the curve in canonical form")
	}
	neutral := edwards25519.NewIdentityPoint()
	if new(edwards25519.Point).MultByCofactor(point).Equal(neutral) == 1 {
		return errors.New("it is a point of small order, under which anybody can sign")
	}
	one, err := edwards25519.NewScalar().SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		return fmt.Errorf("checking the key: %w", err)
	}
	last := edwards25519.NewScalar().Negate(one) // the order less one
	if whole := new(edwards25519.Point).ScalarMult(last, point); whole.Add(whole, point).Equal(neutral) != 1 {
		return errors.New("it is not a point of the group of prime order")
	}
	return nil
}

// hashOf is the hash that goes with a key; Ed25519 takes the message as it is.
func hashOf(key crypto.PublicKey) crypto.Hash {
	curve, ok := key.(*ecdsa.PublicKey)
	switch {
	case !ok:
		return crypto.Hash(0)
	case curve.Params().BitSize > 384:
		return crypto.SHA512
	case curve.Params().BitSize > 256:
		return crypto.SHA384
	default:
		return crypto.SHA256
	}
}

func digested(hash crypto.Hash, message []byte) []byte {
	if hash == 0 {
		return message
	}
	h := hash.New()
	_, _ = h.Write(message) // never fails: see hash.Hash
	return h.Sum(nil)
}

// low is an ECDSA signature with the lower of the two values of s that verify.
func low(signature []byte, order *big.Int) ([]byte, error) {
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &pair); err != nil || len(rest) > 0 {
		return nil, errors.New("this is no ECDSA signature")
	}
	if other := new(big.Int).Sub(order, pair.S); other.Cmp(pair.S) < 0 {
		pair.S = other
	}
	return asn1.Marshal(pair)
}

func onlyBlock(text []byte) (*pem.Block, error) {
	block, rest := pem.Decode(text)
	switch {
	case block == nil:
		return nil, errors.New("it holds no key in PEM form")
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("it holds more than one key")
	}
	return block, nil
}
