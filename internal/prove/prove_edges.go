package prove

import (
	"path"
	"slices"

	"github.com/sa-conformance/conformance/spec"
)

// Edge says of a requirement that its failure may follow from that of others: a pattern in its follows.
type Edge struct {
	Requirement string `json:"requirement"`
	Follows     string `json:"follows"`
}

// unprovedEdges lists the edges of the catalogue that no defect proves. A defect proves an edge if the requirement and one
// that the pattern matches both do not hold, and the trace leads from the one to the other.
func unprovedEdges(c *spec.Catalogue, defects []Trial) []Edge {
	unproved := []Edge{}
	for _, r := range c.All() {
		for _, pattern := range r.Follows {
			if !slices.ContainsFunc(defects, func(t Trial) bool { return t.proves(r.ID, pattern) }) {
				unproved = append(unproved, Edge{Requirement: r.ID, Follows: pattern})
			}
		}
	}
	return unproved
}

// proves reports whether a trial shows that the failure of a requirement follows from one that the pattern matches: that one
// is its cause, or has the same cause.
func (t Trial) proves(id, pattern string) bool {
	cause, traced := t.Causes[id]
	if !traced {
		return false
	}
	matches := func(other string) bool {
		matched, err := path.Match(pattern, other)
		return err == nil && matched && other != id
	}
	if matches(cause) {
		return true
	}
	for other, its := range t.Causes {
		if matches(other) && its == cause {
			return true
		}
	}
	return false
}
