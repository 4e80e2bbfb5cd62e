package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// CauseKind is what moved a verdict.
type CauseKind string

// What can move a verdict.
const (
	Target        CauseKind = "target"
	Suite         CauseKind = "suite"         // the same conversation is judged otherwise
	Catalogue     CauseKind = "catalogue"     // the requirement is another, or the set
	Contract      CauseKind = "contract"      // the checks follow another contract
	Configuration CauseKind = "configuration" // another part was asked for, or supplied
	Recording     CauseKind = "recording"     // one of the two was judged from a recording, which does not show it
	Undetermined  CauseKind = "undetermined"  // target or suite: the old conversation cannot be judged again
)

// Cause is what moved a verdict, and from what to what, where that can be told.
type Cause struct {
	Kind   CauseKind `json:"kind"`
	Detail string    `json:"detail,omitempty"`
}

// ofTarget reports whether the cause may lie in the target or in how it was asked.
func (c Cause) ofTarget() bool {
	return c.Kind == Target || c.Kind == Configuration || c.Kind == Undetermined
}

// knowledge is what is known of the two runs as wholes.
type knowledge struct {
	in          Input
	differences []Cause
	old, now    sight
	// again holds the old verdicts as the suite of the new report gives them; nil if they are not known.
	again map[string]report.Result
	// judged is the report that again is of.
	judged sight
	note   string
}

func newKnowledge(in Input) *knowledge {
	k := &knowledge{in: in, old: newSight(in.Old), now: newSight(in.New)}
	old, next := in.Old, in.New
	var judged *report.Report
	switch {
	case in.Again != nil && sameSuite(in.Again.Suite, next.Suite):
		judged = in.Again
	case sameSuite(old.Suite, next.Suite):
		judged = old
	case in.Again != nil:
		k.note = "the new report is of another suite than this one, so that what the suite moved cannot be told apart"
	default:
		k.note = "the old run cannot be judged again, so that what the suite moved cannot be told apart: " + cmp.Or(in.WhyNot, "there is no recording of it")
	}
	if judged != nil {
		k.judged, k.again = newSight(judged), byID(judged)
	}
	k.differ(Target, targetName(old), targetName(next))
	k.differ(Target, report.TargetVersion(old), report.TargetVersion(next))
	k.differ(Suite, suiteName(old.Suite), suiteName(next.Suite))
	k.differ(Catalogue, old.Suite.CatalogueDigest, next.Suite.CatalogueDigest)
	if old.Set.Name != "" {
		k.differ(Catalogue, "set "+old.Set.Name, "set "+next.Set.Name)
	}
	k.differ(Contract, old.Suite.ContractVersion, next.Suite.ContractVersion)
	if old.Suite.ContractVersion == next.Suite.ContractVersion {
		k.differ(Contract, old.Suite.ContractDigest, next.Suite.ContractDigest)
	}
	for _, setting := range settings(old) {
		for _, other := range settings(next) {
			if setting.Kind == other.Kind {
				k.differ(Configuration, string(setting.Kind)+" "+setting.Detail, string(setting.Kind)+" "+other.Detail)
			}
		}
	}
	return k
}

func (k *knowledge) differ(kind CauseKind, old, next string) {
	short := func(s string) string { return report.Printable(cmp.Or(strings.TrimSpace(s), "unknown")) }
	if old != next {
		k.differences = append(k.differences, Cause{kind, short(old) + " → " + short(next)})
	}
}

// settings are what can make a difference, by name. A list is in the order of the catalogue.
func settings(r *report.Report) []Cause {
	c := r.Configuration
	text := func(v any) string { return fmt.Sprint(v) }
	return []Cause{
		{"profiles", text(c.Profiles)},
		{"depth", text(cmp.Or(c.Depth, "standard"))},
		{"focus", text(c.Focus)},
		{"label filter", text(c.LabelFilter)},
		{"only", text(c.Only)},
		{"schemas judged by", judgedBy(c.Contract)},
		{"strict", text(c.Strict)},
		{"supplied", text(c.Supplied)},
		{"groups", text(c.Groups)},
		{"most requests", text(c.MaxRequests)},
		{"most accounts", text(c.MaxCreated)},
		{"rate", text(c.RPS)},
		{"timeout", text(c.TimeoutSeconds)},
		{"revocation window", text(c.RevocationWindowSeconds)},
		{"insecure", text(r.Target.Insecure)},
	}
}

