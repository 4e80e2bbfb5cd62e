package suites

import (
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// The types of own sections: see Own.
type (
	// Suite receives the sections: Section binds checks to a scenario, Must and Should enter one check each.
	Suite = check.Suite
	// Scenario is one conversation with the target, which the run records.
	Scenario = probe.Probe
	// Session sends the requests of a scenario, under the limits of the run, and deletes the accounts that it made.
	Session = probe.Session
	// Request is a request of a scenario beyond Session.Create and Session.List.
	Request = probe.Request
	// Evidence holds the exchanges of a scenario, by step.
	Evidence = exchange.Evidence
	// Exchange is one request and what came of it.
	Exchange = exchange.Exchange
)

// Expect begins an assertion of a check. It takes any matcher of Gomega, and those of suites/matcher. Gomega's own Expect
// does not work in a check: checks are judged beside one another, and not inside a spec.
func Expect(actual any, extra ...any) types.Assertion { return expect.Expect(actual, extra...) }
