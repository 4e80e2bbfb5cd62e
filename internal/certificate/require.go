package certificate

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/spec"
)

// Required is what whoever relies on a certificate demands of it; zero values demand nothing.
type Required struct {
	Profiles []spec.Profile
	Target   string
	Set      string
	// MaxAge is how long ago the run may have ended.
	MaxAge time.Duration
}

// requires lists what is demanded and not there, one line each.
func (v *Verification) requires(r Required, now time.Time) {
	c := v.Claims
	if c == nil {
		return // which is not valid anyway
	}
	unmet := func(format string, args ...any) { v.Unmet = append(v.Unmet, fmt.Sprintf(format, args...)) }
	for _, profile := range r.Profiles {
		if !slices.Contains(c.Profiles, profile) {
			unmet("the profile %s is required and not certified", profile)
		}
	}
	if r.Target != "" && canonical(r.Target) != canonical(c.Target.URL) {
		unmet("the target %s is required, and the certificate is for %s", r.Target, c.Target.URL)
	}
	if r.Set != "" && r.Set != c.Set.Name {
		unmet("the set %s is required, and the certificate is by %s", r.Set, c.Set.Name)
	}
	if age := now.Sub(c.ValidFrom); r.MaxAge > 0 && age > r.MaxAge {
		unmet("the run must have ended at most %s ago, and it ended at %s", r.MaxAge, c.ValidFrom.UTC().Format(time.RFC3339))
	}
}

// canonical is a URL in one form: scheme and host in lower case, no default port and no slash at the end.
func canonical(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	host := strings.TrimSuffix(strings.ToLower(u.Host), map[string]string{"https": ":443", "http": ":80"}[strings.ToLower(u.Scheme)])
	return strings.ToLower(u.Scheme) + "://" + host + strings.TrimRight(u.EscapedPath(), "/")
}
