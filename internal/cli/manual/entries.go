package manual

import (
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
)

// entry is a requirement, and where the suite judges it.
type entry struct {
	spec.Requirement
	// Section and Probe are empty if no check is bound to the requirement.
	Section string `json:"section"`
	Probe   string `json:"probe"`
}

// entries are the requirements of the catalogue in its order.
func entries(c *spec.Catalogue) ([]entry, error) {
	places, err := suites.Places()
	if err != nil {
		return nil, app.Broken("%v", err)
	}
	all := make([]entry, 0, len(c.All()))
	for _, r := range c.All() {
		all = append(all, entry{Requirement: r, Section: places[r.ID].Section, Probe: places[r.ID].Probe})
	}
	return all, nil
}
