package keyless

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
)

// maxText is the length of an identity, an issuer or an expression.
const maxText = 1000

// Identity is who may sign: a subject, and the issuer that stands for it. One of Subject and Pattern is set.
type Identity struct {
	// Subject is the whole name in the certificate, such as the address of a workflow.
	Subject string
	// Pattern is a regular expression that the whole name has to match.
	Pattern string
	// Issuer is the URL of the issuer of OpenID Connect, the whole of it.
	Issuer string

	pattern *regexp.Regexp
}

// NewIdentity checks who may sign. The error is one line, and begins with the name of the field.
func NewIdentity(subject, pattern, issuer string) (i Identity, err error) {
	i = Identity{Subject: subject, Pattern: pattern, Issuer: issuer}
	switch u, err := url.Parse(issuer); {
	case (subject == "") == (pattern == ""):
		return i, errors.New("identity: give the whole identity, or a regular expression, and not both")
	case issuer == "":
		return i, errors.New("issuer: it is missing; the same name means somebody else by another issuer")
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil:
		return i, errors.New("issuer: it is not an https URL with a host")
	case max(len(subject), len(pattern), len(issuer)) > maxText:
		return i, fmt.Errorf("identity: it is longer than %d bytes", maxText)
	}
	if pattern != "" {
		if _, err := regexp.Compile(pattern); err != nil { // alone, so that it cannot close the group
			return i, errors.New("identity: the regular expression cannot be read (RE2 syntax)")
		}
		if i.pattern, err = regexp.Compile(`\A(?:` + pattern + `)\z`); err != nil {
			return i, errors.New("identity: the regular expression cannot be read (RE2 syntax)")
		}
	}
	return i, nil
}

// Matches tells whether somebody is the one. The whole name is compared, letter by letter.
func (i Identity) Matches(subject, issuer string) bool {
	if subject == "" || issuer == "" || issuer != i.Issuer {
		return false
	}
	if i.pattern != nil {
		return i.pattern.MatchString(subject)
	}
	return i.Pattern == "" && subject == i.Subject
}

// String names who may sign, for people.
func (i Identity) String() string {
	if i.Pattern != "" {
		return "an identity like " + i.Pattern + " (issuer " + i.Issuer + ")"
	}
	return i.Subject + " (issuer " + i.Issuer + ")"
}
