package certifycmd

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/internal/witness"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
)

// holdRun holds a run for a vendor, as a witness does that is asked to. Nothing of it is written: no journal, no report, no log.
func holdRun(ctx context.Context, a *app.App, c witness.Commission, nonce string, through http.RoundTripper) (ran witness.Ran, err error) {
	set, err := settings.ChosenSet(a, c.Set)
	if err != nil {
		return ran, &witness.CommissionError{Reason: "this witness has no requirement set " + app.Shown(c.Set) + "; use the same version of the suite on both sides"}
	}
	cfg := engine.Config{
		Target: c.Target, Organization: c.Organization, OtherOrganization: c.OtherOrganization, Groups: c.Groups,
		Token: c.Token, RestrictedToken: c.RestrictedToken, ExpiredToken: c.ExpiredToken, NotYetValidToken: c.NotYetValidToken,
		Set: set, Depth: check.Depth(c.Depth), Concurrency: c.Concurrency, RPS: c.RPS, Challenge: nonce, Disguise: true, Through: through,
		Plain: true, Journal: engine.NoJournal, Version: a.Build.Version, Commit: a.Build.Commit,
	}
	for _, name := range c.Profiles {
		if !slices.Contains(spec.Profiles(), spec.Profile(name)) {
			return ran, &witness.CommissionError{Reason: "there is no profile " + app.Shown(name)}
		}
		cfg.Profiles = append(cfg.Profiles, spec.Profile(name))
	}
	if !slices.Contains(check.Depths(), cfg.Depth) && c.Depth != "" {
		return ran, &witness.CommissionError{Reason: "there is no depth " + app.Shown(c.Depth)}
	}
	if err := cfg.Guard(); err != nil {
		return ran, &witness.CommissionError{Reason: report.Printable(err.Error())}
	}
	result, err := suites.Judge(ctx, cfg)
	if result == nil {
		return ran, &witness.CommissionError{Reason: "the run could not be held: " + brief(commissionSecrets(c).RedactString(report.Printable(err.Error())))}
	}
	if err != nil {
		return ran, err
	}
	outcome.Door{}.Decide(result.Report)
	var reported, recorded bytes.Buffer
	if err := reportjson.Render(&reported, result.Report, report.Options{}); err != nil {
		return ran, err
	}
	if err := result.WriteRecording(&recorded); err != nil {
		return ran, err
	}
	ran = witness.Ran{Suite: a.Build.Version, Verdict: string(result.Report.Verdict)}
	var label string
	for _, file := range []struct {
		to   *[]byte
		text []byte
	}{{&ran.Report, reported.Bytes()}, {&ran.Recording, recorded.Bytes()}} {
		if *file.to, label = result.Secrets.Filter(file.text); label != "" {
			return ran, app.Broken("what the run left would have held a secret (%s); please report this", label)
		}
	}
	return ran, nil
}

// commissionSecrets are the tokens of a commission.
func commissionSecrets(c witness.Commission) *redact.Registry {
	secrets := redact.New()
	for name, value := range map[string]string{"token": c.Token, "restricted-token": c.RestrictedToken, "expired-token": c.ExpiredToken, "not-yet-valid-token": c.NotYetValidToken} {
		if value != "" {
			secrets.AddOperator(name, value)
		}
	}
	return secrets
}

// runByWitness has the witness hold the run, and takes what came of it into the bundle.
func runByWitness(ctx context.Context, a *app.App, cfg engine.Config, t *terms) (*engine.Result, error) {
	if cfg.Token == "" {
		return nil, app.Wrong("--witness-runs: the witness gets one token for the whole run; give one that lives for an hour with --token-file, and leave out other ways")
	}
	c := witness.Commission{
		Target: cfg.Target, Organization: cfg.Organization, OtherOrganization: cfg.OtherOrganization, Groups: cfg.Groups, Challenge: t.Challenge, Version: t.TargetVersion, Runs: t.head(),
		Set: cfg.Set.Name(), Depth: string(cfg.Depth), Concurrency: cfg.Concurrency, RPS: cfg.RPS,
		Token: cfg.Token, RestrictedToken: cfg.RestrictedToken, ExpiredToken: cfg.ExpiredToken, NotYetValidToken: cfg.NotYetValidToken,
	}
	for _, profile := range cfg.Profiles {
		c.Profiles = append(c.Profiles, string(profile))
	}
	a.PrintErr("conformance: the witness holds the run; this takes as long as a run\n")
	ran, err := witness.HoldRun(ctx, t.witness.address, t.witness.token, t.witness.roots, c)
	switch {
	case ctx.Err() != nil:
		return nil, app.Stopped(ctx)
	case err != nil:
		return nil, &app.Failure{Code: app.ExitUntold, Text: witnessError{err}.Error()}
	}
	r, err := reportjson.Read(bytes.NewReader(ran.Report))
	if err != nil {
		return nil, &app.Failure{Code: app.ExitUntold, Text: "the witness (--witness) sent a report that this version of the suite cannot read; use the same version on both sides"}
	}
	t.reported, t.witness.testimony = ran.Report, ran.Testimony
	if _, t.Challenge, err = certificate.Witnesses(ran.Testimony); err != nil {
		return nil, &app.Failure{Code: app.ExitUntold, Text: witnessError{err}.Error()}
	}
	return engine.Received(r, ran.Recording, commissionSecrets(c)), nil
}
