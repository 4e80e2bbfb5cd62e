package certifycmd

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"net/url"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/tsa"
)

// stamper has envelopes timestamped by an authority.
type stamper struct {
	client      *tsa.Client
	authorities []*x509.Certificate
}

// stampError says that an authority did not timestamp.
type stampError struct{ err error }

func (e stampError) Error() string {
	return "the timestamp authority (--tsa): " + brief(report.Printable(e.err.Error()))
}

// newStamper reads the flags; nil without --tsa.
func newStamper(a *app.App, f *CertifyFlags) (*stamper, error) {
	switch {
	case f.TSA == "" && len(f.TSACerts) > 0:
		return nil, app.Wrong("%s: there is no timestamp authority to check; add --tsa URL", a.Source("tsa-cert"))
	case f.TSA == "":
		return nil, nil
	case f.unsigned:
		return nil, app.Wrong("%s: the timestamp is over the signature; leave out %s", a.Source("tsa"), a.Source("unsigned"))
	}
	if u, err := url.Parse(f.TSA); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, app.Wrong("%s: it is not an http or https URL with a host and without a password", a.Source("tsa"))
	}
	authorities, err := timestampAuthorities(a, a.Source("tsa-cert"), f.TSACerts)
	if err != nil {
		return nil, err
	}
	return &stamper{tsa.NewClient(f.TSA), authorities}, nil
}

// try asks for a timestamp of random bytes, so that an authority that cannot be used costs no run.
func (s *stamper) try(ctx context.Context) error {
	if s == nil {
		return nil
	}
	_, err := s.stamp(ctx, []byte(rand.Text()), time.Now())
	switch {
	case ctx.Err() != nil:
		return app.Stopped(ctx)
	case err != nil:
		return app.Wrong("%s", err)
	}
	return nil
}

// stamp returns a token of data, for a run that ended at that time.
func (s *stamper) stamp(ctx context.Context, data []byte, ended time.Time) ([]byte, error) {
	token, err := s.client.Stamp(ctx, data)
	if err == nil {
		err = certificate.CheckTimestamp(token, ended, s.authorities)
	}
	if err != nil {
		return nil, stampError{err}
	}
	return token.DER, nil
}
