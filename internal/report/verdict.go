package report

import (
	"slices"

	"github.com/sa-conformance/conformance/spec"
)

// Conclude draws the verdict on each of the profiles that were asked for, in the order given, and on all of them
// together; results of other profiles do not count, and those that are not scored neither.
//
// A failed MUST is non-conformant, and so is a failed SHOULD where strict is set. Short of that, a MUST without a pass
// is incomplete (an unstable one too: it is not kept, and not surely broken), and so is a profile of which nothing was judged: an absent verdict is never a good one.
func Conclude(results []Result, profiles []spec.Profile, strict bool) (overall Verdict, perProfile []Profile) {
	of := func(names ...spec.Profile) []Result {
		return slices.DeleteFunc(slices.Clone(results), func(r Result) bool {
			return bool(r.Unscored) || !slices.Contains(names, r.Profile)
		})
	}
	perProfile = make([]Profile, 0, len(profiles))
	for _, name := range profiles {
		mine := of(name)
		perProfile = append(perProfile, Profile{Name: name, Verdict: conclude(mine, strict), Counts: Count(mine)})
	}
	return conclude(of(profiles...), strict), perProfile
}

// ConcludeOwn draws the verdict on the requirements of teams, in the order of the results.
func ConcludeOwn(results []Result, strict bool) (perOwner []Profile) {
	of := map[string][]Result{}
	var owners []string
	for _, r := range results {
		if r.Owner == "" {
			continue
		}
		if of[r.Owner] == nil {
			owners = append(owners, r.Owner)
		}
		of[r.Owner] = append(of[r.Owner], r)
	}
	for _, owner := range owners {
		perOwner = append(perOwner, Profile{Name: spec.Profile(owner), Own: true, Verdict: conclude(of[owner], strict), Counts: Count(of[owner])})
	}
	return perOwner
}

// Count counts the outcomes of results.
func Count(results []Result) Counts {
	var c Counts
	for _, r := range results {
		switch r.Outcome {
		case Pass:
			c.Passed++
		case Fail:
			c.Failed++
			if r.Level == spec.Should {
				c.Warnings++
			}
		case Unstable:
			c.Unstable++
		case Inconclusive:
			c.Inconclusive++
		default:
			c.NotTested++
		}
	}
	return c
}

func conclude(results []Result, strict bool) Verdict {
	verdict, judged := Conformant, false
	for _, r := range results {
		binding := r.Level != spec.Should
		judged = judged || r.Outcome == Pass || r.Outcome.Broke()
		switch {
		case r.Outcome == Fail && (binding || strict):
			return NonConformant
		case r.Outcome != Pass && binding:
			verdict = Incomplete
		}
	}
	if !judged {
		return Incomplete
	}
	return verdict
}

// IsWarning reports whether a result is a failure that leaves the verdict alone.
func IsWarning(r Result, strict bool) bool {
	return r.Outcome.Broke() && r.Level == spec.Should && !strict
}

// FailedAndWarnings parts the failures that count from those that do not.
func FailedAndWarnings(c Counts, strict bool) (failed, warnings int) {
	if strict {
		return c.Failed, 0
	}
	return c.Failed - c.Warnings, c.Warnings
}
