package certificate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode"

	yaml "github.com/oasdiff/yaml3"

	"github.com/sa-conformance/conformance/spec"
)

// MaxAppeal is the length in bytes that an appeal.yaml may have.
const MaxAppeal = 256 << 10

const (
	maxAppeals = 100
	maxReading = 500
	maxReasons = 8000
	maxLinks   = 20
)

// Appeal is what a vendor says about a requirement. It changes no verdict.
type Appeal struct {
	// Requirement is an id of the set.
	Requirement string `yaml:"requirement" json:"requirement"`
	// Reading is how the vendor reads the contract there.
	Reading string `yaml:"reading" json:"reading"`
	Reasons string `yaml:"reasons" json:"reasons"`
	// Links are https addresses.
	Links []string `yaml:"links" json:"links,omitempty"`
}

// ParseAppeal reads an appeal.yaml: a list "appeals", of requirements of the set, each once. The error is one line.
func ParseAppeal(data []byte, set spec.Set) ([]Appeal, error) {
	if len(data) > MaxAppeal {
		return nil, fmt.Errorf("it is longer than %d bytes", MaxAppeal)
	}
	var file struct {
		Appeals []Appeal `yaml:"appeals"`
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("it is empty")
		}
		text, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:\n  ", ""), "\n")
		return nil, errors.New(text)
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("it has more than one document")
	}
	if len(file.Appeals) == 0 || len(file.Appeals) > maxAppeals {
		return nil, fmt.Errorf("it has %d appeals; it takes 1 to %d, in a list \"appeals\"", len(file.Appeals), maxAppeals)
	}
	known := map[string]bool{}
	for i, a := range file.Appeals {
		if err := a.check(set); err != nil {
			return nil, fmt.Errorf("appeal %d: %w", i+1, err)
		}
		if known[a.Requirement] {
			return nil, fmt.Errorf("appeal %d: there is another one on %s", i+1, a.Requirement)
		}
		known[a.Requirement] = true
	}
	return file.Appeals, nil
}

func (a Appeal) check(set spec.Set) error {
	switch {
	case a.Requirement == "":
		return errors.New("it names no requirement")
	case !set.Has(a.Requirement):
		return fmt.Errorf("the set %s has no requirement of the name that it gives", set.Name())
	case strings.TrimSpace(a.Reading) == "" || strings.TrimSpace(a.Reasons) == "":
		return errors.New("it takes a reading and reasons")
	case len(a.Reading) > maxReading || len(a.Reasons) > maxReasons || len(a.Links) > maxLinks:
		return fmt.Errorf("it is too long: the reading has up to %d bytes, the reasons up to %d, and there are up to %d links", maxReading, maxReasons, maxLinks)
	}
	for _, link := range a.Links {
		if _, ok := parseLink(link); !ok {
			return errors.New("a link is not an https address")
		}
	}
	return nil
}

// parseLink reads the address that a link of an appeal has to be.
func parseLink(link string) (*url.URL, bool) {
	address, err := url.Parse(link)
	good := err == nil && address.Scheme == "https" && address.Host != "" && address.User == nil && len(link) <= 2000 &&
		!strings.ContainsFunc(link, unicode.IsSpace)
	return address, good
}
