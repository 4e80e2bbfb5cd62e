// Package registry reviews certificates that vendors submit, and builds the public pages of those that are accepted. It treats
// every submission as hostile input, and it verifies nothing itself: that is the work of internal/certificate.
package registry

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/certificate/keyless"
)

// The files and directories of a registry.
const (
	RulesFile         = "registry.yaml"
	PolicyFile        = "policy.yaml"
	RevokedFile       = "revoked.yaml"
	KeysDir           = "keys"
	SubmissionsDir    = "submissions"
	keySuffix         = ".pub.pem"
	submissionFile    = "submission.yaml"
	maxRules          = 1 << 20
	maxKey            = 64 << 10
	maxSubmissionFile = 16 << 10
)

// MaxSubmissions is the number of submissions that a registry may have.
const MaxSubmissions = 200

// Registry is what the certifier decides: rules, revocations and confirmed keys. The zero value has none of them.
type Registry struct {
	// Dir is the directory of the registry; "" if there is none.
	Dir string
	Rules
	// Policy is what is demanded of every certificate.
	Policy      certificate.Policy
	Revocations []Revocation
	// root is the trusted root of sigstore that the policy names, and rootText the file; nil for none.
	root     *keyless.Root
	rootText []byte
	keys     map[string]*signingKey // by the name of the file without its end
}

// Open reads the files of a certifier. A mistake in them is an error of one line that names the file.
func Open(dir string) (*Registry, error) {
	r := &Registry{Dir: dir, keys: map[string]*signingKey{}}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the registry: %w", err)
	}
	defer func() { _ = root.Close() }() // it was only read
	text, err := readRegular(root, RulesFile, maxRules)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", RulesFile, err)
	}
	if r.Rules, err = parseRules(text); err != nil {
		return nil, fmt.Errorf("%s: %w", RulesFile, err)
	}
	text, err = readRegular(root, PolicyFile, certificate.MaxPolicy)
	if err == nil {
		if r.Policy, err = parsePolicy(text); err == nil {
			err = errors.Join(r.readAuthorities(root), r.readWitnesses(root), r.readRoot(root))
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", PolicyFile, err)
	}
	text, err = readRegular(root, RevokedFile, maxRules)
	if err == nil {
		r.Revocations, err = parseRevocations(text)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", RevokedFile, err)
	}
	if err := r.readKeys(root); err != nil {
		return nil, err
	}
	return r, nil
}

// readAuthorities reads the certificates of timestamp authorities that the policy names.
func (r *Registry) readAuthorities(root *os.Root) error {
	for _, name := range r.Policy.AuthorityFiles {
		text, err := readRegular(root, name, certificate.MaxPolicy)
		if err != nil {
			return errors.New("timestamp.authorities: " + name + ": " + err.Error()) // a missing one is not a missing policy
		}
		all, err := certificate.ParseAuthorities(text)
		if err != nil {
			return fmt.Errorf("timestamp.authorities: %s: %w", name, err)
		}
		r.Policy.Authorities = append(r.Policy.Authorities, all...)
	}
	return nil
}

// readWitnesses reads the public keys of witnesses that the policy names.
func (r *Registry) readWitnesses(root *os.Root) error {
	for _, name := range r.Policy.WitnessFiles {
		text, err := readRegular(root, name, certificate.MaxPolicy)
		if err != nil {
			return errors.New("witness.keys: " + name + ": " + err.Error()) // a missing one is not a missing policy
		}
		key, err := certificate.ParsePublicKey(text)
		if err != nil {
			return fmt.Errorf("witness.keys: %s: %w", name, err)
		}
		r.Policy.Witnesses = append(r.Policy.Witnesses, key)
	}
	return nil
}

// readKeys reads keys/NAME.pub.pem and keys/NAME.identity.yaml. Other files of that directory are left alone.
func (r *Registry) readKeys(root *os.Root) error {
	dir, err := root.OpenRoot(KeysDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("%s: %w", KeysDir, err)
	}
	defer func() { _ = dir.Close() }() // it was only read
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return fmt.Errorf("%s: %w", KeysDir, err)
	}
	for _, e := range entries {
		identity, parse := keyFile(e.Name())
		if parse == nil {
			continue
		}
		file := KeysDir + "/" + e.Name()
		if !isName(identity) {
			return fmt.Errorf("%s: the name of an identity has lower-case letters, digits and hyphens", file)
		}
		text, err := readRegular(dir, e.Name(), maxKey)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		key, err := parse(text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if r.keys[identity] != nil {
			return fmt.Errorf("%s: there is a key and an identity of this name; give one of them another name", file)
		}
		r.keys[identity] = key
	}
	return nil
}

// Submissions lists the paths of the registry's submissions by name. Files whose name begins with a dot are none.
func (r *Registry) Submissions() ([]string, error) {
	dir := filepath.Join(r.Dir, SubmissionsDir)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", SubmissionsDir, err)
	}
	var paths []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	if len(paths) > MaxSubmissions {
		return nil, fmt.Errorf("%s has %d submissions; a registry has up to %d", SubmissionsDir, len(paths), MaxSubmissions)
	}
	return paths, nil
}
