package cli

import (
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
)

// loadSuite builds the suite, for an OpenAPI document of the operator's or nil. It fails only by a fault of the suite itself.
func loadSuite(contract *spec.Contract) (*check.Suite, error) {
	suite, err := suites.LoadBy(contract)
	if err != nil {
		return nil, broken("%v", err)
	}
	return suite, nil
}
