package certifycmd

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/paths"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// demands are the flags by which whoever relies on a certificate says what it has to certify.
type demands struct {
	profiles            []string
	target, set, maxAge string
	challenge, policy   string
	tsaCerts            []string
	witnesses           []string
}

func (d *demands) bind(s *pflag.FlagSet) {
	s.StringSliceVar(&d.profiles, "require-profile", nil, "`PROFILE` that has to be certified (repeatable)")
	s.StringVar(&d.target, "require-target", "", "`URL` that has to be the target")
	s.StringVar(&d.set, "require-set", "", "`SET` of requirements by which it has to be certified")
	s.StringVar(&d.maxAge, "max-age", "", "`DURATION` since the end of the run at most, in days (90d) or hours (36h)")
	s.StringVar(&d.challenge, "challenge", "", "`NONCE` that the certifier gave, which must stand in the name of every account")
	s.StringArrayVar(&d.tsaCerts, "tsa-cert", nil, "PEM `FILE` of a timestamp authority's certificates, of which one has to stand for the timestamp (repeatable)")
	s.StringArrayVar(&d.witnesses, "require-witness", nil, "PEM `FILE` of the public key of a witness, which has to have signed what it saw of the run (repeatable)")
	s.StringVar(&d.policy, "policy", "", "YAML `FILE` with all that is demanded (docs/policy.schema.json); flags demand more on top")
}

// demanded checks the flags and reads the policy, and adds what they demand to how a bundle is verified.
func demanded(a *app.App, d demands, o *certificate.Options) error {
	var r certificate.Required
	for _, name := range d.profiles {
		if !slices.Contains(spec.Profiles(), spec.Profile(name)) {
			return app.Wrong("%s: there is no profile %s; there are: %s", a.Source("require-profile"), app.Shown(name), app.Join(spec.Profiles()))
		}
		r.Profiles = append(r.Profiles, spec.Profile(name))
	}
	if u, err := url.Parse(d.target); d.target != "" && (err != nil || u.Host == "") {
		return app.Wrong("%s: %s is not a URL with a host", a.Source("require-target"), app.Shown(d.target))
	}
	r.Target, r.Set = d.target, d.set
	if d.maxAge != "" {
		var err error
		if r.MaxAge, err = certificate.ParseDuration(d.maxAge); err != nil {
			return app.Wrong("%s: %s is not a duration of one hour to ten years; write 90d or 36h", a.Source("max-age"), app.Shown(d.maxAge))
		}
	}
	if o.Challenge = d.challenge; d.challenge != "" {
		if err := certificate.CheckChallenge(d.challenge); err != nil {
			return app.Wrong("%s: %s", a.Source("challenge"), err)
		}
	}
	var err error
	if r.Authorities, err = timestampAuthorities(a, a.Source("tsa-cert"), d.tsaCerts); err != nil {
		return err
	}
	if r.Witnesses, err = publicKeys(a, a.Source("require-witness"), d.witnesses); err != nil {
		return err
	}
	o.Required = append(o.Required, r)
	if d.policy != "" {
		if err := policy(a, d.policy, o); err != nil {
			return err
		}
	}
	return rooted(*o)
}

// Demand adds what files demand to how a bundle is verified: the public key of a witness, the certificate of a timestamp authority, and a
// policy; "" for none.
func Demand(a *app.App, witness, authority, policy string, o *certificate.Options) error {
	d := demands{policy: policy}
	if witness != "" {
		d.witnesses = []string{witness}
	}
	if authority != "" {
		d.tsaCerts = []string{authority}
	}
	return demanded(a, d, o)
}

// policy reads a policy, and the keys that it names. What it demands comes on top of what flags demand.
func policy(a *app.App, path string, o *certificate.Options) error {
	text, err := a.ReadLimited("policy", path)
	if err != nil {
		return err
	}
	p, err := certificate.ParsePolicy(text)
	if err != nil {
		return app.Wrong("%s: %s", app.Shown(path), report.Printable(err.Error()))
	}
	beside := func(name string) string { return paths.Here().Beside(path, name) }
	all := func(names []string) (files []string) {
		for _, name := range names {
			files = append(files, beside(name))
		}
		return files
	}
	if p.Authorities, err = timestampAuthorities(a, report.Printable(path)+": timestamp.authorities", all(p.AuthorityFiles)); err != nil {
		return err
	}
	if p.Signers, err = publicKeys(a, report.Printable(path)+": keys", all(p.Keys)); err != nil {
		return err
	}
	if p.Witnesses, err = publicKeys(a, report.Printable(path)+": witness.keys", all(p.WitnessFiles)); err != nil {
		return err
	}
	if err := policyIdentity(a, path, p, beside, o); err != nil {
		return err
	}
	if len(o.Keys) == 0 && len(o.Identities) == 0 {
		o.Keys = p.Signers
	}
	if p.Challenge != "" && o.Challenge != "" && p.Challenge != o.Challenge {
		return app.Wrong("%s and %s demand different challenges; give one", app.Shown(path), a.Source("challenge"))
	}
	o.Challenge = cmp.Or(o.Challenge, p.Challenge)
	o.Required = append(o.Required, p.Required)
	return nil
}

// timestampAuthorities reads the certificates of timestamp authorities.
func timestampAuthorities(a *app.App, source string, paths []string) (all []*x509.Certificate, err error) {
	for _, path := range paths {
		text, err := a.ReadPublic(source, path)
		if err != nil {
			return nil, err
		}
		found, err := certificate.ParseAuthorities(text)
		if err != nil {
			return nil, app.Wrong("%s: %s cannot be used: %s", source, app.Shown(path), err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// publicKeys reads the keys in files.
func publicKeys(a *app.App, source string, paths []string) (keys []*certificate.PublicKey, err error) {
	for _, path := range paths {
		key, err := publicKey(a, source, path)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// publicKey reads the key in a file.
func publicKey(a *app.App, source, path string) (*certificate.PublicKey, error) {
	text, err := a.ReadPublic(source, path)
	if err != nil {
		return nil, err
	}
	key, err := certificate.ParsePublicKey(text)
	if err != nil {
		return nil, app.Wrong("%s: %s cannot verify: %s", source, app.Shown(path), err)
	}
	return key, nil
}

// printConnection tells how whoever answered was reached, by somebody's word.
func printConnection(line func(title, text string), more func(string), c *certificate.Connection, word string) {
	if c == nil {
		return
	}
	line("answered from", c.Address+choose(c.Proxy, " (a proxy)", "")+", "+word)
	for _, p := range c.Chain {
		more(p.Subject + ", issued by " + p.Issuer + ", SHA-256 " + p.SHA256)
	}
}

// printWitness tells what a witness saw.
func printWitness(line func(title, text string), more func(string), w *certificate.Witnessed) {
	switch {
	case w == nil:
		return
	case !w.Trusted:
		line("witness", "key id "+w.KeyID+"; it is no witness that you trust (--require-witness), and what it says does not count")
		return
	}
	line("witness", choose(len(w.Problems) == 0, choose(w.Held, "held the run itself, and ", "")+"saw what the recording says", "CONTRADICTS the bundle")+", from "+w.Vantage)
	more("key id " + w.KeyID)
	more(fmt.Sprintf("%d exchanges from %s to %s; %d requests of its own", w.Exchanges, w.Started.Format(time.RFC3339), w.Ended.Format(time.RFC3339), w.Repeats))
	for i := range w.Connections {
		printConnection(line, more, &w.Connections[i], "by the word of the witness")
	}
}
