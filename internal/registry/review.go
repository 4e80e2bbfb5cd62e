package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// State is the result of a check.
type State string

// The states of a check. Noted accepts, and a person should look.
const (
	Met    State = "met"
	Failed State = "failed"
	Noted  State = "noted"
)

// The names of the checks, in the order of a review.
const (
	CheckStructure  = "structure"
	CheckKey        = "key"
	CheckSignature  = "signature"
	CheckEvidence   = "evidence"
	CheckVerdict    = "verdict"
	CheckSet        = "set"
	CheckProfile    = "profile"
	CheckTarget     = "target"
	CheckVersion    = "version"
	CheckChallenge  = "challenge"
	CheckDate       = "date"
	CheckAge        = "age"
	CheckPolicy     = "policy"
	CheckRevocation = "revocation"
	CheckDuplicate  = "duplicate"
)

// Check is one line of a review.
type Check struct {
	Name  string
	State State
	// Found is for people. It may hold texts of the submission.
	Found string
}

func (c Check) fail(found string) Check {
	c.State, c.Found = Failed, found
	return c
}

// Review is what was found out about a submission.
type Review struct {
	// Name is that of the directory.
	Name string
	Path string
	// Submission is what the vendor says; nil if it cannot be read.
	Submission *Submission
	Checks     []Check
	// Verification is nil if the bundle was not read.
	Verification *certificate.Verification
	// Revoked is what revokes the certificate; nil if nothing does.
	Revoked *Revocation

	key *signingKey // by which the signature was checked
}

// KeyID is that of the key by which the signature was checked; "" if there is none.
func (r *Review) KeyID() string {
	if r.key == nil {
		return ""
	}
	return r.key.ID
}

// Accepted tells whether no check failed.
func (r *Review) Accepted() bool { return len(r.failed()) == 0 }

// failed are the checks that failed, but for those named.
func (r *Review) failed(but ...string) (failed []Check) {
	for _, c := range r.Checks {
		if c.State == Failed && !slices.Contains(but, c.Name) {
			failed = append(failed, c)
		}
	}
	return failed
}

func (r *Review) add(name string, state State, found string) {
	r.Checks = append(r.Checks, Check{name, state, found})
}

// check adds a check that is met if there is no problem.
func (r *Review) check(name, problem, found string) {
	if problem != "" {
		r.add(name, Failed, problem)
	} else {
		r.add(name, Met, found)
	}
}

// Review checks the submission in a directory. The options say when, and by which suite; keys, challenge and demands are those of
// the registry and the submission, but for a challenge that is given. The error is a fault of the suite.
func (r *Registry) Review(ctx context.Context, path string, o certificate.Options) (*Review, error) {
	review := &Review{Path: path, Name: nameOf(path)}
	s, bundle, own, err := load(path, review.Name)
	if err != nil {
		review.add(CheckStructure, Failed, err.Error())
		return review, nil
	}
	review.Submission = &s
	review.add(CheckStructure, Met, strings.Join(s.files(), ", "))
	key, checked := r.key(review.Name, s, own)
	review.Checks = append(review.Checks, checked)
	o.Keys, o.Identities, o.Unsigned = nil, nil, false
	if r.root != nil {
		o.Root = r.root
	}
	if review.key = key; key != nil && key.Identity != nil {
		o.Identities = []keyless.Identity{*key.Identity}
	} else if key != nil {
		o.Keys = []*certificate.PublicKey{key.PublicKey}
	}
	if given := r.Vendors[review.Name].Challenge; o.Challenge == "" {
		o.Challenge = given
	}
	o.Required = []certificate.Required{{Target: s.Target}, r.Policy.Required}
	if review.Verification, err = certificate.Verify(ctx, bundle, o); err != nil {
		return nil, fmt.Errorf("verifying %s: %w", review.Name, err)
	}
	if review.Verification.Report != nil {
		review.Verification.Report.Exchanges = nil // most of the memory, and nobody looks at them any more
	}
	review.verified(review.Verification)
	if review.Verification.Claims != nil {
		r.demands(review, o)
	}
	return review, nil
}

// load reads what a submission consists of. The error is one line for whoever made it.
func load(path, name string) (s Submission, bundle *certificate.Bundle, key []byte, err error) {
	if !isName(name) {
		return s, nil, nil, errors.New("the name of the directory has 1 to 63 lower-case letters, digits and hyphens, such as acme-identity")
	}
	folder, err := openFolder(path)
	if err != nil {
		return s, nil, nil, err
	}
	defer folder.close()
	text, err := readRegular(folder.root, submissionFile, maxSubmissionFile)
	if err == nil {
		s, err = parseSubmission(text)
	}
	if err != nil {
		return s, nil, nil, fmt.Errorf("%s: %w", submissionFile, err)
	}
	for _, file := range folder.names {
		if !slices.Contains(s.files(), file) {
			return s, nil, nil, fmt.Errorf("the directory has a file that submission.yaml does not name: %q", file)
		}
	}
	if s.Key != "" {
		if key, err = readRegular(folder.root, s.Key, maxKey); err != nil {
			return s, nil, nil, fmt.Errorf("%s: %w", s.Key, err)
		}
	}
	data, err := readRegular(folder.root, s.Bundle, certificate.MaxBundle)
	if err == nil {
		bundle, err = certificate.Read(bytes.NewReader(data))
	}
	if err != nil {
		return s, nil, nil, fmt.Errorf("%s: %w", s.Bundle, err)
	}
	return s, bundle, key, nil
}

// nameOf is the name of a submission: that of its directory.
func nameOf(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return filepath.Base(path)
}

