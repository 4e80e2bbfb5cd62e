package certificate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// The types of a statement: in-toto Statement v1, with the predicate Test Result v0.1. A test reads what is written here
// with the library of in-toto, whose generated code is not linked: it would be a twelfth of the program.
const (
	StatementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://in-toto.io/attestation/test-result/v0.1"
	PayloadType   = "application/vnd.in-toto+json"
)

// The versions of Claims. In format 1 they are a member of the predicate that in-toto does not know, which strict parsers refuse.
// Since format 2 they are the annotations of a resource of the configuration.
const (
	firstFormat = 1
	format      = 2
)

// claimsName is the name of the resource that carries the claims.
const claimsName = "claims"

// Statement is an in-toto Statement v1.
type Statement struct {
	Type          string     `json:"_type"`
	Subject       []Resource `json:"subject"`
	PredicateType string     `json:"predicateType"`
	Predicate     TestResult `json:"predicate"`
}

// Resource is a resource descriptor: the name of a member and its digest, or the claims.
type Resource struct {
	Name        string            `json:"name"`
	Digest      map[string]string `json:"digest,omitempty"`
	Annotations *Claims           `json:"annotations,omitempty"`
}

// TestResult is the predicate.
type TestResult struct {
	// Result is PASSED, or WARNED where a SHOULD did not pass.
	Result        string     `json:"result"`
	Configuration []Resource `json:"configuration"`
	PassedTests   []string   `json:"passedTests,omitempty"`
	WarnedTests   []string   `json:"warnedTests,omitempty"`
	FailedTests   []string   `json:"failedTests,omitempty"`
	// First are the claims of format 1.
	First *Claims `json:"conformance,omitempty"`
}

// Claims is what a certificate says.
type Claims struct {
	Format   int            `json:"format"`
	Verdict  report.Verdict `json:"verdict"`
	Profiles []spec.Profile `json:"profiles"`
	Set      report.Set     `json:"set"`
	Target   Target         `json:"target"`
	Suite    report.Suite   `json:"suite"`
	RunID    string         `json:"runId"`
	// Depth is standard or deep; "" in certificates of older suites, which is standard.
	Depth     string `json:"depth,omitempty"`
	Challenge string `json:"challenge,omitempty"`
	// NotOffered are the needs that the vendor could not supply.
	NotOffered []NotOffered `json:"notOffered,omitempty"`
	// Connection is how whoever answered was reached; nil in certificates of older suites.
	Connection *Connection `json:"connection,omitempty"`
	// ValidFrom is the end of the run.
	ValidFrom  time.Time `json:"validFrom"`
	ValidUntil time.Time `json:"validUntil"`
}

// Target is what was certified. Its version is what the operator says it is, and Tells is what it says itself.
type Target struct {
	URL          string `json:"url"`
	Organization string `json:"organization"`
	Version      string `json:"version,omitempty"`
	Tells        string `json:"tells,omitempty"`
}

// Terms are what a statement says that no report holds.
type Terms struct {
	ValidFor      time.Duration
	Challenge     string
	TargetVersion string
	NotOffered    []spec.Need
	Connection    *Connection
}

