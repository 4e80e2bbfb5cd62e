package certificate

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	yaml "github.com/oasdiff/yaml3"

	"github.com/sa-conformance/conformance/spec"
)

// MaxPolicy is the length in bytes that a policy may have.
const MaxPolicy = 64 << 10

// Policy is what whoever relies on certificates demands of each of them. Its schema is docs/policy.schema.json.
type Policy struct {
	Required
	// Keys are the files of the public keys whose signature counts, as the policy names them.
	Keys []string
	// RootFile is the trusted root of sigstore, as the policy names it; "" if none is given.
	RootFile string
	// AuthorityFiles are the files of the certificates of timestamp authorities, as the policy names them.
	AuthorityFiles []string
	// WitnessFiles are the files of the public keys of witnesses, as the policy names them.
	WitnessFiles []string
	// Challenge is the nonce that the certifier gave; "" if none is demanded.
	Challenge string
}

// policyFile is the form of the file.
type policyFile struct {
	Profiles  []string `yaml:"profiles"`
	Target    string   `yaml:"target"`
	Set       string   `yaml:"set"`
	Depth     string   `yaml:"depth"`
	MaxAge    string   `yaml:"maxAge"`
	Keys      []string `yaml:"keys"`
	Identity  string   `yaml:"identity"`
	Pattern   string   `yaml:"identityRegexp"`
	Issuer    string   `yaml:"issuer"`
	Root      string   `yaml:"trustedRoot"`
	Log       *bool    `yaml:"log"`
	Challenge string   `yaml:"challenge"`
	Timestamp struct {
		Authorities []string `yaml:"authorities"`
	} `yaml:"timestamp"`
	Witness struct {
		Keys []string `yaml:"keys"`
		Held *bool    `yaml:"held"`
	} `yaml:"witness"`
	Disguise *bool `yaml:"disguise"`
	Runs     *bool `yaml:"runs"`
	TLS      struct {
		Authority    string   `yaml:"authority"`
		Certificates []string `yaml:"certificates"`
		Direct       *bool    `yaml:"direct"`
	} `yaml:"tls"`
}

// ParsePolicy reads a policy. The error is one line.
func ParsePolicy(data []byte) (p Policy, err error) {
	if len(data) > MaxPolicy {
		return p, fmt.Errorf("it is longer than %d bytes", MaxPolicy)
	}
	if err := policyShape(data); err != nil {
		return p, err
	}
	var file policyFile
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		return p, oneLine(err)
	}
	return file.policy()
}

// policyShape refuses what a decoder would take silently: a value that is empty demands nothing, and nobody sees that.
func policyShape(data []byte) error {
	var document yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&document); errors.Is(err, io.EOF) {
		return errors.New("it is empty and demands nothing")
	} else if err != nil {
		return oneLine(err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("it has more than one document")
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return errors.New("it is not a mapping of demands, such as: profiles: [core]")
	}
	return filled(root, "it")
}

// filled refuses empty values and references.
func filled(n *yaml.Node, name string) error {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return fmt.Errorf("line %d: a policy has no anchors and aliases; write the value out", n.Line)
	case n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || strings.TrimSpace(n.Value) == ""),
		n.Kind != yaml.ScalarNode && len(n.Content) == 0:
		return fmt.Errorf("line %d: %s is empty and demands nothing; give a value, or leave it out", n.Line, name)
	}
	for i, inner := range n.Content {
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			name = n.Content[i-1].Value
		}
		if err := filled(inner, name); err != nil {
			return err
		}
	}
	return nil
}

// policy checks the values.
func (f policyFile) policy() (p Policy, err error) {
	for _, name := range f.Profiles {
		if !slices.Contains(spec.Profiles(), spec.Profile(name)) {
			return p, fmt.Errorf("profiles: there is no profile %.40q; there are: %v", name, spec.Profiles())
		}
		p.Profiles = append(p.Profiles, spec.Profile(name))
	}
	if u, err := url.Parse(f.Target); f.Target != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return p, errors.New("target: it is not an https URL with a host")
	}
	p.Target, p.Set, p.Depth, p.Keys, p.Challenge = f.Target, f.Set, f.Depth, f.Keys, f.Challenge
	if f.Depth != "" && !slices.Contains(certifiedDepths, f.Depth) {
		return p, fmt.Errorf("depth: %.40q is neither %s", f.Depth, strings.Join(certifiedDepths, " nor "))
	}
	if f.MaxAge != "" {
		if p.MaxAge, err = ParseDuration(f.MaxAge); err != nil {
			return p, fmt.Errorf("maxAge: %.40q is not a duration of one hour to ten years; write 90d or 36h", f.MaxAge)
		}
	}
	if f.Challenge != "" {
		if err := CheckChallenge(f.Challenge); err != nil {
			return p, fmt.Errorf("challenge: %w", err)
		}
	}
	if err := f.signer(&p); err != nil {
		return p, err
	}
	p.AuthorityFiles, p.WitnessFiles = f.Timestamp.Authorities, f.Witness.Keys
	if f.Witness.Held != nil {
		if p.Held = *f.Witness.Held; !p.Held || len(p.WitnessFiles) == 0 {
			return p, errors.New("witness.held: it takes true, and needs witness.keys; leave it out if the vendor's suite may hold the run")
		}
	}
	if f.Disguise != nil {
		if p.Disguise = *f.Disguise; !p.Disguise {
			return p, errors.New("disguise: it takes true; leave it out if a run may be recognised")
		}
	}
	if f.Runs != nil {
		if p.Runs = *f.Runs; !p.Runs {
			return p, errors.New("runs: it takes true; leave it out if runs need not be counted")
		}
	}
	switch f.TLS.Authority {
	case "", publicAuthority:
	default:
		return p, fmt.Errorf("tls.authority: it takes %s; name single authorities by tls.certificates", publicAuthority)
	}
	p.TLS.Public = f.TLS.Authority != ""
	if f.TLS.Direct != nil {
		if p.TLS.Direct = *f.TLS.Direct; !p.TLS.Direct {
			return p, errors.New("tls.direct: it takes true; leave it out if a proxy is allowed")
		}
	}
	for _, text := range f.TLS.Certificates {
		digest := strings.ToLower(strings.ReplaceAll(text, ":", ""))
		if raw, err := hex.DecodeString(digest); err != nil || len(raw) != 32 {
			return p, fmt.Errorf("tls.certificates: %.100q is not the SHA-256 of a certificate, which has 64 hexadecimal digits", text)
		}
		p.TLS.Certificates = append(p.TLS.Certificates, digest)
	}
	return p, nil
}

// certifiedDepths are the depths of a run that can be certified, in ascending order.
var certifiedDepths = []string{"standard", "deep"}

const publicAuthority = "public"

// oneLine is an error of the YAML library without the lines that it adds.
func oneLine(err error) error {
	text, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:\n  ", ""), "\n")
	return errors.New(strings.ReplaceAll(text, " in type certificate.policyFile", ""))
}
