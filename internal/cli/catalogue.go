package cli

import (
	"encoding/json"

	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
)

// catalogue loads what is built into the binary; an error is the suite's own.
func catalogue() (*spec.Contract, *spec.Catalogue, error) {
	contract := spec.BeginContract()
	c, err := spec.LoadCatalogue()
	if err != nil {
		return nil, nil, broken("loading the catalogue: %v", err)
	}
	return contract, c, nil
}

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
		return nil, broken("%v", err)
	}
	all := make([]entry, 0, len(c.All()))
	for _, r := range c.All() {
		all = append(all, entry{Requirement: r, Section: places[r.ID].Section, Probe: places[r.ID].Probe})
	}
	return all, nil
}

// printJSON prints a value as indented JSON.
func (a *app) printJSON(value any) error {
	encoder := json.NewEncoder(a.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return a.written(encoder.Encode(value))
}

// written words an error of writing to standard output.
func (a *app) written(err error) error {
	if err != nil {
		return broken("writing to standard output: %s", cause(err))
	}
	return nil
}
