// Package engine holds a run: it selects checks, records conversations with the target, repeats what failed, judges the
// evidence, cleans up and assembles the report. It also judges recordings again. The checks are given to it.
package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/proof"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/spec"
)

// Result is what a run leaves behind.
type Result struct {
	Report *report.Report
	// Secrets holds what must not appear in any output of this run.
	Secrets *redact.Registry
	// Recording holds the exchanges, secrets included.
	Recording *exchange.Recording
	// Leftovers tells of the accounts.
	Leftovers probe.Leftovers
	// Peer is who answered; nil if nobody did. NamedCA is set if the operator named certificates to trust.
	Peer    *wire.Peer
	NamedCA bool

	held held
	// written is the recording of a run that somebody else held; nil for one of this process.
	written []byte
	// Dry is set if nothing was sent.
	Dry bool
}

// ConfigError is a fault of the configuration, in one line that says what to do.
type ConfigError struct{ message string }

func (e *ConfigError) Error() string { return e.message }

func newConfigError(format string, args ...any) error {
	return &ConfigError{message: fmt.Sprintf(format, args...)}
}

// Judge judges a target by the checks of a suite, any number of times in a process, also several times at once. The first run of a process is one of
// Ginkgo specs if cfg.GinkgoOutput is set or flags of Ginkgo were given to a test binary, and not cfg.Plain; no other run
// touches Ginkgo. The flags are honoured in either case: focus, skip, label-filter, timeout and fail-fast; with dry-run
// nothing is sent and nothing judged; those that would have no effect are an error.
//
// When ctx ends Judge stops sending, cleans up, and reports what it has. The error is a *ConfigError, ErrElsewhere, or a
// fault of the suite itself; an *exchange.Broken comes with a result.
func Judge(ctx context.Context, suite *check.Suite, cfg Config) (_ *Result, err error) {
	if cfg, err = cfg.journalled(); err != nil {
		return nil, err
	}
	return judge(ctx, suite, cfg)
}

