package certificate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/har"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/spec"
)

// Options say how to verify a bundle.
type Options struct {
	// Keys are those whose signature counts.
	Keys []*PublicKey
	// Identities are those whose signature counts, by what Root trusts; nil for none.
	Identities []keyless.Identity
	Root       *keyless.Root
	// Unsigned accepts a bundle without a signature.
	Unsigned bool
	// Challenge is the nonce that the certifier gave; "" if none was.
	Challenge string
	// Now is when the certificate is to be valid.
	Now time.Time
	// Sets are the frozen sets of this suite.
	Sets []spec.Set
	// Judge judges a recording again with this suite.
	Judge func(ctx context.Context, recording []byte, set spec.Set) (*report.Report, error)
	// Required is what whoever relies on the certificate demands; all of it has to hold.
	Required []Required
	// LiveOnly is the message of a result that a recording cannot show.
	LiveOnly string
}

// The states of a signature.
const (
	Valid    = "valid"
	NotValid = "not valid"
	Unsigned = "not signed"
)

// Verification is what was found out about a bundle: four things, and what else is to be known.
type Verification struct {
	// SHA256 is the hexadecimal digest of the file.
	SHA256 string `json:"sha256"`
	// Signature is Valid, NotValid or Unsigned; KeyID is that of the key that the envelope names.
	Signature        string `json:"signature"`
	SignatureProblem string `json:"signatureProblem,omitempty"`
	KeyID            string `json:"keyId,omitempty"`
	// Identity is who signed without a key, by the trusted root; nil if a key signed, or if that does not hold.
	Identity *Identity `json:"identity,omitempty"`
	// Complete is set if every member is there and is what the statement says.
	Complete bool      `json:"evidenceComplete"`
	Evidence []Problem `json:"evidenceProblems,omitempty"`
	// Reproduces is set if the recording, judged again, has the verdict of the report; Judged is the verdict that it has.
	Reproduces     bool           `json:"verdictReproduces"`
	Judged         report.Verdict `json:"judgedVerdict,omitempty"`
	Differences    []Difference   `json:"differences,omitempty"`
	VerdictProblem string         `json:"verdictProblem,omitempty"`
	// NotRejudgeable are the requirements that count on the word of whoever made the bundle.
	NotRejudgeable []Unjudged `json:"notRejudgeable,omitempty"`
	// Conditions are what a certificate asks for and the report does not show.
	Conditions []string `json:"unmetConditions,omitempty"`
	// Unmet is what was demanded and is not certified.
	Unmet []string `json:"unmetDemands,omitempty"`
	// ChallengeMet is set if the challenge that was asked for stands in the name of every account.
	ChallengeMet     bool   `json:"challengeMet"`
	ChallengeProblem string `json:"challengeProblem,omitempty"`
	// Date is "" if the certificate is valid now, else says why it is not.
	Date   string   `json:"dateProblem,omitempty"`
	Claims *Claims  `json:"claims,omitempty"`
	Notes  []string `json:"notes,omitempty"`
	// Timestamp is what an authority says of the time; nil if there is no valid token.
	Timestamp *Timestamp `json:"timestamp,omitempty"`
	// Disguised is set if nothing in the recording shows a target that the suite is asking: names and header fields are drawn.
	Disguised bool `json:"disguised"`
	// Runs is what the vendor's chain of runs says; nil if the bundle has none.
	Runs *Runs `json:"runs,omitempty"`
	// Witness is what a witness says of the run; nil if the bundle has none.
	Witness *Witnessed `json:"witness,omitempty"`
	// Appeals stand beside what was observed.
	Appeals []Appealed `json:"appeals,omitempty"`

	// Report is the report of the bundle, where it can be read.
	Report *report.Report `json:"-"`
}

// Appealed is an appeal, and what the report observed.
type Appealed struct {
	Appeal
	Outcome  report.Outcome `json:"outcome"`
	Observed string         `json:"observed"`
	// Readings are those of a contested point.
	Readings []string `json:"readings,omitempty"`
}

// Sound reports whether the bundle is what it claims to be, and was made as it must be, whatever its date.
func (v *Verification) Sound(unsigned bool) bool {
	return (v.Signature == Valid || unsigned && v.Signature == Unsigned) && v.Complete && v.Reproduces && len(v.Conditions) == 0 && v.ChallengeProblem == ""
}

