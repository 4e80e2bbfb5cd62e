package reference

import (
	"net/http"
	"regexp"
	"strings"
)

// credentials is the b64token of RFC 6750 section 2.1 after its scheme.
var credentials = regexp.MustCompile(`^ +([-A-Za-z0-9._~+/]+=*)$`)

// bearer returns the token of the Authorization header, the only place that is looked at. A refusal names an error
// code only where a bearer token was tried: another scheme counts as no credentials (RFC 6750 section 3.1).
func bearer(h http.Header) (string, error) {
	sent := h.Values("Authorization")
	if len(sent) > 1 {
		return "", badToken("more than one Authorization header was sent")
	}
	if len(sent) == 0 {
		return "", noToken()
	}
	scheme, rest := sent[0], ""
	if i := strings.IndexAny(scheme, " \t"); i >= 0 {
		scheme, rest = scheme[:i], scheme[i:]
	}
	if !strings.EqualFold(scheme, "Bearer") {
		return "", noToken()
	}
	m := credentials.FindStringSubmatch(rest)
	if m == nil || len(m[1]) > maxToken {
		return "", badToken("the bearer token is malformed")
	}
	return m[1], nil
}

func noToken() error {
	return refusal{status: http.StatusUnauthorized, description: "a bearer token is needed"}
}

func badToken(description string) error {
	return refusal{status: http.StatusUnauthorized, description: description, challenge: "invalid_token"}
}

// challenge is the value of WWW-Authenticate: RFC 6750 section 3, and RFC 9728 section 5.1.
func challenge(base, code, description string) string {
	c := `Bearer realm="identity"`
	if code != "" {
		c += `, error="` + code + `", error_description="` + description + `"`
	}
	return c + `, resource_metadata="` + base + resourceMetadataPath + `"`
}