func judge(ctx context.Context, suite *check.Suite, cfg Config) (*Result, error) {
	suite, err := withOwn(suite, cfg.Own)
	if err != nil {
		return nil, err
	}
	var flags check.Flags
	if !cfg.flagless {
		if flags, err = check.GinkgoFlags(); err != nil {
			return nil, &ConfigError{message: err.Error()}
		}
	}
	var callbacks callbacks
	cfg, stop, err := callbacks.guard(cfg).complete(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	cfg, schedule, err := cfg.schedule(time.Now(), flags.Timeout)
	if err != nil {
		return nil, err
	}
	suite = cfg.at(suite)
	selection, err := suite.Select(check.Filter{
		Profiles: cfg.Profiles, Focus: cfg.Focus, LabelFilter: cfg.LabelFilter, Only: cfg.Only, Within: cfg.Within,
		Supplied: cfg.supplied(), NotOffered: cfg.NotOffered,
		Flags: flags,
	})
	if err != nil {
		return nil, &ConfigError{message: err.Error()}
	}
	r := &running{
		cfg: cfg, flags: flags, suite: suite, selection: selection, schedule: schedule, secrets: cfg.secrets(), id: runID(), started: time.Now(),
		verdicts: check.NewVerdicts(), callbacks: &callbacks,
	}
	r.events = cfg.stream(r.id)
	return r.execute(ctx)
}

// assemble joins the verdicts to the catalogue.
func assemble(suite *check.Suite, selection *check.Selection, verdicts *check.Verdicts, tokenKind string, cfg Config) (*report.Report, error) {
	proved, err := proof.Released()
	if err != nil {
		return nil, err
	}
	r := &report.Report{
		SchemaVersion: report.SchemaVersion,
		Suite: report.Suite{
			Version: cfg.Version, Commit: cfg.Commit, ContractVersion: suite.Contract.Version(), ContractDigest: suite.Contract.Digest(),
			CatalogueDigest: suite.Catalogue().Digest(), Requirements: len(suite.Catalogue().All()),
			Proof: report.Proof{
				Version: proved.Version, Date: proved.Date, Catalogue: proved.Catalogue,
				Defects: proved.Defects, Killed: proved.Killed, Variants: proved.Variants, Spared: proved.Spared, Proved: proved.Proved,
				Current: proved.Catalogue == suite.Catalogue().Digest(),
			},
		},
		Target: report.Target{
			URL: cfg.Target, Organization: cfg.Organization, OtherOrganization: cfg.OtherOrganization, Groups: cfg.Groups, Embedded: cfg.embedded, Insecure: cfg.Insecure, TokenKind: tokenKind,
		},
		Configuration: cfg.described(),
		Warnings:      []string{},
	}
	r.Configuration.Contract = given(suite.Contract)
	r.Warnings = append(r.Warnings, ofDocument(r.Configuration.Contract)...)
	for _, c := range suite.Checks() {
		result, ok := verdicts.Find(c.Requirement.ID)
		if !ok {
			result = untested(c, selection, cfg.stopped)
		}
		r.Results = append(r.Results, result)
	}
	r.Results = report.Trace(r.Results, follows(suite.Requirements()))
	set, err := scored(cfg.Set)
	if err != nil {
		return nil, err
	}
	report.Score(r, set)
	r.Verdict, r.Profiles = report.Conclude(r.Results, cfg.Profiles, cfg.Strict)
	r.Profiles = append(r.Profiles, report.ConcludeOwn(r.Results, cfg.Strict)...)
	return r, nil
}

// scored is the set that was asked for, or else the newest.
func scored(asked *spec.Set) (spec.Set, error) {
	if asked != nil {
		return *asked, nil
	}
	all, err := spec.Sets()
	if err != nil {
		return spec.Set{}, err
	}
	return all[len(all)-1], nil
}

// follows tells for each requirement whose failure explains a failure of it.
func follows(requirements []spec.Requirement) map[string][]string {
	patterns := map[string][]string{}
	for _, r := range requirements {
		patterns[r.ID] = r.Follows
	}
	return patterns
}

func untested(c check.Check, selection *check.Selection, stopped string) report.Result {
	reason, outcome := selection.Untested[c.Requirement.ID], report.NotTested
	if reason == "" {
		reason, outcome = cmp.Or(stopped, "the run was interrupted before it was judged"), report.Inconclusive
	}
	return report.Result{
		ID: c.Requirement.ID, Level: c.Requirement.Level, Profile: c.Requirement.Profile, Section: c.Section,
		Statement: c.Requirement.Statement, Citation: c.Requirement.Citation, Outcome: outcome, Message: reason, Probe: c.Probe, Owner: c.Owner,
		Evidence: []string{}, Contested: c.Requirement.Contested, Needs: c.Requirement.Needs,
	}
}

// tokenKind is the kind of the first token that was issued; "" if none was.
func tokenKind(recording *exchange.Recording) string {
	for _, e := range recording.All() {
		if raw := e.AccessToken(); raw != "" {
			return string(jwt.Inspect(raw).Kind)
		}
	}
	return ""
}

func accounts(l probe.Leftovers, sweep string) report.Accounts {
	a := report.Accounts{
		Created: l.Created, Deleted: l.Deleted, Left: len(l.Remaining), Remaining: l.Remaining, Verified: l.Verified,
		Unseen: l.Unseen, Unverified: l.Unverified, Newcomers: l.Newcomers,
	}
	if !l.Verified || a.Left > 0 || l.Unanswered > 0 {
		a.Sweep = sweep
	}
	return a
}

// remarks says what is to be known of a run beside its verdicts.
func remarks(run *probe.Run, l probe.Leftovers, journalled error) []string {
	remarks := run.Warnings()
	if l.Unanswered > 0 {
		remarks = append(remarks, fmt.Sprintf("%d creates were never answered and no list shows what came of them; "+
			"should the target still be at them, a sweep finds what it makes", l.Unanswered))
	}
	if journalled != nil {
		remarks = append(remarks, "the journal could not be kept to the end: "+inner(journalled))
	}
	return remarks
}

// named is the part of the name of every account that tells one run from another.
func (c Config) named(id string) string {
	if c.Challenge == "" {
		return id
	}
	return id + "-" + c.Challenge
}

func runID() string {
	var id [4]byte
	_, _ = rand.Read(id[:]) // never fails: see crypto/rand
	return hex.EncodeToString(id[:])
}
