// Package compare lists the requirements whose result differs between two reports, and says what changed it: the target, the
// suite, the catalogue, the contract or the configuration. It reads no file; the caller supplies the old recording judged
// again.
package compare

import (
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Kind is how a verdict is different.
type Kind string

// The kinds, in the order in which they are shown.
const (
	NewlyFailing    Kind = "newly-failing"    // failed or unstable, and was neither
	NewlyUntested   Kind = "newly-untested"   // not tested or inconclusive, and was judged
	NewlyScored     Kind = "newly-scored"     // the same failure, which did not count
	ChangedEvidence Kind = "changed-evidence" // the same outcome, or nearly, on other grounds
	NewlyPassing    Kind = "newly-passing"
)

// Kinds lists every kind in the order in which they are shown.
func Kinds() []Kind {
	return []Kind{NewlyFailing, NewlyUntested, NewlyScored, ChangedEvidence, NewlyPassing}
}

// absent is the outcome of a requirement that a report does not have.
const absent report.Outcome = "absent"

// Input is what is compared.
type Input struct {
	Old, New *report.Report
	// OldRecording and NewRecording are set if the report was not written by the run, but judged from its recording now:
	// what only a live target shows is not tested then.
	OldRecording, NewRecording bool
	// Again is the old run judged again, from its recording, by the suite at hand; nil if there is no recording. WhyNot
	// says why in that case.
	Again  *report.Report
	WhyNot string
	// OutcomesOnly leaves out results that have the same outcome, or nearly, on other grounds.
	OutcomesOnly bool
}

// Comparison is what is different, free of characters that a terminal would act on.
type Comparison struct {
	Old Side `json:"old"`
	New Side `json:"new"`
	// Differences tell what else is different than verdicts: each is of a kind of cause.
	Differences []Cause `json:"differences"`
	// Rejudged is set if what the suite moved is known; Note says why it is not.
	Rejudged bool   `json:"rejudged"`
	Note     string `json:"note,omitempty"`
	// MovedBy lists the kinds of causes of all changes that count for the verdict.
	MovedBy []CauseKind `json:"movedBy"`
	Changes []Change    `json:"changes"`
}

// Side is one of the two runs.
type Side struct {
	RunID     string         `json:"runId"`
	StartedAt time.Time      `json:"startedAt"`
	Suite     string         `json:"suite"`
	Set       string         `json:"set,omitempty"`
	Target    string         `json:"target"`
	Version   string         `json:"targetVersion,omitempty"`
	Verdict   report.Verdict `json:"verdict"`
}

// Change is a requirement of which the verdict, or what it rests on, is different.
type Change struct {
	ID    string         `json:"id"`
	Level spec.Level     `json:"level"`
	Kind  Kind           `json:"kind"`
	Old   report.Outcome `json:"old"`
	New   report.Outcome `json:"new"`
	// Found says what was found in each.
	OldFound string `json:"oldFound,omitempty"`
	NewFound string `json:"newFound,omitempty"`
	// Evidence tells which exchanges were answered otherwise: "create.minimal/create: 201 → 200".
	Evidence []string `json:"evidence,omitempty"`
	// Counts is set if the result counts for the new verdict: it is scored, of a profile that was asked for, and no
	// SHOULD unless the run was strict.
	Counts bool `json:"counts"`
	// Regression is set if it counts, got worse, and not for the suite's sake alone.
	Regression bool    `json:"regression"`
	Causes     []Cause `json:"causes"`
}

// Compare compares two reports.
func Compare(in Input) *Comparison {
	c := &Comparison{Old: sideOf(in.Old), New: sideOf(in.New), Changes: []Change{}, MovedBy: []CauseKind{}}
	k := newKnowledge(in)
	c.Differences, c.Rejudged, c.Note = k.differences, k.again != nil, k.note
	olds := byID(in.Old)
	for _, next := range in.New.Results {
		before, ok := olds[next.ID]
		delete(olds, next.ID)
		if !ok {
			before = report.Result{ID: next.ID, Outcome: absent}
		}
		c.add(k, before, next)
	}
	for _, before := range in.Old.Results { // in order
		if _, gone := olds[before.ID]; gone {
			c.add(k, before, report.Result{ID: before.ID, Level: before.Level, Outcome: absent})
		}
	}
	for _, change := range c.Changes {
		for _, cause := range change.Causes {
			if change.Counts && change.Old != change.New && !slices.Contains(c.MovedBy, cause.Kind) {
				c.MovedBy = append(c.MovedBy, cause.Kind)
			}
		}
	}
	return c
}

func (c *Comparison) add(k *knowledge, before, next report.Result) {
	kind := kindOf(k, before, next)
	if kind == "" {
		return
	}
	change := Change{
		ID: report.Printable(next.ID), Level: next.Level, Kind: kind, Old: before.Outcome, New: next.Outcome,
		OldFound: report.Found(before), NewFound: report.Found(next),
		Counts: k.in.New.Counts(next) && (next.Level != spec.Should || k.in.New.Configuration.Strict),
		Causes: k.causes(before, next), Evidence: grounds(k.old, before, k.now, next),
	}
	worse := kind == NewlyFailing || kind == NewlyScored || kind == NewlyUntested && before.Outcome == report.Pass
	change.Regression = change.Counts && worse && slices.ContainsFunc(change.Causes, Cause.ofTarget)
	c.Changes = append(c.Changes, change)
}

// kindOf tells how a result is different; "" if it is not.
func kindOf(k *knowledge, before, next report.Result) Kind {
	judged := func(r report.Result) bool { return r.Outcome == report.Pass || r.Outcome.Broke() }
	switch {
	case next.Outcome.Broke() && !before.Outcome.Broke():
		return NewlyFailing
	case next.Outcome == report.Pass && before.Outcome != report.Pass:
		return NewlyPassing
	case judged(before) && !judged(next), before.Outcome == absent && !judged(next):
		return NewlyUntested
	case next.Outcome.Broke() && k.in.New.Counts(next) && !k.in.Old.Counts(before):
		return NewlyScored
	case k.in.OutcomesOnly:
		return ""
	case before.Outcome != next.Outcome, len(grounds(k.old, before, k.now, next)) > 0:
		return ChangedEvidence
	}
	return ""
}

// Regressions lists the ids of what got worse.
func (c *Comparison) Regressions() []string {
	ids := []string{}
	for _, change := range c.Changes {
		if change.Regression {
			ids = append(ids, change.ID)
		}
	}
	return ids
}

func sideOf(r *report.Report) Side {
	return Side{
		RunID: report.Printable(r.RunID), StartedAt: r.StartedAt.UTC(), Suite: suiteName(r.Suite), Set: report.Printable(r.Set.Name),
		Target: targetName(r), Version: report.Printable(report.TargetVersion(r)), Verdict: report.Verdict(report.Printable(string(r.Verdict))),
	}
}

func suiteName(s report.Suite) string {
	if len(s.Commit) > 12 {
		s.Commit = s.Commit[:12]
	}
	if s.Commit != "" {
		return report.Printable(s.Version + " (" + s.Commit + ")")
	}
	return report.Printable(s.Version)
}

func targetName(r *report.Report) string {
	if r.Target.Embedded {
		return "the reference inside the process"
	}
	return report.Printable(r.Target.URL)
}

func byID(r *report.Report) map[string]report.Result {
	all := map[string]report.Result{}
	for _, x := range r.Results {
		all[x.ID] = x
	}
	return all
}