// verified adds what "conformance verify" tells of every bundle.
func (r *Review) verified(v *certificate.Verification) {
	problem := ""
	switch {
	case r.key == nil:
		problem = "there is no key to check it with"
	case v.Signature != certificate.Valid:
		problem = strings.TrimSuffix(v.Signature+": "+v.SignatureProblem, ": ")
	}
	signed := "of the key " + r.KeyID()
	if i := v.Identity; i != nil {
		signed = fmt.Sprintf("by %s, entry %d of the log %s", i, i.Log.Index, i.Log.Log)
	}
	r.check(CheckSignature, problem, signed)
	var problems []string
	for _, p := range v.Evidence {
		problems = append(problems, p.String())
	}
	r.check(CheckEvidence, some(problems), "every member is there and is what the statement says")
	switch {
	case v.Claims == nil:
		r.add(CheckVerdict, Failed, "there is no statement that can be read")
	case !v.Reproduces:
		differences := []string{"it does not reproduce"}
		if v.VerdictProblem != "" {
			differences = append(differences, v.VerdictProblem)
		}
		for _, d := range v.Differences {
			differences = append(differences, fmt.Sprintf("%s was %s and is %s", d.ID, d.Was, d.Now))
		}
		r.add(CheckVerdict, Failed, some(differences))
	case len(v.Conditions) > 0:
		r.add(CheckVerdict, Failed, some(v.Conditions))
	default:
		r.add(CheckVerdict, Met, v.Claims.Words()+"; this suite finds "+string(v.Judged)+" in the recording")
	}
}

// demands adds what this registry demands of a certificate.
func (r *Registry) demands(review *Review, o certificate.Options) {
	v := review.Verification
	c := v.Claims
	unmet := demanded(v.Unmet)
	if len(r.Sets) > 0 && !slices.Contains(r.Sets, c.Set.Name) {
		unmet[CheckSet] = append(unmet[CheckSet], "the certificate is by the set "+c.Set.Name+"; the registry takes "+strings.Join(r.Sets, ", "))
	}
	review.check(CheckSet, some(unmet[CheckSet]), c.Set.Name)
	review.check(CheckProfile, some(unmet[CheckProfile]), joined(c.Profiles))
	review.check(CheckTarget, some(unmet[CheckTarget]), c.Target.URL)
	switch said := review.Submission.Version; c.Target.Version {
	case said:
		review.add(CheckVersion, Met, said)
	case "":
		review.add(CheckVersion, Noted, "the certificate names no version (certify --target-version), and the submission says "+said)
	default:
		review.add(CheckVersion, Failed, "the submission says "+said+", and the certificate "+c.Target.Version)
	}
	switch {
	case v.ChallengeProblem != "":
		review.add(CheckChallenge, Failed, v.ChallengeProblem)
	case o.Challenge == "" && r.Challenge:
		review.add(CheckChallenge, Failed, "the registry gave no challenge to "+review.Name+"; add one to "+RulesFile+", and have the vendor certify with it")
	case o.Challenge == "" && c.Challenge != "":
		review.add(CheckChallenge, Noted, c.Challenge+" stands in the name of every account, and the registry did not give it")
	case o.Challenge == "":
		review.add(CheckChallenge, Noted, "none was given")
	default:
		review.add(CheckChallenge, Met, o.Challenge+" stands in the name of every account")
		if also := r.alsoGiven(review.Name, o.Challenge); len(also) > 0 {
			review.Checks[len(review.Checks)-1] = Check{CheckChallenge, Noted, o.Challenge + " stands in the name of every account, and the registry gave it to others, too: " + strings.Join(also, ", ")}
		}
	}
	review.check(CheckDate, v.Date, c.ValidFrom.UTC().Format(time.DateOnly)+" to "+c.ValidUntil.UTC().Format(time.DateOnly))
	review.check(CheckAge, some(unmet[CheckAge]), "the run ended at "+c.ValidFrom.UTC().Format(time.RFC3339))
	review.check(CheckPolicy, some(unmet[CheckPolicy]), "nothing else is demanded that is not met")
	review.backed(unmet)
	review.Revoked = r.revocation(review.key, v.SHA256, c.RunID)
	problem := ""
	if x := review.Revoked; x != nil {
		problem = "revoked since " + x.Since + ": " + x.Reason
	}
	review.check(CheckRevocation, problem, "neither the key nor the certificate nor the run is revoked")
}

// demanded sorts the lines of what is not certified by the check that they belong to. A line of another kind is of the policy:
// none is lost.
func demanded(unmet []string) map[string][]string {
	sorted := map[string][]string{}
	for _, line := range unmet {
		name := CheckPolicy
		switch {
		case strings.HasPrefix(line, "the profile "):
			name = CheckProfile
		case strings.HasPrefix(line, "the set "):
			name = CheckSet
		case strings.HasPrefix(line, "the target "):
			name = CheckTarget
		case strings.HasPrefix(line, "the run must "):
			name = CheckAge
		case strings.HasPrefix(line, "the signature of a witness "), strings.HasPrefix(line, "the signature of one of ") && strings.Contains(line, " witnesses "), strings.HasPrefix(line, "a witness "),
			strings.HasPrefix(line, "a run that the witness "):
			name = CheckWitness
		case strings.HasPrefix(line, "a timestamp "):
			name = CheckTimestamp
		case strings.HasPrefix(line, "the chain of runs "):
			name = CheckRuns
		}
		sorted[name] = append(sorted[name], line)
	}
	return sorted
}

// some joins the first of many lines.
func some(lines []string) string {
	const most = 5
	if more := len(lines) - most; more > 1 {
		lines = append(slices.Clone(lines[:most]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "; ")
}

func joined(profiles []spec.Profile) string {
	var names []string
	for _, p := range profiles {
		names = append(names, string(p))
	}
	return report.Printable(strings.Join(names, ", "))
}
