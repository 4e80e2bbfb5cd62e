package registry

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/certificate/keyless"
)

// signingKey is a public key with the ids that signatures and revocations may name it by, or an identity in place of a key.
type signingKey struct {
	*certificate.PublicKey
	// Identity is who signs without a key; nil if there is a key.
	Identity *keyless.Identity
	// ID is the id of today, and earlier is that of older certificates.
	ID, earlier string
	PEM         []byte
}

func parseKey(text []byte) (*signingKey, error) {
	public, err := certificate.ParsePublicKey(text)
	if err != nil {
		return nil, err
	}
	id, err := public.KeyID()
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text) // ParsePublicKey did
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("it is damaged")
	}
	der, err := x509.MarshalPKIXPublicKey(parsed)
	if err != nil {
		return nil, fmt.Errorf("encoding the public key: %w", err)
	}
	sum := sha256.Sum256(der)
	// Comments around the block are not part of the key, and are not published.
	canonical := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return &signingKey{PublicKey: public, ID: id, earlier: hex.EncodeToString(sum[:]), PEM: canonical}, nil
}

// key finds the key of a submission, and tells whether the certifier confirmed whose it is.
func (r *Registry) key(name string, s Submission, own []byte) (key *signingKey, check Check) {
	check = Check{Name: CheckKey, State: Met}
	identities := r.Vendors[name].Identities
	if len(identities) == 0 {
		identities = []string{name}
	}
	if s.Identity != "" {
		key, known := r.keys[s.Identity]
		switch {
		case !slices.Contains(identities, s.Identity):
			return nil, check.fail("the identity " + s.Identity + " may not sign for " + name)
		case !known:
			return nil, check.fail("the registry has neither the key " + KeysDir + "/" + s.Identity + keySuffix + " nor the identity " + KeysDir + "/" + s.Identity + identitySuffix)
		}
		check.Found = "confirmed: it is the identity " + s.Identity
		return key, check
	}
	key, err := s.signedBy(own)
	if err != nil {
		return nil, check.fail(err.Error())
	}
	confirmed := 0
	for _, identity := range identities {
		other, known := r.keys[identity]
		if !known {
			continue
		}
		confirmed++
		if other.stands(key) {
			check.Found = "confirmed: it is the identity " + identity
			return key, check
		}
	}
	unconfirmed := "it came with the submission, and nobody confirmed whose it is"
	switch {
	case confirmed > 0:
		return key, check.fail("it is a foreign key: the registry has another one for " + name)
	case r.Dir != "" && !r.UnconfirmedKeys:
		return key, check.fail(unconfirmed + "; once the vendor confirmed its id over another channel, add " + KeysDir + "/" + name + key.suffix())
	}
	check.State, check.Found = Noted, unconfirmed
	return key, check
}

// revocation finds what revokes a certificate; nil if nothing does.
func (r *Registry) revocation(key *signingKey, sha256, run string) *Revocation {
	for i, x := range r.Revocations {
		if x.Key != "" && key != nil && (x.Key == key.ID || x.Key == key.earlier) ||
			x.Certificate != "" && x.Certificate == sha256 || x.Run != "" && x.Run == run {
			return &r.Revocations[i]
		}
	}
	return nil
}
