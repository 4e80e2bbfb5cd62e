package registry

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/paths"
)

// nameShape is that of the directory of a submission, which is its name in every address, and of an identity.
var nameShape = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)

// isName reports whether a text can be the name of a submission, and so of files and directories on every system.
func isName(text string) bool { return nameShape.MatchString(text) && paths.Portable(text) }

// fileShape is that of the name of a file in a submission: no path, nothing hidden.
var fileShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// maxText is the number of characters of a text in submission.yaml, and maxAddress that of an address.
const (
	maxText    = 100
	maxAddress = 500
)

// Submission is what a vendor says in submission.yaml.
type Submission struct {
	Vendor  string `yaml:"vendor"`
	Product string `yaml:"product"`
	Version string `yaml:"version"`
	// Contact is an e-mail address or an https address.
	Contact string `yaml:"contact"`
	// Target is the URL that was certified.
	Target string `yaml:"target"`
	// Bundle is the name of the file that "conformance certify" wrote.
	Bundle string `yaml:"bundle"`
	// Key is the name of a file with the public key. Identity is the name of a key or an identity that the certifier has. Signer is who
	// signed without a key. One of them is given.
	Key      string  `yaml:"key"`
	Identity string  `yaml:"identity"`
	Signer   *Signer `yaml:"signer"`
}

// parseSubmission reads submission.yaml. The error is one line and repeats no value.
func parseSubmission(data []byte) (s Submission, err error) {
	if err := decodeYAML(data, &s); err != nil {
		return s, err
	}
	for _, field := range []struct{ name, value string }{
		{"vendor", s.Vendor}, {"product", s.Product}, {"version", s.Version},
	} {
		if err := checkText(field.value); err != nil {
			return s, fmt.Errorf("%s: %w", field.name, err)
		}
	}
	if !isContact(s.Contact) {
		return s, errors.New("contact: it is neither an e-mail address nor an https address")
	}
	if !isHTTPS(s.Target) {
		return s, errors.New("target: it is not an https address")
	}
	if s.Bundle == submissionFile || !fileShape.MatchString(s.Bundle) {
		return s, errors.New("bundle: it is not the name of a file of this directory; write certificate.zip")
	}
	switch {
	case !s.oneSigner():
		return s, errors.New("key, identity, signer: give one of them")
	case s.Key != "" && (s.Key == submissionFile || s.Key == s.Bundle || !fileShape.MatchString(s.Key)):
		return s, errors.New("key: it is not the name of a file of this directory; write vendor.pub.pem")
	case s.Identity != "" && !isName(s.Identity):
		return s, errors.New("identity: it has lower-case letters, digits and hyphens, such as acme-2027")
	}
	if s.Signer != nil {
		if _, err := s.Signer.key(); err != nil {
			return s, fmt.Errorf("signer: %w", err)
		}
	}
	return s, nil
}

// files are those that the directory has.
func (s Submission) files() []string {
	return slices.DeleteFunc([]string{submissionFile, s.Bundle, s.Key}, func(name string) bool { return name == "" })
}

// checkText tells whether a text can be shown as it is, on one line.
func checkText(text string) error {
	switch {
	case text == "":
		return errors.New("it is missing")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }):
		return errors.New("it has characters that do not show, such as control characters or line ends")
	case strings.TrimSpace(text) != text:
		return errors.New("it begins or ends with a space")
	case utf8.RuneCountInString(text) > maxText:
		return fmt.Errorf("it is longer than %d characters", maxText)
	}
	return nil
}

func isContact(text string) bool {
	if isHTTPS(text) {
		return true
	}
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && isVisible(text) && !strings.ContainsAny(text, `"<>`)
}

func isHTTPS(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && isVisible(text)
}

// isVisible tells whether an address is short and of visible ASCII.
func isVisible(text string) bool {
	return len(text) <= maxAddress && !strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}
