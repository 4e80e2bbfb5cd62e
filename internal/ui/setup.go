package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/ui/form"
)

// Kinds of what is judged.
const (
	kindNamed     = "named"
	kindAddress   = "address"
	kindReference = "reference"
)

// Setup is what to judge and how, as the form gives it. Secrets stay in memory: nothing renders, logs or writes them.
type Setup struct {
	Kind, Name                           string
	URL, Organization, OtherOrganization string
	Groups                               []string
	CAFile                               string
	Insecure, Production                 bool
	Profiles                             []string
	Depth                                string
	Concurrency, MaxRequests, MaxCreated string
	RPS                                  string
	// Challenge, TargetVersion, Witness, Runs and what belongs to them are for a certificate: they stand behind the run.
	Challenge, TargetVersion         string
	Witness, WitnessToken, WitnessCA string
	Runs                             string
	Disguise                         bool
	// Only holds ids of requirements; empty: all.
	Only []string
	// Of is the run of which a part is run again; "" for a run of its own.
	Of string
	// Secrets holds the typed credentials by the variable that a run reads them from.
	Secrets map[string]string
}

// credential is a field of the form for a secret.
type credential struct{ Field, Variable, Label, Help string }

func credentials() []credential {
	return []credential{
		{"token", "CONFORMANCE_TOKEN", "Access token", "It may create, list, update, rotate and delete service accounts in the organization."},
		{"restricted", "CONFORMANCE_RESTRICTED_TOKEN", "Token without permission to create", "Without it the token of an account without groups is used."},
		{"expired", "CONFORMANCE_EXPIRED_TOKEN", "Expired token", "It expired more than five minutes ago."},
		{"not-yet-valid", "CONFORMANCE_NOT_YET_VALID_TOKEN", "Token that is not yet valid", ""},
	}
}

// longestCredential bounds a typed credential, in bytes.
const longestCredential = 64 << 10

// setupOf reads the form. A credential that is left empty is the one that was typed before, for the same target.
func setupOf(r *http.Request, before *Setup) *Setup {
	value := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	words := func(name string) []string {
		return strings.FieldsFunc(r.PostFormValue(name), func(c rune) bool { return c == ',' || c <= ' ' })
	}
	s := &Setup{
		Kind: value("kind"), Name: value("name"), URL: value("url"), Organization: value("organization"), OtherOrganization: value("other-organization"),
		Groups: words("groups"), CAFile: value("ca-file"), Insecure: value("insecure") != "", Production: value("production") != "",
		Profiles: r.PostForm["profile"], Depth: value("depth"), Concurrency: value("concurrency"), MaxRequests: value("max-requests"),
		MaxCreated: value("max-created"), RPS: value("rps"), Only: words("only"), Challenge: value("challenge"), TargetVersion: value("target-version"), Witness: value("witness"),
		WitnessToken: value("witness-token-file"), WitnessCA: value("witness-ca-file"), Runs: value("runs"), Disguise: value("disguise") != "", Secrets: map[string]string{},
	}
	if base, organization := form.Base(s.URL); organization == "" || s.Organization == "" || strings.EqualFold(organization, s.Organization) {
		s.URL = base
		if s.Organization == "" {
			s.Organization = organization
		}
	}
	for _, c := range credentials() {
		switch typed := form.Token(value(c.Field)); {
		case typed != "" && len(typed) <= longestCredential:
			s.Secrets[c.Variable] = typed
		case before != nil && s.samePlace(before) && before.Secrets[c.Variable] != "" && value("forget") == "":
			s.Secrets[c.Variable] = before.Secrets[c.Variable]
		}
	}
	return s
}

// longestID is more than ids and UUIDs have; what is longer may be a token in the wrong field.
const longestID = 64

// shown is the setup without what the form must not show again: a password in an address, and a token in the wrong field.
func (s *Setup) shown() *Setup {
	next := *s
	if strings.Contains(next.URL, "@") {
		next.URL = ""
	}
	for _, field := range []*string{&next.Organization, &next.OtherOrganization, &next.Concurrency, &next.RPS, &next.MaxRequests, &next.MaxCreated} {
		if len(*field) > longestID {
			*field = ""
		}
	}
	long := func(id string) bool { return len(id) > longestID }
	next.Groups, next.Only = slices.DeleteFunc(slices.Clone(s.Groups), long), slices.DeleteFunc(slices.Clone(s.Only), long)
	return &next
}

// samePlace reports whether both are about the same target: credentials never go to another one.
func (s *Setup) samePlace(other *Setup) bool {
	return s.Kind == other.Kind && s.Name == other.Name && s.URL == other.URL && s.Organization == other.Organization
}

// wrong says what an address lacks before anything else is looked at, in the words of the form; "" if nothing.
func (s *Setup) wrong() string {
	_, organization := form.Base(s.URL)
	switch {
	case s.Kind != kindAddress:
		return ""
	case s.URL == "":
		return "--target is empty: fill it in, or choose the built-in reference to see what a run looks like"
	case organization != "":
		return "--target names another organization than --organization: write what stands before /api/v1/organizations"
	case s.Organization == "":
		return "--organization is empty: fill it in"
	}
	return ""
}

// words is a message of the command line in the words of the form, and the field that it is about. A named target has fields for its
// credentials alone.
func (s *Setup) words(message string) (text, field string) {
	if s == nil || s.Kind == kindNamed {
		return message, ""
	}
	return form.Words(message)
}

// Args are the arguments of "conformance run" that say the same. They hold no secret.
func (s *Setup) Args() (args []string) {
	add := func(flag, value string) {
		if value != "" {
			args = append(args, "--"+flag+"="+value)
		}
	}
	switch s.Kind {
	case kindReference:
		args = append(args, "--reference")
	case kindNamed:
		add("target-name", s.Name)
	default:
		args = append(args, "--target="+s.URL, "--organization="+s.Organization)
		add("other-organization", s.OtherOrganization)
		for _, group := range s.Groups {
			add("group", group)
		}
		add("ca-file", s.CAFile)
		if s.Insecure {
			args = append(args, "--insecure")
		}
	}
	if s.Disguise && s.Kind != kindReference {
		args = append(args, "--disguise")
	}
	if s.Production {
		args = append(args, "--i-know-this-is-production")
	}
	for _, profile := range s.Profiles {
		add("profile", profile)
	}
	add("depth", s.Depth)
	add("concurrency", s.Concurrency)
	add("max-requests", s.MaxRequests)
	add("max-created", s.MaxCreated)
	add("rps", s.RPS)
	for _, id := range s.Only {
		add("only", id)
	}
	return args
}

// Place is the target in words.
func (s *Setup) Place() string {
	switch s.Kind {
	case kindReference:
		return "the built-in reference"
	case kindNamed:
		return s.Name
	}
	return s.URL
}

// again is the same setup for some requirements, as a part of another run; of is "" for a run of its own.
func (s *Setup) again(only []string, of string) *Setup {
	next := *s
	next.Only, next.Of = slices.Clone(only), of
	return &next
}
