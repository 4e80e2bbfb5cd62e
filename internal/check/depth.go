package check

import (
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/probe"
)

// Depth says how much a run sends.
type Depth string

// The depths. Smoke holds one short conversation, which is evidence for some requirements. Standard holds the conversations of
// all sections. Deep holds those and further ones, which are evidence for the checks of everything.
const (
	Smoke    Depth = "smoke"
	Standard Depth = "standard"
	Deep     Depth = "deep"
)

// Depths lists the depths, the shallowest first.
func Depths() []Depth { return []Depth{Smoke, Standard, Deep} }

// Deepening says how far a deep run goes.
type Deepening struct {
	// Requests is about how many requests the run sends, and Time bounds the time of the further conversations; 0: no bound.
	Requests int
	Time     time.Duration
	// Seed chooses what is not listed in tables.
	Seed uint64
}

// Smoke enters the conversations of the depth smoke, which are evidence for the checks that are bound to one of them, and the ids
// of the requirements beside those. Their checks look at everything.
func (s *Suite) Smoke(probes []probe.Probe, ids ...string) { s.brief, s.smoked = probes, ids }

// Deep enters conversations that a deep run holds beside those of the sections.
func (s *Suite) Deep(further func(Deepening) []probe.Probe) { s.further = further }

// At is the suite at a depth. What teams check beside it is checked at every depth.
func (s *Suite) At(depth Depth, how Deepening) *Suite {
	other := *s
	other.depth = depth
	switch {
	case depth == Smoke && len(s.brief) > 0:
		other.probes = slices.Clone(s.brief)
		for _, p := range s.probes {
			if p.Apart {
				other.probes = append(other.probes, p)
			}
		}
	case depth == Deep && s.further != nil:
		other.probes = slices.Concat(s.probes, s.further(how))
	}
	return &other
}

// spared reports whether the depth leaves a check out.
func (s *Suite) spared(c Check) bool {
	return s.depth == Smoke && len(s.brief) > 0 && c.Owner == "" && !slices.Contains(s.smoked, c.Requirement.ID) &&
		!slices.ContainsFunc(s.brief, func(p probe.Probe) bool { return p.Name == c.Probe })
}
