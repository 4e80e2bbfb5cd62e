package check

import (
	"errors"
	"slices"

	"github.com/sa-conformance/conformance/spec"
)

// With is a suite that has the checks of a team too, for requirements of its own, whose profile is the owner's name. The
// suite itself stays as it is. What the scenarios of the team record is evidence of their own checks alone.
func (s *Suite) With(owner string, own *spec.Catalogue, sections ...func(*Suite)) (*Suite, error) {
	theirs := &Suite{Contract: s.Contract, catalogue: own, owner: owner}
	for _, section := range sections {
		section(theirs)
	}
	if err := errors.Join(append(theirs.errs, Verify(own, theirs.checks))...); err != nil {
		return nil, err
	}
	extended := *s
	extended.probes = slices.Concat(s.probes, theirs.probes)
	extended.checks = slices.Concat(s.checks, theirs.checks)
	extended.owned = append(slices.Clone(s.owned), own)
	return &extended, nil
}

// Requirements lists all requirements, those of teams included.
func (s *Suite) Requirements() []spec.Requirement {
	all := s.catalogue.All()
	for _, own := range s.owned {
		all = append(all, own.All()...)
	}
	return all
}

// Owned lists the requirements of teams.
func (s *Suite) Owned() []*spec.Catalogue { return s.owned }
