package certificate

import (
	"errors"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
)

// signer checks who has to have signed without a key.
func (f policyFile) signer(p *Policy) error {
	p.RootFile = f.Root
	switch named := f.Identity != "" || f.Pattern != ""; {
	case !named && f.Issuer != "":
		return errors.New("issuer: it goes with an identity; add identity or identityRegexp")
	case named && len(f.Keys) > 0:
		return errors.New("keys, identity: a certificate has one signature, by a key or by an identity; leave one out")
	case named:
		identity, err := keyless.NewIdentity(f.Identity, f.Pattern, f.Issuer)
		if err != nil {
			return err
		}
		p.Identity = &identity
	}
	if f.Log != nil {
		if p.Log = *f.Log; !p.Log {
			return errors.New("log: it takes true; leave it out if no transparency log is demanded")
		}
	}
	return nil
}
