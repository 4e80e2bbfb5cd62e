package suites

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/secret"
	"github.com/sa-conformance/conformance/internal/token"
	"github.com/sa-conformance/conformance/spec"
)

// Result is what a run leaves behind.
type Result struct {
	Report *report.Report
	// Secrets holds what must not appear in any output of this run.
	Secrets *secret.Registry
	// Recording holds the exchanges, secrets included.
	Recording *exchange.Recording
	// Leftovers tells of the accounts.
	Leftovers probe.Leftovers
}

// ConfigError is a fault of the configuration, in one line that says what to do.
type ConfigError struct{ message string }

func (e *ConfigError) Error() string { return e.message }

func misconfigured(format string, args ...any) error {
	return &ConfigError{message: fmt.Sprintf(format, args...)}
}

// Judge runs the suite as Ginkgo specs, which a process can do once; with cfg.Plain it does without Ginkgo, any number of
// times. When ctx ends it stops sending, cleans up, and reports what it has. The error is a *ConfigError, or a fault of
// the suite itself; a *check.Broken comes with a result.
func Judge(ctx context.Context, cfg Config) (*Result, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return judge(ctx, suite, cfg)
}

func judge(ctx context.Context, suite *check.Suite, cfg Config) (*Result, error) {
	cfg, stop, err := cfg.complete(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	selection, err := suite.Select(check.Filter{
		Profiles: cfg.Profiles, Focus: cfg.Focus, LabelFilter: cfg.LabelFilter, Supplied: cfg.supplied(),
	})
	if err != nil {
		return nil, &ConfigError{message: err.Error()}
	}
	return conduct(ctx, suite, selection, cfg)
}

func conduct(ctx context.Context, suite *check.Suite, selection *check.Selection, cfg Config) (*Result, error) {
	secrets := secret.New()
	started := time.Now()
	target := cfg.target()
	defer target.Client.CloseIdleConnections()
	run := probe.New(target, cfg.limits(), runID(), secrets, time.Now)
	probes := suite.Probes(selection.Chosen)
	cfg.Progress.Started(len(probes), len(selection.Chosen))

	j := &check.Judge{Facts: run.Facts(), Now: time.Now, Checks: selection.Chosen}
	verdicts := check.NewVerdicts()
	j.Futures = run.RunAll(ctx, probes, cfg.Progress.Answered)
	others := &repetitions{run: run, probes: probes, futures: map[repetition]*probe.Future{}}
	if !cfg.Once {
		j.Again = func(name string, attempt int) *probe.Future { return others.of(ctx, name, attempt) }
	}
	decide := func(ctx context.Context, c check.Check) report.Result {
		result, broken := j.Judge(ctx, c)
		verdicts.Put(result, broken)
		cfg.Progress.Judged(result.ID, result.Outcome == report.Fail)
		return result
	}
	if cfg.Plain {
		check.Straight(ctx, selection.Chosen, decide)
	} else {
		check.Ginkgo(ctx, unmoved{}, "Create service account", selection.Chosen, cfg.GinkgoOutput, cfg.Strict, decide)
	}

	// The clean-up goes on when the run was interrupted: what was created must not stay.
	cleaning, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.CleanupTimeout)
	defer cancel()
	_, _, _ = j.Futures[probe.Everything].Wait(cleaning) // a probe that is still sending would create behind our back
	others.wait(cleaning)
	cfg.Progress.Cleaning(run.Pending())
	leftovers := run.CleanUp(cleaning)
	cfg.Progress.Finished()

	r, err := assemble(suite, selection, verdicts, run, cfg)
	if err != nil {
		return nil, err
	}
	r.RunID = strings.Trim(strings.TrimPrefix(run.Facts().Prefix, "conf-"), "-")
	r.StartedAt, r.DurationSeconds = started.UTC(), time.Since(started).Seconds()
	r.Complete = ctx.Err() == nil // asked last: Ginkgo may hear of a signal before the one who cancels ctx does
	r.Accounts = accounts(leftovers)
	for _, e := range run.Recording().All() {
		if cfg.verdictsOnly {
			break
		}
		r.Exchanges = append(r.Exchanges, report.View(e, secrets.RedactString))
	}
	result := &Result{Report: r, Secrets: secrets, Recording: run.Recording(), Leftovers: leftovers}
	return result, errors.Join(verdicts.Broken(), run.Fault())
}