// Verify finds out about a bundle. It returns an error only where its own work fails.
func Verify(ctx context.Context, b *Bundle, o Options) (*Verification, error) {
	v := &Verification{SHA256: b.SHA256, Evidence: slices.Clone(b.Damage)}
	statement, text := v.signature(ctx, b, o)
	set, contained := v.set(b, o)
	r, err := reportjson.Read(bytes.NewReader(b.Member(ReportFile)))
	if err == nil {
		v.Report = r
	} else if b.Member(ReportFile) != nil {
		v.missing(ReportFile, "it is no report that this version of the suite can read")
	}
	if statement != nil {
		claims := statement.Claims()
		v.Claims = &claims
		v.digests(b, statement)
		v.agrees(b, statement, text)
		v.date(o.Now)
	}
	if v.Report != nil {
		if contained {
			v.frozen(set)
		}
		var needs []spec.Need
		if v.Claims != nil {
			needs = v.Claims.needs()
			v.Notes = append(v.Notes, v.Claims.Connection.notes(v.Claims.Target.URL)...)
		}
		v.Conditions = Obstacles(v.Report, needs)
	}
	if err := v.rejudge(ctx, b, o, set, contained); err != nil {
		return nil, err
	}
	v.timestamp(b)
	v.logged()
	v.disguise(b)
	v.runs(b)
	v.witness(ctx, b, o.Required)
	v.requires(o.Required, o.Now)
	v.challenge(b, o.Challenge)
	v.appeals(b, set, contained)
	v.Complete = len(v.Evidence) == 0
	return v, nil
}

func (v *Verification) missing(member, text string) {
	v.Evidence = append(v.Evidence, Problem{member, text})
}

// signature reads the statement, and tells what its signature is worth.
func (v *Verification) signature(ctx context.Context, b *Bundle, o Options) (statement *Statement, text []byte) {
	member := b.signed()
	switch member {
	case EnvelopeFile:
		text = v.signedByKey(ctx, b.Member(member), o)
	case SigstoreFile:
		text = v.signedByIdentity(b.Member(member), o)
	default:
		member, v.Signature, text = StatementFile, Unsigned, b.Member(StatementFile)
		if text == nil {
			v.Signature, v.SignatureProblem = NotValid, "there is no statement"
			return nil, nil
		}
	}
	if text == nil {
		v.missing(member, "the statement in it cannot be read")
		return nil, nil
	}
	statement, err := parseStatement(text)
	if err != nil {
		v.missing(member, "the statement cannot be used: "+err.Error())
		return nil, nil
	}
	return statement, text
}

// signedByKey opens an envelope; nil if it has no statement.
func (v *Verification) signedByKey(ctx context.Context, envelope []byte, o Options) (text []byte) {
	sealed, payload, err := open(envelope)
	if err == nil {
		text, v.KeyID = payload, sealed.Signatures[0].KeyID
		err = verified(ctx, sealed, o.Keys)
		if len(o.Keys) == 0 && len(o.Identities) > 0 {
			err = errors.New("it was signed with a key, and not by the identity that is expected")
		}
	}
	v.Signature = Valid
	if err != nil {
		v.Signature, v.SignatureProblem = NotValid, EnvelopeFile+": "+err.Error()
	}
	return text
}

// digests compares each member with the statement, both ways.
func (v *Verification) digests(b *Bundle, s *Statement) {
	said := map[string]Resource{}
	for _, subject := range s.Subject {
		if _, twice := said[subject.Name]; twice {
			v.missing("", "the statement names "+named(subject.Name)+" twice")
		}
		said[subject.Name] = subject
		if b.Member(subject.Name) == nil && !slices.ContainsFunc(b.Damage, func(p Problem) bool { return p.Member == subject.Name }) {
			v.missing(subject.Name, "the statement names it, and it is not there")
		}
	}
	for _, slot := range slots {
		data := b.Member(slot.name)
		if data == nil || outside(slot.name) {
			continue
		}
		subject, ok := said[slot.name]
		switch {
		case !ok:
			v.missing(slot.name, "the statement does not name it")
		case !reflect.DeepEqual(subject, described(slot.name, data)):
			v.missing(slot.name, "it was changed: its digest is not that of the statement")
		}
	}
}

// agrees compares what the members say of each other.
func (v *Verification) agrees(b *Bundle, s *Statement, text []byte) {
	r := v.Report
	if r == nil {
		return
	}
	var members []Member
	for name, data := range b.members {
		members = append(members, Member{name, data})
	}
	c := s.Claims()
	again := State(r, members, Terms{
		Challenge: c.Challenge, TargetVersion: c.Target.Version, NotOffered: c.needs(), Connection: c.Connection,
	})
	claims := again.Claims()
	claims.Format, claims.ValidUntil = c.Format, c.ValidUntil
	again.Subject, again.Predicate.Configuration = s.Subject, s.members() // digests tells of these
	again.claim(claims)
	if want, err := again.Encode(); err != nil || !bytes.Equal(want, text) {
		v.missing(ReportFile, "the statement says something else than it does")
	}
	if want, err := Configuration(r); err != nil || !bytes.Equal(want, b.Member(ConfigurationFile)) {
		v.missing(ConfigurationFile, "it is not the configuration of the report")
	}
	if !bytes.Equal(Badge(c), b.Member(BadgeFile)) {
		v.missing(BadgeFile, "it does not show what the statement says")
	}
	if digestOf(b.Member(ContractFile)) != r.Suite.ContractDigest {
		v.missing(ContractFile, "it is not the contract of the report")
	}
	if digestOf(b.Member(SetFile)) != r.Set.Digest {
		v.missing(SetFile, "it is not the set of the report")
	}
}

