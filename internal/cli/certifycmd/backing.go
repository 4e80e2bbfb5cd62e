package certifycmd

import (
	"cmp"
	"context"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/runs"
)

// Backers are who and what is to stand behind a run beside the signer's word. They are named before the run; "" for none.
type Backers struct {
	Challenge, Version               string
	Witness, WitnessToken, WitnessCA string
	Runs                             string
}

// Backing is what stands behind a run. A nil one is nothing.
type Backing struct {
	terms   terms
	backers Backers
}

// Begin opens the session with the witness and adds a line to the chain of runs, before anything is sent to the target.
func (b Backers) Begin(ctx context.Context, a *app.App, cfg *engine.Config) (*Backing, error) {
	if b == (Backers{Version: b.Version}) {
		return nil, nil
	}
	f := &CertifyFlags{challenge: b.Challenge, runs: b.Runs}
	f.witness = witnessFlags{address: b.Witness, token: b.WitnessToken, roots: b.WitnessCA}
	backing := &Backing{backers: b}
	t := &backing.terms
	if t.Challenge = b.Challenge; b.Challenge != "" {
		if err := certificate.CheckChallenge(b.Challenge); err != nil {
			return nil, app.Wrong("--challenge: %s", err)
		}
	}
	t.TargetVersion = b.Version
	var err error
	if t.witness, err = newWitnessOf(a, f); err != nil {
		return nil, err
	}
	if b.Runs != "" {
		t.chain = runs.Open(b.Runs, time.Now)
	}
	cfg.Challenge = b.Challenge
	if err := beginRun(a, t, cfg.Target); err != nil {
		return nil, err
	}
	return backing, t.witness.begin(ctx, cfg, t)
}

// End closes the session and the line of the chain. Without a result the witness gets its session back.
func (b *Backing) End(ctx context.Context, result *engine.Result) error {
	if b == nil {
		return nil
	}
	if result == nil || result.Report == nil {
		b.terms.witness.leave(ctx)
		return nil
	}
	err := b.terms.witness.end(ctx, &b.terms)
	if b.terms.chain == nil {
		return err
	}
	chained, fault := b.terms.chain.End(result.Report.RunID, string(result.Report.Verdict))
	if fault != nil {
		return app.Wrong("the chain of runs cannot be written: %s", app.Cause(fault))
	}
	b.terms.chained = chained
	return err
}

// Lines says in words what stands behind the run.
func (b *Backing) Lines() (lines []string) {
	if b == nil {
		return nil
	}
	if b.terms.Challenge != "" {
		lines = append(lines, "the nonce "+b.terms.Challenge+" is in the name of every account")
	}
	if b.terms.witnessed != nil {
		lines = append(lines, "the witness at "+report.Printable(b.backers.Witness)+" signed what it saw")
	}
	if b.terms.chained != nil {
		lines = append(lines, "the run is in the chain of runs "+report.Printable(b.backers.Runs))
	}
	return lines
}

// into puts what stands behind the run into the terms of its bundle.
func (b *Backing) into(t *terms) {
	if b == nil {
		return
	}
	t.Challenge, t.witnessed, t.chained = b.terms.Challenge, b.terms.witnessed, b.terms.chained
	t.TargetVersion = cmp.Or(t.TargetVersion, b.backers.Version)
	if b.terms.Connection != nil { // the suite itself was connected to the witness
		t.Connection = b.terms.Connection
	}
}
