package engine

import (
	"encoding/json"
	"fmt"
)

// String tells what is configured, and of a secret only that it is there: a configuration may end up in a log.
func (c Config) String() string {
	given := func(secret string) string {
		if secret == "" {
			return "none"
		}
		return "[redacted]"
	}
	source := given(c.Token)
	switch {
	case c.TokenSource != nil:
		source = "[of a source]"
	case c.OAuth != nil:
		source = c.OAuth.String()
	}
	return fmt.Sprintf("target %q, organization %q, other organization %q, groups %q, token %s, restricted token %s, "+
		"expired token %s, not yet valid token %s, client certificates %d, insecure %t, profiles %q, focus %q, label filter %q, only %q",
		c.Target, c.Organization, c.OtherOrganization, c.Groups, source, given(c.RestrictedToken), given(c.ExpiredToken),
		given(c.NotYetValidToken), len(c.Certificates), c.Insecure, c.Profiles, c.Focus, c.LabelFilter, c.Only)
}

// GoString is String, for %#v.
func (c Config) GoString() string { return c.String() }

// MarshalJSON is String as JSON.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }
