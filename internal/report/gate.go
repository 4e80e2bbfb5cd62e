package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/spec"
)

// GateStatus says whether a release may pass.
type GateStatus string

// The states of the gate.
const (
	GatePassed GateStatus = "passed"
	GateFailed GateStatus = "failed"
)

// Gate is the decision on a release. The verdict tells what the target is; the gate, what may be done about it: waivers
// and a baseline move the gate and never the verdict.
type Gate struct {
	Status GateStatus `json:"status"`
	// Reasons say why it failed, or in spite of what it passed.
	Reasons []string `json:"reasons"`
	// Warnings are remarks on waivers that change nothing.
	Warnings []string `json:"warnings,omitempty"`
	// Failures counts those that stop the release: no waiver holds for them. Unjudged counts the MUSTs without a verdict
	// that do.
	Failures int `json:"failures"`
	Unjudged int `json:"unjudged"`
	// Waived counts the failures that a waiver holds for, Expired those of Failures of which a waiver expired, and Stale
	// the waivers that match nothing.
	Waived  int `json:"waived"`
	Expired int `json:"expired"`
	Stale   int `json:"stale"`
	// Baseline names the report that the run was compared with; "" for none.
	Baseline string `json:"baseline,omitempty"`
}

// Policy is what the gate is decided by.
type Policy struct {
	Waivers []Waiver
	// Today decides which waivers have expired.
	Today            time.Time
	AcceptIncomplete bool
	// Baseline names a report, and Regressions holds the ids that got worse since; nothing else stops the release then.
	Baseline    string
	Regressions []string
}

// Decide sets the gate of a report, and the waiver of each of its results.
//
// It passes where the verdict would be conformant if every failure with a valid waiver had passed, and every MUST that
// could not be judged because of one; an unstable result is waived as a failed one is. With a baseline it passes where
// nothing got worse but what is waived, and something was judged. A stale waiver and an interrupted run keep it shut.
func Decide(r *Report, p Policy) {
	g := Gate{Status: GatePassed, Reasons: []string{}, Baseline: p.Baseline}
	g.waive(r, p)
	results := r.Asked()
	p.Regressions = slices.DeleteFunc(slices.Clone(p.Regressions), func(id string) bool { return r.LeftOut(Result{ID: id}) })
	if p.Baseline != "" {
		g.compare(results, p.Regressions)
	}
	judged := slices.ContainsFunc(CountedResults(r), func(x Result) bool { return x.Outcome == Pass || x.Outcome.Broke() })
	for i, x := range results {
		if x.Waived() || x.Outcome == Inconclusive && waived(r.Results, x.ConsequenceOf) {
			results[i].Outcome = Pass
			continue
		}
		switch binding := x.Level != spec.Should || r.Configuration.Strict; {
		case x.Outcome == Fail && binding:
			g.Failures++
			if x.Waiver != nil {
				g.Expired++
			}
		case x.Outcome != Pass && x.Outcome != Fail && x.Level != spec.Should:
			g.Unjudged++
		}
	}
	verdict := conclude(results, r.Configuration.Strict)
	accepted := verdict == Incomplete && p.AcceptIncomplete && r.Complete && judged // an absent verdict is never a good one
	g.say(len(r.Configuration.Only) > 0, "%s asked for (--only)", Plural(len(results), "requirement", "requirements"))
	g.say(g.Failures > 0 && p.Baseline == "", "%s failed", Plural(g.Failures, "requirement", "requirements"))
	if unjudged := Plural(g.Unjudged, "MUST requirement", "MUST requirements") + " without a verdict"; accepted {
		verdict = Conformant
		g.say(g.Unjudged > 0, "%s, accepted as such", unjudged)
	} else {
		g.say(g.Unjudged > 0, "%s", unjudged)
	}
	g.say(p.Baseline != "" && len(p.Regressions) > 0, "worse than %s: %s", p.Baseline, SomeIDs(p.Regressions))
	g.say(p.Baseline != "" && len(p.Regressions) == 0, "nothing is worse than %s", p.Baseline)
	g.say(!judged && r.Stopped == "", "nothing was judged")
	g.say(r.Stopped != "", "nothing was judged: %s", r.Stopped)
	g.say(!r.Complete, "the run ended early")
	if verdict != Conformant || g.Stale > 0 || !r.Complete || p.Baseline != "" && !judged {
		g.Status = GateFailed
	}
	r.Gate = g
}

// compare lets everything pass that did not get worse.
func (g *Gate) compare(results []Result, regressions []string) {
	for i := range results {
		if !slices.Contains(regressions, results[i].ID) {
			results[i].Outcome, results[i].Waiver = Pass, nil
		}
	}
}

func (g *Gate) say(when bool, format string, args ...any) {
	if when {
		g.Reasons = append(g.Reasons, fmt.Sprintf(format, args...))
	}
}

// waived reports whether the result with an id is a failure that a waiver holds for.
func waived(results []Result, id string) bool {
	return id != "" && slices.ContainsFunc(results, func(x Result) bool { return x.ID == id && x.Waived() })
}

// Line says in short what the gate rests on; "" if it follows from the verdict alone.
func (g Gate) Line() string {
	if g.Status == "" || g.Waived+g.Expired+g.Stale+len(g.Warnings) == 0 && g.Baseline == "" {
		return ""
	}
	line := string(g.Status)
	if len(g.Reasons) > 0 {
		line += " (" + strings.Join(g.Reasons, "; ") + ")"
	}
	return line
}
