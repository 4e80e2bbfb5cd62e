package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Rehearsal is what a run would send, learnt by holding the same conversations with the reference in memory.
type Rehearsal struct {
	// Digest is that of the reports of such a run.
	Digest    string
	Exchanges []*exchange.Exchange
	// Created counts the accounts.
	Created int
	// Organization and OtherOrganization are those of the reference.
	Organization, OtherOrganization string
	// Redact replaces the secrets in a text.
	Redact func(string) string
}

// Rehearse holds the conversations of a run with the reference in memory. Nothing is sent.
func Rehearse(ctx context.Context, suite *check.Suite, cfg Config) (*Rehearsal, error) {
	trial, err := ofReference(cfg)
	if err != nil {
		return nil, err
	}
	trial, stop, err := trial.complete(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	suite = trial.at(suite)
	selection, err := suite.Select(check.Filter{
		Profiles: trial.Profiles, Focus: trial.Focus, LabelFilter: trial.LabelFilter, Only: trial.Only,
		Within: trial.Within, Supplied: trial.supplied(), NotOffered: trial.NotOffered,
	})
	if err != nil {
		return nil, &ConfigError{message: err.Error()}
	}
	secrets := trial.secrets()
	run := probe.New(trial.target(), trial.limits(), runID(), secrets, time.Now)
	first := trial.preflight(selection.Probes)
	first.MaxCreated = cfg.MaxCreated
	if !trial.NoPreflight {
		first.Hold(ctx, run)
	}
	futures := run.RunAll(ctx, selection.Probes, func(string) {})
	if _, _, err := futures[probe.Everything].Wait(ctx); err != nil {
		return nil, fmt.Errorf("planning: %w", err)
	}
	created := run.CleanUp(ctx).Created
	return &Rehearsal{
		Digest: planDigest(suite, selection, trial), Exchanges: run.Recording().All(), Created: created,
		Organization: trial.Organization, OtherOrganization: trial.OtherOrganization, Redact: secrets.RedactString,
	}, run.Fault()
}

// ofReference is the configuration of a run against the reference in memory, to which is supplied what cfg supplies. Without
// a target that is everything.
func ofReference(cfg Config) (Config, error) {
	server, err := reference.New(reference.Config{Signing: reference.ES256}) // nothing of the plan depends on it
	if err != nil {
		return cfg, fmt.Errorf("starting the reference: %w", err)
	}
	const base = "https://target.invalid"
	server.SetBaseURL(base)
	known := server.Credentials()
	trial := Config{
		Target: base, Organization: known.Organization, Token: known.Token, Profiles: cfg.Profiles, Focus: cfg.Focus,
		LabelFilter: cfg.LabelFilter, Only: cfg.Only, Within: cfg.Within, NotOffered: cfg.NotOffered, NoPreflight: cfg.NoPreflight, Concurrency: 1, inMemory: server,
		settle:  embeddedSettling, // the reference has no replicas
		Version: cfg.Version, Commit: cfg.Commit, Depth: cfg.Depth, Budget: cfg.Budget, DeepTime: cfg.DeepTime, Seed: cfg.Seed,
	}
	own := cfg.Target == "" || cfg.embedded
	if own || len(cfg.Groups) > 0 {
		trial.Groups = known.Groups
	}
	if own || cfg.OtherOrganization != "" {
		trial.OtherOrganization = known.OtherOrganization
	}
	if own || cfg.RestrictedToken != "" {
		trial.RestrictedToken = known.RestrictedToken
	}
	if own || cfg.ExpiredToken != "" {
		trial.ExpiredToken = known.ExpiredToken
	}
	if own || cfg.NotYetValidToken != "" {
		trial.NotYetValidToken = known.NotYetValidToken
	}
	return trial, nil
}
