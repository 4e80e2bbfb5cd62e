package certifycmd

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// keylessFlags say how "conformance certify" signs without a key.
type keylessFlags struct {
	on                         bool
	token, fulcio, rekor, root string
}

func (f *keylessFlags) bind(s *pflag.FlagSet) {
	s.BoolVar(&f.on, "keyless", false, "sign by an identity of OpenID Connect, and no key: the job's on GitHub and GitLab, or that of --identity-token;\n"+
		"identity and statement go to a public log unless --rekor-url names another one")
	s.StringVar(&f.token, "identity-token", "", "`FILE` with an identity token (JWT) for the audience sigstore")
	s.StringVar(&f.fulcio, "fulcio-url", keyless.PublicFulcio, "`URL` of the authority that certifies the identity")
	s.StringVar(&f.rekor, "rekor-url", keyless.PublicRekor, "`URL` of the transparency log")
	s.StringVar(&f.root, "trusted-root", "", "`FILE` of the trusted root of sigstore, by which the signature is verified before the bundle is written")
}

// oneSignature wants one way to sign.
func oneSignature(a *app.App, f *CertifyFlags) error {
	switch {
	case f.keyless.on && f.SigningKey != "":
		return app.Wrong("%s and %s contradict each other; give one of them", a.Source("key"), a.Source("keyless"))
	case f.keyless.on && f.unsigned:
		return app.Wrong("%s and %s contradict each other; give one of them", a.Source("keyless"), a.Source("unsigned"))
	case f.keyless.on:
		return nil
	case f.keyless.token != "":
		return app.Wrong("%s: it goes with --keyless; add that", a.Source("identity-token"))
	case f.keyless.root != "" && a.Source("trusted-root") == "--trusted-root": // the variable may be meant for verify
		return app.Wrong("%s: it goes with --keyless; add that", a.Source("trusted-root"))
	case f.keyless.fulcio != "" && f.keyless.fulcio != keyless.PublicFulcio:
		return app.Wrong("%s: it goes with --keyless; add that", a.Source("fulcio-url"))
	case f.keyless.rekor != "" && f.keyless.rekor != keyless.PublicRekor:
		return app.Wrong("%s: it goes with --keyless; add that", a.Source("rekor-url"))
	case f.SigningKey == "" && !f.unsigned:
		return app.Wrong("a bundle is signed; add --key FILE (conformance keygen makes one), --keyless, or --unsigned")
	case f.SigningKey != "" && f.unsigned:
		return app.Wrong("%s and %s contradict each other; give one of them", a.Source("key"), a.Source("unsigned"))
	}
	return nil
}

// identitySigner signs by the identity of a token.
type identitySigner struct {
	keyless.Signer
	// source names where tokens come from, and token returns one that is valid now.
	source string
	token  func(context.Context) (keyless.Token, error)
	// secrets are what no output may hold: tokens, and what is shown to get one.
	secrets *redact.Registry
	// who is who signed.
	who keyless.Signed
}

// identitySigner reads the flags; nil without --keyless.
func newIdentitySigner(a *app.App, f keylessFlags) (s *identitySigner, err error) {
	if !f.on {
		return nil, nil
	}
	s = &identitySigner{secrets: redact.New()}
	for flag, address := range map[string]string{"fulcio-url": f.fulcio, "rekor-url": f.rekor} {
		if err := keyless.CheckAddress(address); err != nil {
			return nil, app.Wrong("%s: %s", a.Source(flag), err)
		}
	}
	s.Fulcio, s.Rekor, s.Pause = f.fulcio, f.rekor, 2*time.Second
	if f.root != "" {
		if s.Root, err = trustedRoot(a, a.Source("trusted-root"), f.root); err != nil {
			return nil, err
		}
	}
	if f.token != "" {
		return s, tokenInFile(a, s, f.token)
	}
	ambient := keyless.FindAmbient(a.Lookup)
	if ambient == nil {
		return nil, app.Wrong("--keyless: there is no identity here; on GitHub give the job the permission id-token: write, on GitLab id_tokens with %s and the audience %s, or add --identity-token FILE",
			keyless.GitLabToken, keyless.Audience)
	}
	if ambient.Secret() != "" {
		s.secrets.AddOperator("request", ambient.Secret())
	}
	s.source = ambient.Name
	s.token = func(ctx context.Context) (keyless.Token, error) { return ambient.Token(ctx, time.Now()) }
	return s, nil
}

// tokenInFile takes tokens from a file. It is read again when the run is over: whoever keeps it may have renewed it.
func tokenInFile(a *app.App, s *identitySigner, path string) error {
	s.source = a.Source("identity-token")
	text, err := a.ReadPrivate(s.source, path)
	if err != nil {
		return err
	}
	first := true
	s.token = func(context.Context) (keyless.Token, error) {
		if info, err := os.Stat(path); !first && err == nil && info.Mode().IsRegular() {
			if again, err := a.ReadBounded(path, keyless.MaxToken); err == nil {
				text = again
			}
		}
		first = false
		return keyless.ParseToken(string(text), time.Now())
	}
	return nil
}

// signingError says that an identity did not sign.
type signingError struct{ text string }

func (e signingError) Error() string { return e.text }

// fault is an error on one line, without a part of a token.
func (s *identitySigner) fault(err error) signingError {
	return signingError{brief(report.Printable(s.secrets.RedactString(err.Error())))}
}

// fresh returns a token that is valid now.
func (s *identitySigner) fresh(ctx context.Context) (t keyless.Token, err error) {
	err = keyless.Retry(ctx, s.Pause, func() (err error) {
		t, err = s.token(ctx)
		return err
	})
	if err != nil {
		return t, s.fault(fmt.Errorf("the identity token (%s): %w", s.source, err))
	}
	s.secrets.AddOperator("identity", t.Reveal())
	return t, nil
}

// try asks for a token and a certificate, so that an identity that cannot sign costs no run.
func (s *identitySigner) try(ctx context.Context) error {
	if s == nil {
		return nil
	}
	token, err := s.fresh(ctx)
	if err == nil {
		err = s.Try(ctx, token)
	}
	switch {
	case ctx.Err() != nil:
		return app.Stopped(ctx)
	case err != nil:
		return app.Wrong("%s", s.fault(err))
	}
	return nil
}

// sign returns a statement in a bundle of sigstore.
func (s *identitySigner) sign(ctx context.Context, statement []byte, secrets *redact.Registry) (text []byte, err error) {
	token, err := s.fresh(ctx)
	if err != nil {
		return nil, err
	}
	secrets.Add("identity", token.Reveal()) // the whole of it: others may have tokens with the same header
	text, s.who, err = s.Sign(ctx, token, certificate.PayloadType, statement)
	if err != nil {
		return nil, s.fault(err)
	}
	return text, nil
}

// signed tells who signed, for the last line of a run.
func (s *identitySigner) signed() string {
	if s == nil {
		return ""
	}
	return report.Printable(fmt.Sprintf(", signed by %s (issuer %s), entry %d of the log", s.who.Subject, s.who.Issuer, s.who.Log.Index))
}

// seal signs a statement, and names the member that it becomes.
func (t terms) seal(ctx context.Context, statement []byte, secrets *redact.Registry) (m certificate.Member, err error) {
	switch m.Name, m.Data = certificate.StatementFile, statement; {
	case t.identity != nil:
		m.Name = certificate.SigstoreFile
		m.Data, err = t.identity.sign(ctx, statement, secrets)
	case t.signer != nil:
		m.Name = certificate.EnvelopeFile
		m.Data, err = certificate.Seal(ctx, statement, t.signer)
	}
	return m, err
}
