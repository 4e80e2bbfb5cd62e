package engine

import (
	"context"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
)

// Evidence is what a scenario recorded, and why it ended early, if it did. Without such a scenario it is empty.
func (r *Result) Evidence(scenario string) *exchange.Evidence {
	future := r.futures()[scenario]
	if future == nil {
		return exchange.NewEvidence(r.held.facts, nil, "the scenario "+scenario+" was not run")
	}
	exchanges, reason, err := future.Wait(context.Background())
	if err != nil {
		reason = err.Error()
	}
	return exchange.NewEvidence(r.held.facts, exchanges, reason)
}

// Judge judges checks by what the run recorded, attempts included. It sends nothing.
func (r *Result) Judge() *check.Judge {
	futures := r.futures()
	return &check.Judge{
		Facts: r.held.facts, Futures: futures, Now: time.Now,
		Again: func(name string, attempt int) *probe.Future { return futures[probe.Attempt(name, attempt)] },
	}
}

func (r *Result) futures() map[string]*probe.Future {
	futures := map[string]*probe.Future{}
	for _, c := range r.held.conversations {
		futures[c.Probe] = probe.Settled(r.Recording.Of(c.Probe), c.Reason)
	}
	futures[probe.Everything] = probe.Settled(slices.DeleteFunc(slices.Clone(r.Recording.All()), func(e *exchange.Exchange) bool { return !r.held.everything[e.ID] }), "")
	return futures
}

// Select lists the checks that a run with this configuration would judge, those of teams included. The error is a
// *ConfigError.
func Select(suite *check.Suite, cfg Config) ([]check.Check, error) {
	suite, err := withOwn(suite, cfg.Own)
	if err != nil {
		return nil, err
	}
	supplied := cfg.supplied()
	if cfg.Reference { // which supplies everything
		supplied = []spec.Need{spec.NeedGroup, spec.NeedOtherOrganization, spec.NeedExpiredToken, spec.NeedNotYetValidToken}
	}
	selection, err := cfg.at(suite).Select(check.Filter{
		Profiles: cfg.Profiles, Focus: cfg.Focus, LabelFilter: cfg.LabelFilter, Only: cfg.Only, Supplied: supplied, NotOffered: cfg.NotOffered,
	})
	if err != nil {
		return nil, &ConfigError{message: err.Error()}
	}
	return selection.Chosen, nil
}
