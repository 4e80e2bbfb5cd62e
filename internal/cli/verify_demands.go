package cli

import (
	"net/url"
	"slices"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/spec"
)

// demands are the flags by which whoever relies on a certificate says what it has to certify.
type demands struct {
	profiles            []string
	target, set, maxAge string
}

func (d *demands) bind(s *pflag.FlagSet) {
	s.StringSliceVar(&d.profiles, "require-profile", nil, "`PROFILE` that has to be certified (repeatable)")
	s.StringVar(&d.target, "require-target", "", "`URL` that has to be the target")
	s.StringVar(&d.set, "require-set", "", "`SET` of requirements by which it has to be certified")
	s.StringVar(&d.maxAge, "max-age", "", "`DURATION` since the end of the run at most, in days (90d) or hours (36h)")
}

// demanded checks the flags.
func (a *app) demanded(d demands) (r certificate.Required, err error) {
	for _, name := range d.profiles {
		if !slices.Contains(spec.Profiles(), spec.Profile(name)) {
			return r, wrong("%s: there is no profile %s; there are: %s", a.source("require-profile"), shown(name), join(spec.Profiles()))
		}
		r.Profiles = append(r.Profiles, spec.Profile(name))
	}
	if u, err := url.Parse(d.target); d.target != "" && (err != nil || u.Host == "") {
		return r, wrong("%s: %s is not a URL with a host", a.source("require-target"), shown(d.target))
	}
	r.Target, r.Set = d.target, d.set
	if d.maxAge != "" {
		if r.MaxAge, err = days(d.maxAge); err != nil {
			return r, wrong("%s: %s is not a duration of one hour to ten years; write 90d or 36h", a.source("max-age"), shown(d.maxAge))
		}
	}
	return r, nil
}

// printConnection tells how whoever answered was reached, by the signer's word.
func printConnection(line func(title, text string), more func(string), c *certificate.Connection) {
	if c == nil {
		return
	}
	line("answered from", c.Address+choose(c.Proxy, " (a proxy)", "")+", by the signer's word")
	for _, p := range c.Chain {
		more(p.Subject + ", issued by " + p.Issuer + ", SHA-256 " + p.SHA256)
	}
}
