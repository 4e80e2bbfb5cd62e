// Package certificate writes and verifies the bundle of "conformance certify": a ZIP file with the report, the recording, the
// requirement set and a signed statement. It treats every bundle as hostile input. It does not judge the recording itself: the
// caller passes a function that does.
package certificate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/runs"
	"github.com/sa-conformance/conformance/internal/tsa"
)

// The members of a bundle.
const (
	// EnvelopeFile is the signed statement (DSSE); StatementFile stands in its place in a bundle that is not signed.
	EnvelopeFile = "statement.dsse.json"
	// SigstoreFile is the signed statement in a bundle of sigstore, in place of EnvelopeFile if an identity signed and no key.
	SigstoreFile      = "statement.sigstore.json"
	StatementFile     = "statement.json"
	ReportFile        = "report.json"
	RecordingFile     = "recording.har"
	SetFile           = "set.json"
	ContractFile      = "openapi.yaml"
	ConfigurationFile = "configuration.json"
	AppealFile        = "appeal.yaml" // optional
	// TimestampFile is a timestamp token (RFC 3161, DER) over the bytes of EnvelopeFile or SigstoreFile; optional.
	TimestampFile = "statement.dsse.tst"
	BadgeFile     = "badge.svg"
	// RunsFile is the vendor's chain of runs, up to the end of this one; optional.
	RunsFile = "runs.jsonl"
	// WitnessFile is what a witness signed of the run (DSSE); optional.
	WitnessFile = "witness.dsse.json"
)

// slot is a place for a member.
type slot struct {
	name  string
	limit int
	// optional members may be missing; of the three statements there is one.
	optional bool
}

// slots are in the order of the archive.
var slots = []slot{
	{EnvelopeFile, 1 << 20, true},
	{SigstoreFile, keyless.MaxBundle, true},
	{StatementFile, 1 << 20, true},
	{ReportFile, 64 << 20, false},
	{RecordingFile, 128 << 20, false},
	{SetFile, 4 << 20, false},
	{ContractFile, 4 << 20, false},
	{ConfigurationFile, 1 << 20, false},
	{AppealFile, MaxAppeal, true},
	{BadgeFile, 64 << 10, false},
	{WitnessFile, 32 << 20, true},
	{RunsFile, runs.MaxChain, true},
	{TimestampFile, tsa.MaxToken, true},
}

// MaxBundle is the length in bytes up to which a bundle is read.
const MaxBundle = 192 << 20

const (
	maxMembers  = 16
	longestName = 64
)

// ErrNotBundle tells that a file is no bundle at all.
var ErrNotBundle = errors.New("this is not a bundle of \"conformance certify\"")

// Bundle is a file that may be a bundle, as it was found.
type Bundle struct {
	members map[string][]byte
	// Damage is what is wrong with its form.
	Damage []Problem
	// SHA256 is the hexadecimal digest of the whole file.
	SHA256 string
}

// Problem is something that is wrong with a bundle, and where.
type Problem struct {
	// Member is the name of a member, or "" for the archive itself.
	Member string `json:"member,omitempty"`
	Text   string `json:"text"`
}

func (p Problem) String() string {
	if p.Member == "" {
		return "the archive: " + p.Text
	}
	return p.Member + ": " + p.Text
}

// Pack writes a bundle. The members come in any order.
func Pack(w io.Writer, members []Member) error {
	var ordered []Member
	for _, s := range slots {
		for _, m := range members {
			if m.Name == s.name {
				if len(m.Data) > s.limit {
					return fmt.Errorf("packing the bundle: %s is longer than %d bytes", m.Name, s.limit)
				}
				ordered = append(ordered, m)
			}
		}
	}
	if len(ordered) != len(members) {
		return errors.New("packing the bundle: a member has no place in it")
	}
	data, _ := encode(ordered)
	if len(data) > MaxBundle {
		return fmt.Errorf("packing the bundle: it is longer than %d bytes", MaxBundle)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("writing the bundle: %w", err)
	}
	return nil
}

// Read reads a bundle. What is wrong with its form is in it; the error is for a file that is no bundle (ErrNotBundle),
// and for one that cannot be read.
func Read(r io.Reader) (*Bundle, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBundle+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the bundle: %w", err)
	case len(data) == 0:
		return nil, fmt.Errorf("%w: it is empty", ErrNotBundle)
	case len(data) > MaxBundle:
		return nil, fmt.Errorf("%w: it is longer than %d MiB", ErrNotBundle, MaxBundle>>20)
	}
	sum := sha256.Sum256(data)
	b := &Bundle{members: map[string][]byte{}, SHA256: hex.EncodeToString(sum[:])}
	members, err := decode(data)
	if len(members) == 0 {
		if len(data) >= 2 && string(data[:2]) == "PK" || slices.ContainsFunc(slots, func(s slot) bool { return strings.Contains(string(data[:min(len(data), 256)]), s.name) }) {
			b.damage("", "the header of its first member is damaged")
			return b, nil
		}
		return nil, fmt.Errorf("%w: it is no ZIP file", ErrNotBundle)
	}
	if err != nil {
		b.damage("", err.Error())
	} else if found := difference(data, members); found != "" {
		b.damage("", found)
	}
	b.take(members)
	return b, nil
}

// take sorts members into their slots.
func (b *Bundle) take(members []Member) {
	next := 0
	for _, m := range members {
		at := slices.IndexFunc(slots, func(s slot) bool { return s.name == m.Name })
		switch {
		case at < 0:
			b.damage("", "it has a member that does not belong: "+named(m.Name))
		case b.members[m.Name] != nil:
			b.damage(m.Name, "it is there twice")
		case len(m.Data) > slots[at].limit:
			b.damage(m.Name, fmt.Sprintf("it is longer than %d bytes", slots[at].limit))
		default:
			if at < next {
				b.damage(m.Name, "it is not in its place")
			}
			next = at + 1
			b.members[m.Name] = append([]byte{}, m.Data...)
		}
	}
	for _, s := range slots {
		if !s.optional && b.members[s.name] == nil {
			b.damage(s.name, "it is missing")
		}
	}
	b.takeStatement()
}

// takeStatement wants one statement, in one of its three forms.
func (b *Bundle) takeStatement() {
	first := ""
	for _, name := range []string{EnvelopeFile, SigstoreFile, StatementFile} {
		switch {
		case b.members[name] == nil:
		case first == "":
			first = name
		default:
			b.damage(name, "it is there beside "+first)
		}
	}
	switch {
	case first == "":
		b.damage(EnvelopeFile, "it is missing, and so is "+StatementFile)
	case first == StatementFile && b.members[TimestampFile] != nil:
		b.damage(TimestampFile, "it is there without "+EnvelopeFile)
	}
}

// signed is the member that holds the signature; "" if there is none.
func (b *Bundle) signed() string {
	for _, name := range []string{EnvelopeFile, SigstoreFile} {
		if b.members[name] != nil {
			return name
		}
	}
	return ""
}

func (b *Bundle) damage(member, text string) {
	b.Damage = append(b.Damage, Problem{member, text})
}

// Member is the content of a member; nil if there is none.
func (b *Bundle) Member(name string) []byte { return b.members[name] }

// named is a name out of a file, for people.
func named(name string) string {
	if slices.ContainsFunc(slots, func(s slot) bool { return s.name == name }) {
		return name
	}
	return strconv.QuoteToASCII(name)
}