// State makes the statement over the members of a bundle, other than itself, out of the report among them.
func State(r *report.Report, members []Member, terms Terms) Statement {
	s := Statement{Type: StatementType, PredicateType: PredicateType}
	for _, slot := range slots {
		for _, m := range members {
			if m.Name == slot.name && !outside(m.Name) {
				s.Subject = append(s.Subject, described(m.Name, m.Data))
			}
		}
	}
	for _, subject := range s.Subject {
		if slices.Contains([]string{SetFile, ContractFile, ConfigurationFile}, subject.Name) {
			s.Predicate.Configuration = append(s.Predicate.Configuration, subject)
		}
	}
	s.Predicate.Result = "PASSED"
	for _, result := range r.Results {
		list := &s.Predicate.FailedTests
		switch must := result.Level == spec.Must; {
		case !r.Counts(result), result.Outcome == report.NotTested && !must, unoffered(result, terms.NotOffered):
			continue
		case result.Outcome == report.Pass:
			list = &s.Predicate.PassedTests
		case must:
			s.Predicate.Result = "FAILED"
		default:
			list = &s.Predicate.WarnedTests
			if s.Predicate.Result == "PASSED" {
				s.Predicate.Result = "WARNED"
			}
		}
		*list = append(*list, result.ID)
	}
	from := ended(r)
	c := Claims{
		Format: format, Verdict: r.Verdict, Set: r.Set, Suite: r.Suite, RunID: r.RunID, Depth: r.Configuration.Depth, Challenge: terms.Challenge,
		NotOffered: withheld(r, terms.NotOffered), Connection: terms.Connection,
		Target:    Target{URL: r.Target.URL, Organization: r.Target.Organization, Version: terms.TargetVersion, Tells: report.TargetVersion(r)},
		ValidFrom: from, ValidUntil: from.Add(terms.ValidFor).Truncate(time.Second), Profiles: []spec.Profile{},
	}
	for _, p := range r.Profiles {
		c.Profiles = append(c.Profiles, p.Name)
	}
	s.claim(c)
	return s
}

// outside reports whether a member is the statement, or over it: no statement names these.
func outside(name string) bool {
	return name == EnvelopeFile || name == SigstoreFile || name == StatementFile || name == TimestampFile
}

// claim puts the claims where their format has them.
func (s *Statement) claim(c Claims) {
	s.Predicate.First, s.Predicate.Configuration = nil, s.members()
	if c.Format == firstFormat {
		s.Predicate.First = &c
		return
	}
	s.Predicate.Configuration = append(s.Predicate.Configuration, Resource{Name: claimsName, Annotations: &c})
}

// members is the configuration without the claims.
func (s Statement) members() []Resource {
	return slices.DeleteFunc(slices.Clone(s.Predicate.Configuration), func(r Resource) bool { return r.Annotations != nil })
}

// Claims are the claims of a statement, wherever its format has them.
func (s Statement) Claims() Claims {
	if s.Predicate.First != nil {
		return *s.Predicate.First
	}
	for _, r := range s.Predicate.Configuration {
		if r.Annotations != nil {
			return *r.Annotations
		}
	}
	return Claims{}
}

// ended is when a run was over, in whole seconds.
func ended(r *report.Report) time.Time {
	return r.StartedAt.UTC().Add(time.Duration(r.DurationSeconds * float64(time.Second))).Truncate(time.Second)
}

// Encode writes a statement in the one form that is accepted.
func (s Statement) Encode() ([]byte, error) {
	text, err := encoded(s)
	if err != nil {
		return nil, fmt.Errorf("encoding the statement: %w", err)
	}
	return text, nil
}

// parseStatement reads a statement, and nothing that says more or says it otherwise.
func parseStatement(text []byte) (*Statement, error) {
	var s Statement
	if err := strictly(text, &s); err != nil {
		return nil, err
	}
	switch {
	case s.Type != StatementType || s.PredicateType != PredicateType:
		return nil, errors.New("it is no in-toto Statement v1 with a test result")
	case s.Claims().Format != format && s.Claims().Format != firstFormat:
		return nil, fmt.Errorf("its format is %d, and this version of the suite reads %d and %d", s.Claims().Format, firstFormat, format)
	}
	placed := s
	placed.claim(s.Claims())
	if !reflect.DeepEqual(placed.Predicate, s.Predicate) {
		return nil, errors.New("its claims are not where this suite writes them")
	}
	again, err := s.Encode()
	if err != nil || !bytes.Equal(again, text) {
		return nil, errors.New("it is not written as this suite writes it")
	}
	return &s, nil
}

func described(name string, data []byte) Resource {
	sum := sha256.Sum256(data)
	return Resource{Name: name, Digest: map[string]string{"sha256": hex.EncodeToString(sum[:])}}
}

func encoded(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(value)
	return b.Bytes(), err
}

// strictly reads one JSON text without members that value does not have.
func strictly(text []byte, value any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(value); err != nil {
		return errors.New("it cannot be read as what it should be")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}
