package app

import (
	"github.com/sa-conformance/conformance/spec"
)

// Catalogue loads what is built into the binary; an error is the suite's own.
func Catalogue() (*spec.Contract, *spec.Catalogue, error) {
	contract := spec.BeginContract()
	c, err := spec.LoadCatalogue()
	if err != nil {
		return nil, nil, Broken("loading the catalogue: %v", err)
	}
	return contract, c, nil
}

func Identifiers(c *spec.Catalogue) []string {
	var ids []string
	for _, r := range c.All() {
		ids = append(ids, r.ID)
	}
	return ids
}