// assemble joins the verdicts to the catalogue.
func assemble(suite *check.Suite, selection *check.Selection, verdicts *check.Verdicts, run *probe.Run, cfg Config) (*report.Report, error) {
	proved, err := Proved()
	if err != nil {
		return nil, err
	}
	r := &report.Report{
		SchemaVersion: report.SchemaVersion,
		Suite: report.Suite{
			Version: cfg.Version, Commit: cfg.Commit, ContractVersion: suite.Contract.Version(), ContractDigest: suite.Contract.Digest(),
			CatalogueDigest: suite.Catalogue().Digest(), Requirements: len(suite.Catalogue().All()),
			Proof: report.Proof{
				Defects: proved.Defects, Killed: proved.Killed, Variants: proved.Variants, Spared: proved.Spared, Proved: proved.Proved,
				Current: proved.Catalogue == suite.Catalogue().Digest(),
			},
		},
		Target: report.Target{
			URL: cfg.Target, Organization: cfg.Organization, Embedded: cfg.embedded, Insecure: cfg.Insecure, TokenKind: tokenKind(run.Recording()),
		},
		Configuration: cfg.described(),
		Warnings:      []string{},
	}
	for _, c := range suite.Checks() {
		result, ok := verdicts.Find(c.Requirement.ID)
		if !ok {
			result = untested(c, selection)
		}
		r.Results = append(r.Results, result)
	}
	r.Results = report.Trace(r.Results, follows(suite.Catalogue()))
	r.Verdict, r.Profiles = report.Conclude(r.Results, cfg.Profiles, cfg.Strict)
	return r, nil
}

// follows tells for each requirement whose failure explains a failure of it.
func follows(catalogue *spec.Catalogue) map[string][]string {
	patterns := map[string][]string{}
	for _, r := range catalogue.All() {
		patterns[r.ID] = r.Follows
	}
	return patterns
}

func untested(c check.Check, selection *check.Selection) report.Result {
	reason, outcome := selection.Untested[c.Requirement.ID], report.NotTested
	if reason == "" {
		reason, outcome = "the run was interrupted before it was judged", report.Inconclusive
	}
	return report.Result{
		ID: c.Requirement.ID, Level: c.Requirement.Level, Profile: c.Requirement.Profile, Section: c.Section,
		Statement: c.Requirement.Statement, Citation: c.Requirement.Citation, Outcome: outcome, Message: reason, Probe: c.Probe,
		Evidence: []string{}, Contested: c.Requirement.Contested, Needs: c.Requirement.Needs,
	}
}

// tokenKind is the kind of the first token that was issued; "" where none was.
func tokenKind(recording *exchange.Recording) string {
	for _, e := range recording.All() {
		if raw := e.AccessToken(); raw != "" {
			return string(token.Inspect(raw).Kind)
		}
	}
	return ""
}

func accounts(l probe.Leftovers) report.Accounts {
	return report.Accounts{
		Created: l.Created, Deleted: l.Deleted, Left: len(l.Remaining), Remaining: l.Remaining, Verified: l.Verified,
	}
}

func runID() string {
	var id [4]byte
	_, _ = rand.Read(id[:]) // never fails: see crypto/rand
	return hex.EncodeToString(id[:])
}

// unmoved is a GinkgoTestingT that takes no notice of failing specs: the verdict of the report decides.
type unmoved struct{}

func (unmoved) Fail() {}
