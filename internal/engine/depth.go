package engine

import (
	"cmp"

	"github.com/sa-conformance/conformance/internal/check"
)

// usualBudget is about how many requests a run of the depth deep sends by default.
const usualBudget = 3000

// at is the suite at the depth of the configuration.
func (c Config) at(suite *check.Suite) *check.Suite { return suite.At(c.Depth, c.deepening()) }

func (c Config) deepening() check.Deepening {
	return check.Deepening{Requests: cmp.Or(c.Budget, usualBudget), Time: c.DeepTime, Seed: cmp.Or(c.Seed, 1)}
}

// chosenBy is the seed that a report shows: that of the depth deep, and 0 for the others, which choose nothing.
func (c Config) chosenBy() uint64 {
	if c.Depth != check.Deep {
		return 0
	}
	return c.deepening().Seed
}

const (
	// requestsOfStandard is about how many requests the depth standard sends, for which the memory for bodies is meant.
	requestsOfStandard = 600
	// mostBodies bounds how many times that memory a run may take.
	mostBodies = 8
)

// bodies is how many times the memory of the depth standard the bodies of responses may take.
func (c Config) bodies() int64 {
	if c.Depth != check.Deep {
		return 1
	}
	return int64(min(1+c.deepening().Requests/requestsOfStandard, mostBodies))
}
