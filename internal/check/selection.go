package check

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
)

// Filter says which checks a run wants and what its operator supplied.
type Filter struct {
	Profiles           []spec.Profile
	Focus, LabelFilter string
	// Only holds the ids of the requirements that were asked for; empty: all.
	Only []string
	// Within names, for requirements that judge everything, the conversations that they are judged by.
	Within     map[string][]string
	Supplied   []spec.Need
	NotOffered []NotOffered
	// Flags are those of Ginkgo.
	Flags Flags
}

// NotOffered says of the requirements whose ids a pattern of path.Match matches that the target does not offer them.
type NotOffered struct {
	Pattern, Reason string
}

// Selection tells the checks to run from those that are not, with the reason for each of the latter.
type Selection struct {
	Chosen []Check
	// Probes are the conversations that they need, in the order of the sections.
	Probes []probe.Probe
	// Untested holds the reason for each requirement that is not chosen.
	Untested map[string]string
}

// Select works out what a filter selects. A filter that does not parse or that selects nothing is an error.
func (s *Suite) Select(f Filter) (*Selection, error) {
	focus, err := regexp.Compile(f.Focus)
	if err != nil {
		return nil, fmt.Errorf("the focus is not a regular expression: %w", err)
	}
	labels, err := types.ParseLabelFilter(f.LabelFilter)
	if err != nil {
		return nil, fmt.Errorf("the label filter %q does not parse; an example that does: core && MUST", f.LabelFilter)
	}
	if err := s.known(f.Only); err != nil {
		return nil, err
	}
	unoffered, err := s.unoffered(f.NotOffered)
	if err != nil {
		return nil, err
	}
	selection, wanted := &Selection{Untested: map[string]string{}}, 0
	for _, c := range s.checks {
		switch {
		case len(f.Only) > 0 && !slices.Contains(f.Only, c.Requirement.ID):
			selection.Untested[c.Requirement.ID] = "left out by --only"
		case c.Owner == "" && len(f.Profiles) > 0 && !slices.Contains(f.Profiles, c.Requirement.Profile):
			selection.Untested[c.Requirement.ID] = fmt.Sprintf("the profile %s was not asked for", c.Requirement.Profile)
		case s.spared(c):
			selection.Untested[c.Requirement.ID] = "left out by the depth " + string(s.depth)
		case !focus.MatchString(c.Text()):
			selection.Untested[c.Requirement.ID] = "left out by the focus"
		case !labels(c.Labels()):
			selection.Untested[c.Requirement.ID] = "left out by the label filter"
		case !f.Flags.Chooses(c):
			selection.Untested[c.Requirement.ID] = "left out by the flags of Ginkgo"
		case unoffered[c.Requirement.ID] != "":
			wanted++
			selection.Untested[c.Requirement.ID] = "not offered by the target: " + unoffered[c.Requirement.ID]
		case len(missing(c, f.Supplied)) > 0:
			wanted++
			selection.Untested[c.Requirement.ID] = "needs " + strings.Join(missing(c, f.Supplied), " and ") + ", which the operator did not supply"
		default:
			wanted++
			selection.Chosen = append(selection.Chosen, c)
		}
	}
	if wanted == 0 {
		return nil, errors.New("no requirement matches the filters; conformance list shows what there is")
	}
	selection.Probes = s.conversations(f, selection.Chosen)
	return selection, nil
}

// known refuses ids that no check has.
func (s *Suite) known(ids []string) error {
	for _, id := range ids {
		if !slices.ContainsFunc(s.checks, func(c Check) bool { return c.Requirement.ID == id }) {
			return fmt.Errorf("there is no requirement %q; conformance list shows what there is", id)
		}
	}
	return nil
}

// unoffered finds the reason for each requirement that the target does not offer.
func (s *Suite) unoffered(list []NotOffered) (map[string]string, error) {
	reasons := map[string]string{}
	for _, n := range list {
		matched := false
		for _, c := range s.checks {
			ok, err := path.Match(n.Pattern, c.Requirement.ID)
			if err != nil {
				return nil, fmt.Errorf("what is not offered: %q is not a pattern; an example that is: auth.expired.*", n.Pattern)
			}
			if ok {
				matched = true
				if reasons[c.Requirement.ID] == "" {
					reasons[c.Requirement.ID] = n.Reason
				}
			}
		}
		if !matched {
			return nil, fmt.Errorf("what is not offered: no requirement matches %q; conformance list shows what there is", n.Pattern)
		}
		if n.Reason == "" {
			return nil, fmt.Errorf("what is not offered: %q has no reason; say why", n.Pattern)
		}
	}
	return reasons, nil
}

// missing lists what the check needs and was not supplied, in words.
func missing(c Check, supplied []spec.Need) []string {
	words := map[spec.Need]string{
		spec.NeedGroup:             "a group that accounts may be put into (--group)",
		spec.NeedOtherOrganization: "another organization (--other-organization)",
		spec.NeedExpiredToken:      "an expired token (CONFORMANCE_EXPIRED_TOKEN)",
		spec.NeedNotYetValidToken:  "a token that is not yet valid (CONFORMANCE_NOT_YET_VALID_TOKEN)",
	}
	var lacking []string
	for _, need := range c.Requirement.Needs {
		if !slices.Contains(supplied, need) {
			lacking = append(lacking, words[need])
		}
	}
	return lacking
}