// judgedBy names the document whose schemas were applied.
func judgedBy(d *report.Document) string {
	if d == nil {
		return "the contract"
	}
	return d.Name + " (" + d.Version + ")"
}

func sameSuite(a, b report.Suite) bool {
	return a.Version == b.Version && a.Commit == b.Commit && a.CatalogueDigest == b.CatalogueDigest && a.ContractDigest == b.ContractDigest
}

// causes tells what moved a result. The old conversation, judged as the new one was, parts what the suite moved from what
// the target did.
func (k *knowledge) causes(before, next report.Result) []Cause {
	if before.Outcome == absent || next.Outcome == absent {
		return []Cause{{Catalogue, "the requirement is in one of the two catalogues only"}}
	}
	if before.Outcome == next.Outcome && k.in.Old.Counts(before) != k.in.New.Counts(next) {
		if before.Unscored != next.Unscored {
			return []Cause{{Catalogue, "set " + cmp.Or(k.in.Old.Set.Name, "unknown") + " → " + k.in.New.Set.Name}}
		}
		return []Cause{k.because(Configuration)}
	}
	if !configured(k) && (k.in.OldRecording && before.Outcome == report.NotTested || k.in.NewRecording && next.Outcome == report.NotTested) {
		return []Cause{{Recording, "only a live target shows it"}}
	}
	again, ok := k.again[before.ID]
	if ok && again.Outcome == report.NotTested && before.Outcome != report.NotTested { // not to be judged from a recording
		if again, ok = before, sameSuite(k.in.Old.Suite, k.in.New.Suite); !ok {
			return []Cause{{Undetermined, "it cannot be judged from a recording: target or suite"}}
		}
	}
	if !ok {
		return k.guess(before, next)
	}
	var causes []Cause
	if again.Outcome != before.Outcome || before.Outcome == next.Outcome && len(grounds(k.old, before, k.judged, again)) > 0 {
		causes = append(causes, k.ofSuite(before, next))
	}
	if again.Outcome != next.Outcome || before.Outcome == next.Outcome && len(grounds(k.judged, again, k.now, next)) > 0 {
		causes = append(causes, k.ofRun(again, next))
	}
	if len(causes) == 0 {
		causes = append(causes, k.because(Undetermined))
	}
	return causes
}

// guess is for where the old run cannot be judged again.
func (k *knowledge) guess(before, next report.Result) []Cause {
	if before.Outcome == report.NotTested || next.Outcome == report.NotTested {
		return []Cause{k.because(Configuration)}
	}
	return []Cause{{Undetermined, "target or suite"}}
}

// ofSuite tells which part of the suite it was.
func (k *knowledge) ofSuite(before, next report.Result) Cause {
	old, now := k.in.Old.Suite, k.in.New.Suite
	switch {
	case old.CatalogueDigest != now.CatalogueDigest && (before.Level != next.Level || before.Statement != next.Statement || !slices.Equal(before.Contested, next.Contested)):
		return Cause{Catalogue, "the requirement is written otherwise"}
	case old.ContractDigest != now.ContractDigest:
		return k.because(Contract)
	}
	return k.because(Suite)
}

// ofRun tells whether it was the target or how it was asked.
func (k *knowledge) ofRun(again, next report.Result) Cause {
	if again.Outcome == report.NotTested || next.Outcome == report.NotTested ||
		(again.Outcome == report.Inconclusive || next.Outcome == report.Inconclusive) && configured(k) {
		return k.because(Configuration)
	}
	return k.because(Target)
}

// because is a cause with all that is known to be different in it. A target that tells the same version is named by it.
func (k *knowledge) because(kind CauseKind) Cause {
	var details []string
	for _, d := range k.differences {
		if d.Kind == kind {
			details = append(details, d.Detail)
		}
	}
	if version := report.TargetVersion(k.in.New); kind == Target && len(details) == 0 && version != "" {
		details = append(details, "still "+report.Printable(version))
	}
	return Cause{kind, strings.Join(details, "; ")}
}

// configured reports whether the configuration is different.
func configured(k *knowledge) bool {
	return slices.ContainsFunc(k.differences, func(c Cause) bool { return c.Kind == Configuration })
}