// Configuration is the member of that name: what the operator asked for, which holds no secret.
func Configuration(r *report.Report) ([]byte, error) {
	text, err := encoded(struct {
		Target        report.Target        `json:"target"`
		Set           report.Set           `json:"set"`
		Configuration report.Configuration `json:"configuration"`
	}{r.Target, r.Set, r.Configuration})
	if err != nil {
		return nil, fmt.Errorf("encoding the configuration: %w", err)
	}
	return text, nil
}

func digestOf(data []byte) string { return "sha256:" + described("", data).Digest["sha256"] }

// set reads the set of the bundle. A set that has the name of one of this suite's is that one.
func (v *Verification) set(b *Bundle, o Options) (set spec.Set, ok bool) {
	data := b.Member(SetFile)
	if data == nil {
		return set, false
	}
	set, err := spec.ParseSet(data)
	if err != nil {
		v.missing(SetFile, "it is no requirement set that can be read")
		return set, false
	}
	for _, known := range o.Sets {
		if known.Name() == set.Name() {
			if known.Digest() != set.Digest() {
				v.missing(SetFile, "it is not the set "+set.Name()+" that this suite froze")
			}
			return set, true
		}
	}
	v.Notes = append(v.Notes, "this suite does not have the set "+set.Name()+" and takes the bundle's")
	return set, true
}

func (v *Verification) date(now time.Time) {
	switch c := v.Claims; {
	case !c.ValidUntil.After(c.ValidFrom):
		v.Date = "it ends before it begins"
	case now.Before(c.ValidFrom):
		v.Date = "it is not valid before " + c.ValidFrom.UTC().Format(time.RFC3339)
	case !now.Before(c.ValidUntil):
		v.Date = "it has expired: it was valid until " + c.ValidUntil.UTC().Format(time.RFC3339)
	}
}

// challenge looks for the nonce in every create that made an account.
func (v *Verification) challenge(b *Bundle, asked string) {
	if v.Claims == nil || asked == "" && v.Claims.Challenge == "" {
		if asked != "" {
			v.ChallengeProblem = "there is no statement that can be read"
		}
		return
	}
	nonce := v.Claims.Challenge
	switch {
	case asked != "" && nonce == "":
		v.ChallengeProblem = "the bundle was made without a challenge"
		return
	case asked != "" && nonce != asked:
		v.ChallengeProblem = "the bundle answers another challenge"
		return
	}
	archive, err := har.Read(bytes.NewReader(b.Member(RecordingFile)))
	if err != nil {
		v.ChallengeProblem = "the recording cannot be read"
		return
	}
	prefix, creates := "conf-"+v.Claims.RunID+"-"+nonce+"-", 0 // in either letter case: some names are in capitals
	if d, ok := disguise.Parse(archive.Facts.Disguise); ok && d.Challenge() == nonce {
		prefix = d.Prefix() // which follows from the challenge
	}
	for _, e := range archive.Exchanges {
		if e.Request.Method != "POST" || e.Operation != "createServiceAccount" || !e.Success() || e.AccountID() == "" {
			continue
		}
		creates++
		if !bytes.Contains(bytes.ToLower(e.Request.Body), []byte(prefix)) {
			v.ChallengeProblem = "the account of " + e.ID + " does not carry it"
			return
		}
	}
	if v.ChallengeMet = creates > 0; !v.ChallengeMet {
		v.ChallengeProblem = "no account was created"
	}
}

// appeals puts each appeal beside what was observed.
func (v *Verification) appeals(b *Bundle, set spec.Set, contained bool) {
	data := b.Member(AppealFile)
	if data == nil || !contained {
		return
	}
	all, err := ParseAppeal(data, set)
	if err != nil {
		v.missing(AppealFile, "it cannot be used: "+err.Error())
		return
	}
	for _, a := range all {
		appealed := Appealed{Appeal: a}
		if v.Report != nil {
			for _, result := range v.Report.Results {
				if result.ID == a.Requirement {
					appealed.Outcome, appealed.Observed, appealed.Readings = result.Outcome, result.Message, result.Contested
				}
			}
		}
		v.Appeals = append(v.Appeals, appealed)
	}
}

// rejudge judges the recording again and compares.
func (v *Verification) rejudge(ctx context.Context, b *Bundle, o Options, set spec.Set, contained bool) error {
	recording := b.Member(RecordingFile)
	if recording == nil || v.Report == nil || !contained {
		v.VerdictProblem = "report, recording and set are not all there"
		return nil
	}
	again, err := o.Judge(ctx, recording, set)
	switch {
	case errors.Is(err, har.ErrNotRecording):
		v.VerdictProblem = "the recording cannot be judged: " + err.Error()
		return nil
	case err != nil:
		return fmt.Errorf("judging the recording: %w", err)
	}
	v.sameRun(again)
	v.compare(again, set, o.LiveOnly)
	return nil
}
