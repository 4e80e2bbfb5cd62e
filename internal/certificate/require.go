package certificate

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/spec"
)

// Required is what whoever relies on a certificate demands of it; zero values demand nothing.
type Required struct {
	Profiles []spec.Profile
	Target   string
	Set      string
	// Depth is the least depth of the run: standard or deep.
	Depth string
	// MaxAge is how long ago the run may have ended.
	MaxAge time.Duration
	// Signers are the keys of which one has to have signed.
	Signers []*PublicKey
	// Identity is who has to have signed without a key; nil for nobody.
	Identity *keyless.Identity
	// Log demands an entry of a transparency log, of the time at which the run ended.
	Log bool
	// Authorities are those of which one has to have timestamped the envelope.
	Authorities []*x509.Certificate
	// Witnesses are the keys of which one has to have signed what a witness saw of the run. What TLS demands is then taken from
	// that, and not from the signer's word.
	Witnesses []*PublicKey
	// Held demands that the witness held the run itself.
	Held bool
	TLS  RequiredTLS
	// Runs demands the vendor's chain of runs, and of a witness that it has all runs that the witness saw.
	Runs bool
	// Disguise demands that the run looked like an ordinary client.
	Disguise bool
}

// requires lists what is demanded and not there, one line each.
func (v *Verification) requires(all []Required, now time.Time) {
	if v.Claims == nil {
		return // which is not valid anyway
	}
	for _, r := range all {
		for _, line := range v.unmet(r, now) {
			if !slices.Contains(v.Unmet, line) { // two may demand the same
				v.Unmet = append(v.Unmet, line)
			}
		}
	}
}

func (v *Verification) unmet(r Required, now time.Time) (lines []string) {
	c := v.Claims
	unmet := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, profile := range r.Profiles {
		if !slices.Contains(c.Profiles, profile) {
			unmet("the profile %s is required and not certified", profile)
		}
	}
	if r.Target != "" && Canonical(r.Target) != Canonical(c.Target.URL) {
		unmet("the target %s is required, and the certificate is for %s", r.Target, c.Target.URL)
	}
	if r.Set != "" && r.Set != c.Set.Name {
		unmet("the set %s is required, and the certificate is by %s", r.Set, c.Set.Name)
	}
	depth := cmp.Or(c.Depth, certifiedDepths[0])
	if r.Depth != "" && slices.Index(certifiedDepths, depth) < slices.Index(certifiedDepths, r.Depth) {
		unmet("the depth %s is required, and the run was of the depth %s", r.Depth, depth)
	}
	if age := now.Sub(c.ValidFrom); r.MaxAge > 0 && age > r.MaxAge {
		unmet("the run must have ended at most %s ago, and it ended at %s", r.MaxAge, c.ValidFrom.UTC().Format(time.RFC3339))
	}
	if len(r.Signers) > 0 && !v.signedBy(r.Signers) {
		unmet("the signature of one of %d keys is required, and there is none", len(r.Signers))
	}
	lines = append(lines, v.unmetIdentity(r, c.ValidFrom)...)
	lines = append(lines, v.unmetTimestamp(r.Authorities, c.ValidFrom)...)
	if r.Disguise && !v.Disguised {
		unmet("a disguised run is required, and a target could tell this one by its names or header fields")
	}
	if r.Runs {
		lines = append(lines, v.unmetRuns()...)
	}
	if len(r.Witnesses) > 0 {
		return append(lines, v.unmetWitness(r)...)
	}
	return append(lines, r.TLS.unmet(c.Connection, c.Target.URL)...)
}

// signedBy reports whether the signature is valid, and of one of the keys. A valid signature is of the key that it names.
func (v *Verification) signedBy(keys []*PublicKey) bool {
	return v.Signature == Valid && v.KeyID != "" && slices.ContainsFunc(keys, func(k *PublicKey) bool {
		id, err := k.idOf(v.KeyID)
		return err == nil && id != ""
	})
}

// Canonical is a URL in one form: scheme and host in lower case, no default port and no slash at the end.
func Canonical(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	host := strings.TrimSuffix(strings.ToLower(u.Host), map[string]string{"https": ":443", "http": ":80"}[strings.ToLower(u.Scheme)])
	return strings.ToLower(u.Scheme) + "://" + host + strings.TrimRight(u.EscapedPath(), "/")
}
