package certifycmd

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/report"
)

// identityFlags say whose signature counts if it was made without a key.
type identityFlags struct {
	identities            []string
	pattern, issuer, root string
}

func (f *identityFlags) bind(s *pflag.FlagSet) {
	s.StringArrayVar(&f.identities, "identity", nil, "`IDENTITY` that is trusted to sign without a key: the whole name in the certificate (repeatable)")
	s.StringVar(&f.pattern, "identity-regexp", "", "`REGEXP` (RE2) that the whole name has to match, in place of --identity")
	s.StringVar(&f.issuer, "issuer", "", "`URL` of the issuer of OpenID Connect that stands for the identity")
	s.StringVar(&f.root, "trusted-root", "", "`FILE` of the trusted root of sigstore (trusted_root.json), by which identities are verified")
}

// identities reads the flags.
func identities(a *app.App, f VerifyFlags, o *certificate.Options) (err error) {
	if f.root != "" {
		if o.Root, err = trustedRoot(a, a.Source("trusted-root"), f.root); err != nil {
			return err
		}
	}
	flag, subjects := "identity", f.identities
	switch {
	case len(subjects) > 0 && f.pattern != "":
		return app.Wrong("%s and %s contradict each other; give one of them", a.Source("identity"), a.Source("identity-regexp"))
	case f.pattern != "":
		flag, subjects = "identity-regexp", []string{""}
	case len(subjects) == 0 && f.issuer != "":
		return app.Wrong("%s: it goes with an identity; add --identity", a.Source("issuer"))
	case len(subjects) == 0:
		return nil
	}
	switch {
	case f.issuer == "":
		return app.Wrong("%s: the same name means somebody else by another issuer; add --issuer URL", a.Source(flag))
	case len(f.Keys) > 0:
		return app.Wrong("%s and %s contradict each other: a certificate has one signature, by a key or by an identity", a.Source(flag), a.Source("key"))
	}
	for _, subject := range subjects {
		identity, err := keyless.NewIdentity(subject, f.pattern, f.issuer)
		if err != nil {
			return app.Wrong("%s: %s", a.Source(flag), err)
		}
		o.Identities = append(o.Identities, identity)
	}
	return nil
}

// trustedRoot reads who is trusted to certify identities.
func trustedRoot(a *app.App, source, path string) (*keyless.Root, error) {
	text, err := a.ReadBounded(path, keyless.MaxRoot)
	if err != nil {
		return nil, app.Wrong("%s: %s cannot be read: %s", source, app.Shown(path), app.Cause(err))
	}
	root, err := keyless.ParseRoot(text)
	if err != nil {
		return nil, app.Wrong("%s: %s cannot be used: %s", source, app.Shown(path), err)
	}
	return root, nil
}

// policyIdentity takes over what a policy says of identities.
func policyIdentity(a *app.App, path string, p certificate.Policy, beside func(string) string, o *certificate.Options) (err error) {
	if p.RootFile != "" {
		if o.Root != nil {
			return app.Wrong("%s and %s name two trusted roots; give one", app.Shown(path), a.Source("trusted-root"))
		}
		if o.Root, err = trustedRoot(a, report.Printable(path)+": trustedRoot", beside(p.RootFile)); err != nil {
			return err
		}
	}
	switch {
	case p.Identity == nil:
	case len(o.Keys) > 0:
		return app.Wrong("%s demands an identity, and %s names a key: a certificate has one signature; leave one out", app.Shown(path), a.Source("key"))
	case len(o.Identities) == 0:
		o.Identities = []keyless.Identity{*p.Identity}
	}
	return nil
}

// rooted wants a trusted root if an identity is expected.
func rooted(o certificate.Options) error {
	if len(o.Identities) > 0 && o.Root == nil {
		return app.Wrong("an identity is verified by a trusted root of sigstore; add --trusted-root FILE (trusted_root.json), or trustedRoot to the policy")
	}
	return nil
}

// checkable wants to know whose signature counts, before a bundle is verified.
func checkable(b *certificate.Bundle, o certificate.Options) error {
	switch {
	case len(o.Keys) > 0 || len(o.Identities) > 0:
	case b.Member(certificate.EnvelopeFile) != nil:
		return app.Wrong("the bundle is signed and there is no key to check that with; add --key FILE, with the public key of who signed it")
	case b.Member(certificate.SigstoreFile) != nil:
		return app.Wrong("the bundle is signed by an identity, and none is expected; add --identity, --issuer and --trusted-root")
	}
	return nil
}

// printIdentity tells who signed without a key.
func printIdentity(more func(string), i *certificate.Identity) {
	if i == nil {
		return
	}
	more("identity " + i.Subject)
	more("issuer " + i.Issuer)
	more(fmt.Sprintf("entry %d of the log %s, of %s", i.Log.Index, i.Log.Log, i.Log.Time.Format(time.RFC3339)))
}
