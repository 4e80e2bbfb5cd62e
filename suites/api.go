package suites

import (
	"context"
	"io"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// The types of a run, for its users.
type (
	// Config says what to judge, and how.
	Config = engine.Config
	// Result is what a run leaves behind.
	Result = engine.Result
	// ConfigError is a fault of a Config, in one line that says what to do.
	ConfigError = engine.ConfigError
	// Own is what a team checks beside the suite.
	Own = engine.Own
	// NotOffered says that a target does not offer what some requirements are about.
	NotOffered = engine.NotOffered
	// OAuth gets the token of the run by client credentials.
	OAuth = engine.OAuth
	// TokenSource gets the token of the run.
	TokenSource = engine.TokenSource
	// Progress is told how a run goes on.
	Progress = engine.Progress
	// RejudgeConfig says how to judge a recording.
	RejudgeConfig = engine.RejudgeConfig
)

// NoJournal as the Config.Journal keeps none.
const NoJournal = engine.NoJournal

// ErrElsewhere is the error of Judge in all but the first of the parallel processes of Ginkgo.
var ErrElsewhere = engine.ErrElsewhere

// Judge judges a target by this suite, any number of times in a process, also several times at once. The first run of a
// process is one of Ginkgo specs if cfg.GinkgoOutput is set or flags of Ginkgo were given to a test binary, and not
// cfg.Plain; no other run touches Ginkgo. The flags are honoured in either case: focus, skip, label-filter, timeout and
// fail-fast; with dry-run nothing is sent and nothing judged; those that would have no effect are an error.
//
// When ctx ends Judge stops sending, cleans up, and reports what it has. The error is a *ConfigError, ErrElsewhere, or a
// fault of the suite itself.
func Judge(ctx context.Context, cfg Config) (*Result, error) {
	suite, err := LoadBy(cfg.Contract)
	if err != nil {
		return nil, err
	}
	return engine.Judge(ctx, suite, cfg)
}

// Rejudge reads a recording and judges it again. It sends nothing. What was left out of the run is left out again, with the
// same reasons. The error is a fault of the file or of the suite itself.
func Rejudge(ctx context.Context, file io.Reader, cfg RejudgeConfig) (*Result, error) {
	suite, err := LoadBy(cfg.Contract)
	if err != nil {
		return nil, err
	}
	return engine.Rejudge(ctx, suite, file, cfg)
}

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
