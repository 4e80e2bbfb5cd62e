package certifycmd

import (
	"context"
	"crypto/x509"
	"net/url"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/witness"
)

// witnessFlags name the witness of "conformance certify".
type witnessFlags struct {
	address, token, roots string
	runs                  bool
}

// witnessOf is a witness that a run goes through; nil without one.
type witnessOf struct {
	address, token string
	roots          *x509.CertPool
	session        *witness.Client
	// runs is set if the witness holds the run itself, and testimony what it signed of that.
	runs      bool
	testimony []byte
}

// newWitnessOf reads the flags.
func newWitnessOf(a *app.App, f *CertifyFlags) (*witnessOf, error) {
	w := f.witness
	switch {
	case w.address == "" && (w.token != "" || w.roots != "" || w.runs):
		return nil, app.Wrong("there is no witness; add --witness URL, or leave out what belongs to it")
	case w.address == "":
		return nil, nil
	case f.Cert != "":
		return nil, app.Wrong("%s: the witness opens the connections, and has no certificate of yours; leave it out", a.Source("cert"))
	case f.unsigned:
		return nil, app.Wrong("%s: what a witness signs stands beside the vendor's signature; leave out %s", a.Source("witness"), a.Source("unsigned"))
	case w.token == "":
		return nil, app.Wrong("%s: the witness asks for the token that its operator gave you; add --witness-token-file FILE", a.Source("witness"))
	}
	u, err := url.Parse(w.address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !settings.Loopback(u.Hostname())) {
		return nil, app.Wrong("%s: it is not an https URL with a host and without a password; the credentials of the run go through it", a.Source("witness"))
	}
	found := &witnessOf{address: w.address, runs: w.runs}
	if found.token, err = readWitnessToken(a, "witness-token-file", w.token); err != nil {
		return nil, err
	}
	found.roots, err = settings.Authorities(a, "witness-ca-file", w.roots)
	return found, err
}

// begin opens a session for a run, which then goes through the witness and has its nonce.
func (w *witnessOf) begin(ctx context.Context, cfg *engine.Config, t *terms) error {
	if w == nil {
		return nil
	}
	organizations := []string{cfg.Organization}
	if cfg.OtherOrganization != "" {
		organizations = append(organizations, cfg.OtherOrganization)
	}
	var err error
	w.session, err = witness.Begin(ctx, w.address, w.token, w.roots, witness.Target{URL: cfg.Target, Organizations: organizations, Challenge: t.Challenge, Version: t.TargetVersion, Runs: t.head()})
	switch {
	case ctx.Err() != nil:
		return app.Stopped(ctx)
	case err != nil:
		return app.Wrong("the witness (--witness): %s", brief(report.Printable(err.Error())))
	}
	cfg.Through, cfg.Challenge, t.Challenge = w.session, w.session.Nonce, w.session.Nonce
	return nil
}

// witnessError says that a witness did not sign.
type witnessError struct{ err error }

func (e witnessError) Error() string {
	return "the witness (--witness): " + brief(report.Printable(e.err.Error()))
}

// end closes the session, and takes what the witness signed into the bundle.
func (w *witnessOf) end(ctx context.Context, t *terms) error {
	if w == nil {
		return nil
	}
	text := w.testimony
	if !w.runs {
		session := w.session
		w.session = nil
		var err error
		if text, err = session.End(context.WithoutCancel(ctx)); err != nil {
			return witnessError{err}
		}
	}
	connections, _, err := certificate.Witnesses(text)
	if err != nil {
		return witnessError{err}
	}
	t.witnessed = text
	if len(connections) > 0 { // the suite itself was connected to the witness
		t.Connection = &connections[0]
	}
	return nil
}

// leave gives the session back if nothing came of the run.
func (w *witnessOf) leave(ctx context.Context) {
	if w == nil || w.session == nil {
		return
	}
	_, _ = w.session.End(context.WithoutCancel(ctx)) // otherwise it ends by itself
}

// head is the digest of the line with which the run began in the chain; "" without a chain.
func (t *terms) head() string {
	if t.chain == nil {
		return ""
	}
	return t.chain.Head()
}

// beginRun adds the run to the vendor's chain, before anything is sent.
func beginRun(a *app.App, t *terms, target string) error {
	if t.chain == nil {
		return nil
	}
	if _, err := t.chain.Begin(certificate.Canonical(target), t.witness != nil); err != nil {
		return app.Wrong("%s: the chain of runs cannot be written: %s", a.Source("runs"), app.Cause(err))
	}
	return nil
}
