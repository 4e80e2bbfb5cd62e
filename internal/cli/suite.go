package cli

import (
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/suites"
)

// loadSuite builds the suite. It fails only by a fault of the suite itself.
func loadSuite() (*check.Suite, error) {
	suite, err := suites.Load()
	if err != nil {
		return nil, broken("%v", err)
	}
	return suite, nil
}
