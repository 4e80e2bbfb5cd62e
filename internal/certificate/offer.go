package certificate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Offerable are the needs of requirements that a vendor may be unable to supply. A certificate shows the requirements that
// have one of them as not offered.
func Offerable() []spec.Need {
	return []spec.Need{spec.NeedOtherOrganization, spec.NeedExpiredToken, spec.NeedNotYetValidToken}
}

// NotOffered is a need that the vendor did not supply, and the requirements that were not tested for it.
type NotOffered struct {
	Need         spec.Need `json:"need"`
	Requirements []string  `json:"requirements"`
}

// unoffered reports whether a result was not tested for a need that was said not to be offered.
func unoffered(result report.Result, needs []spec.Need) bool {
	return result.Outcome == report.NotTested && slices.ContainsFunc(result.Needs, func(n spec.Need) bool {
		return slices.Contains(needs, n) && slices.Contains(Offerable(), n)
	})
}

// withheld lists by need the scored requirements that were not tested because it is not offered.
func withheld(r *report.Report, needs []spec.Need) []NotOffered {
	var all []NotOffered
	for _, need := range needs {
		n := NotOffered{Need: need, Requirements: []string{}}
		for _, result := range r.Results {
			if r.Counts(result) && unoffered(result, []spec.Need{need}) {
				n.Requirements = append(n.Requirements, result.ID)
			}
		}
		all = append(all, n)
	}
	return all
}

// needs are those that a certificate says are not offered.
func (c Claims) needs() []spec.Need {
	var needs []spec.Need
	for _, n := range c.NotOffered {
		needs = append(needs, n.Need)
	}
	return needs
}

// Words is the verdict in words, with what was not offered.
func (c Claims) Words() string {
	var names []string
	for _, n := range c.NotOffered {
		names = append(names, string(n.Need))
	}
	if len(names) == 0 || c.Verdict != report.Incomplete {
		return string(c.Verdict)
	}
	return fmt.Sprintf("conformant in all that is offered (not: %s)", strings.Join(names, ", "))
}
