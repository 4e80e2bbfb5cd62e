package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
)

// identitySuffix is the end of the name of a file with an identity that the certifier confirmed.
const identitySuffix = ".identity.yaml"

// plainText is what an identity and its issuer consist of: nothing that a shell or a page would read otherwise.
var plainText = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9@:/._+~%=-]{0,499}$`)

// Signer is who signed without a key.
type Signer struct {
	Identity string `yaml:"identity"`
	Issuer   string `yaml:"issuer"`
}

// key is the identity as what signs. The error is one line and repeats no value.
func (s Signer) key() (*signingKey, error) {
	if !plainText.MatchString(s.Identity) || !plainText.MatchString(s.Issuer) {
		return nil, errors.New("identity and issuer have up to 500 letters, digits and characters of addresses")
	}
	return newIdentity(s.Identity, "", s.Issuer)
}

// parseIdentity reads a file with an identity that the certifier confirmed.
func parseIdentity(text []byte) (*signingKey, error) {
	var file struct {
		Identity string `yaml:"identity"`
		Pattern  string `yaml:"identityRegexp"`
		Issuer   string `yaml:"issuer"`
	}
	if err := decodeYAML(text, &file); err != nil {
		return nil, err
	}
	if file.Pattern == "" {
		return Signer{file.Identity, file.Issuer}.key()
	}
	return newIdentity(file.Identity, file.Pattern, file.Issuer)
}

// newIdentity makes what signs out of an identity. Its id is the SHA-256 of how it is written for people.
func newIdentity(subject, pattern, issuer string) (*signingKey, error) {
	identity, err := keyless.NewIdentity(subject, pattern, issuer)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(identity.String()))
	id := hex.EncodeToString(sum[:])
	return &signingKey{Identity: &identity, ID: id, earlier: id}, nil
}

// keyFile finds the name and the form of a file in keys/; nil for another file.
func keyFile(name string) (identity string, parse func([]byte) (*signingKey, error)) {
	if identity, ok := strings.CutSuffix(name, identitySuffix); ok {
		return identity, parseIdentity
	}
	if identity, ok := strings.CutSuffix(name, keySuffix); ok {
		return identity, parseKey
	}
	return "", nil
}

// suffix is the end of the name of the file that confirms it.
func (k *signingKey) suffix() string {
	if k.Identity != nil {
		return identitySuffix
	}
	return keySuffix
}

// stands tells whether what the certifier confirmed is, or covers, what a submission names.
func (k *signingKey) stands(other *signingKey) bool {
	return k.ID == other.ID || k.Identity != nil && other.Identity != nil && k.Identity.Matches(other.Identity.Subject, other.Identity.Issuer)
}

// oneSigner tells whether a submission names one way in which it is signed.
func (s Submission) oneSigner() bool {
	given := 0
	for _, is := range []bool{s.Key != "", s.Identity != "", s.Signer != nil} {
		if is {
			given++
		}
	}
	return given == 1
}

// signedBy is what signed, by the submission's own word.
func (s Submission) signedBy(key []byte) (*signingKey, error) {
	if s.Signer != nil {
		return s.Signer.key()
	}
	found, err := parseKey(key)
	if err != nil {
		return nil, errors.New(s.Key + ": " + err.Error())
	}
	return found, nil
}

// readRoot reads the trusted root that the policy names.
func (r *Registry) readRoot(root *os.Root) error {
	name := r.Policy.RootFile
	if name == "" {
		return nil
	}
	text, err := readRegular(root, name, keyless.MaxRoot)
	if err == nil {
		r.rootText = text
		r.root, err = keyless.ParseRoot(text)
	}
	if err != nil {
		return errors.New("trustedRoot: " + name + ": " + err.Error()) // a missing one is not a missing policy
	}
	return nil
}

// Command is how a reader checks the certificate without the registry. An identity of other characters than addresses have is left
// out: somebody will copy the line into a shell.
func (r *Review) Command() string {
	command := "conformance verify " + r.Name + ".zip"
	i := r.Verification.Identity
	switch {
	case i == nil:
		return command + " --key " + r.Name + keySuffix
	case !plainText.MatchString(i.Subject) || !plainText.MatchString(i.Issuer):
		return command + " --trusted-root " + rootFile + " --identity … --issuer …"
	}
	return command + " --trusted-root " + rootFile + " --identity " + i.Subject + " --issuer " + i.Issuer
}
