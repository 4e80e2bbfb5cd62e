package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	yaml "github.com/oasdiff/yaml3"

	"github.com/sa-conformance/conformance/internal/certificate"
)

// Rules are what a registry demands of every submission, from registry.yaml.
type Rules struct {
	// Name is the title of the public pages.
	Name string
	// Sets are those of which a certificate has to be by one; none: any. What else is demanded is in the policy.
	Sets []string
	// Challenge is set if every certificate has to answer a challenge.
	Challenge bool
	// UnconfirmedKeys accepts keys that come with a submission and that the certifier does not have.
	UnconfirmedKeys bool
	// Vendors are by name of the submission.
	Vendors map[string]Vendor
}

// Vendor is what the certifier knows of a submission beforehand.
type Vendor struct {
	// Challenge is the nonce that the certifier gave.
	Challenge string `yaml:"challenge"`
	// Identities are the names of the keys that may sign; the name of the submission if none is given.
	Identities []string `yaml:"identities"`
}

// Revocation takes back what a key signed, or one certificate, or every certificate of one run.
type Revocation struct {
	Key         string `yaml:"key" json:"key,omitempty"`
	Certificate string `yaml:"certificate" json:"certificate,omitempty"`
	Run         string `yaml:"run" json:"run,omitempty"`
	// Since is a day, such as 2027-01-31.
	Since  string `yaml:"since" json:"since"`
	Reason string `yaml:"reason" json:"reason"`
}

// Day is when a revocation was decided.
func (r Revocation) Day() time.Time {
	day, _ := time.Parse(time.DateOnly, r.Since) // parseRevocations did
	return day
}

var digestShape = regexp.MustCompile(`^[0-9a-f]{64}$`)

func parseRules(data []byte) (r Rules, err error) {
	var file struct {
		Name  string `yaml:"name"`
		Rules struct {
			Sets            []string `yaml:"sets"`
			Challenge       bool     `yaml:"challenge"`
			UnconfirmedKeys bool     `yaml:"unconfirmed-keys"`
		} `yaml:"rules"`
		Vendors map[string]Vendor `yaml:"vendors"`
	}
	if err := decodeYAML(data, &file); err != nil {
		return r, err
	}
	if err := checkText(file.Name); err != nil {
		return r, fmt.Errorf("name: %w", err)
	}
	r = Rules{
		Name: file.Name, Sets: file.Rules.Sets, Challenge: file.Rules.Challenge, UnconfirmedKeys: file.Rules.UnconfirmedKeys, Vendors: file.Vendors,
	}
	for _, set := range r.Sets {
		if _, err := time.Parse("2006-01", set); err != nil {
			return r, fmt.Errorf("rules: sets: %q is not the name of a set, such as 2026-12", set)
		}
	}
	for name, vendor := range r.Vendors {
		if err := vendor.check(name); err != nil {
			return r, fmt.Errorf("vendors: %q: %w", name, err)
		}
	}
	return r, nil
}

// alsoGiven names the other submissions to which the certifier gave a challenge.
func (r Rules) alsoGiven(name, challenge string) (others []string) {
	for other, vendor := range r.Vendors {
		if other != name && vendor.Challenge == challenge {
			others = append(others, other)
		}
	}
	slices.Sort(others)
	return others
}

func (v Vendor) check(name string) error {
	if !isName(name) {
		return errors.New("a submission has a name of lower-case letters, digits and hyphens")
	}
	for _, identity := range v.Identities {
		if !isName(identity) {
			return fmt.Errorf("identities: %q is not of lower-case letters, digits and hyphens", identity)
		}
	}
	if v.Challenge != "" {
		if err := certificate.CheckChallenge(v.Challenge); err != nil {
			return fmt.Errorf("challenge: %w", err)
		}
	}
	return nil
}

// parsePolicy reads what is demanded of every certificate. Keys, challenge and target are of a vendor, and not of all.
func parsePolicy(data []byte) (p certificate.Policy, err error) {
	if p, err = certificate.ParsePolicy(data); err != nil {
		return p, err
	}
	if len(p.Keys) > 0 || p.Identity != nil || p.Challenge != "" || p.Target != "" {
		return p, errors.New("keys, challenge and target are not for all vendors, nor is identity: keys and identities are in " + KeysDir + "/, challenges in " + RulesFile + ", and targets in the submissions")
	}
	return p, nil
}

func parseRevocations(data []byte) ([]Revocation, error) {
	var file struct {
		Revoked []Revocation `yaml:"revoked"`
	}
	if err := decodeYAML(data, &file); err != nil {
		return nil, err
	}
	for i, r := range file.Revoked {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("revocation %d: %w", i+1, err)
		}
	}
	return file.Revoked, nil
}

func (r Revocation) check() error {
	given := 0
	for _, value := range []string{r.Key, r.Certificate, r.Run} {
		if value != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return errors.New("give one of key, certificate and run")
	case r.Key != "" && !digestShape.MatchString(r.Key):
		return errors.New("key: it is not a key id (64 hexadecimal digits in lower case)")
	case r.Certificate != "" && !digestShape.MatchString(r.Certificate):
		return errors.New("certificate: it is not the SHA-256 of a bundle (64 hexadecimal digits in lower case)")
	case r.Run != "" && checkText(r.Run) != nil:
		return errors.New("run: it is not the id of a run")
	}
	if _, err := time.Parse(time.DateOnly, r.Since); err != nil {
		return errors.New("since: it is not a day, such as 2027-01-31")
	}
	if err := checkText(r.Reason); err != nil {
		return fmt.Errorf("reason: %w", err)
	}
	return nil
}

// decodeYAML reads one document into a value, and no member that it does not have. The error is one line.
func decodeYAML(data []byte, value any) error {
	if strings.TrimSpace(string(data)) == "" {
		return errors.New("it is empty")
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(value); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("it is empty")
		}
		if field := unknownField.FindStringSubmatch(err.Error()); field != nil {
			return fmt.Errorf("%s: there is no key %q", field[1], field[2])
		}
		if line := place.FindString(err.Error()); line != "" {
			return fmt.Errorf("%s: this is not YAML of the schema: check the types, indentation, quotes and keys that are given twice", line)
		}
		return errors.New("it is not YAML of the schema")
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return errors.New("it has more than one document")
	}
	return nil
}

// place finds the line in an error of the YAML parser, whose other words may repeat what the file holds; unknownField finds
// line and name of a key that the schema does not have.
var (
	place        = regexp.MustCompile(`line \d+`)
	unknownField = regexp.MustCompile(`(line \d+): field (\S{1,40}) not found`)
)
