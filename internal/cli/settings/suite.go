package settings

import (
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
)

// LoadSuite builds the suite, for an OpenAPI document of the operator's or nil. It fails only by a fault of the suite itself.
func LoadSuite(contract *spec.Contract) (*check.Suite, error) {
	suite, err := suites.LoadBy(contract)
	if err != nil {
		return nil, app.Broken("%v", err)
	}
	return suite, nil
}
