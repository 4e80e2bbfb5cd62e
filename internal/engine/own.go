package engine

import (
	"fmt"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/spec"
)

// Own is what a team checks beside the suite: requirements of its own, and sections that judge them.
type Own struct {
	// Name is the first word of the ids of the requirements and of the names of the scenarios, and their profile in reports.
	Name string
	// Requirements is YAML in the form of requirements.yaml, without profile and since.
	Requirements []byte
	// Sections enter the scenarios and the checks: one check for each requirement.
	Sections []func(*check.Suite)
}

// withOwn is the suite with the checks of teams. The error is a *ConfigError.
func withOwn(suite *check.Suite, all []Own) (*check.Suite, error) {
	names := map[string]bool{}
	for _, own := range all {
		if names[own.Name] {
			return nil, newConfigError("Config.Own names %q twice; give all of its sections at once", own.Name)
		}
		names[own.Name] = true
		catalogue, err := spec.ParseOwn(own.Name, own.Requirements, suite.Catalogue())
		if err != nil {
			return nil, newConfigError("Config.Own: %s", inOneLine(err))
		}
		if suite, err = suite.With(own.Name, catalogue, own.Sections...); err != nil {
			return nil, newConfigError("Config.Own, %s: %s", own.Name, inOneLine(err))
		}
	}
	return suite, nil
}

func inOneLine(err error) string { return strings.ReplaceAll(fmt.Sprint(err), "\n", "; ") }
