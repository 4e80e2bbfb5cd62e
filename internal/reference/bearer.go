package reference

import (
	"net/http"
	"strings"
)

// isToken68 tells a b64token (RFC 6750 section 2.1).
func isToken68(text string) bool {
	text = strings.TrimRight(text, "=")
	return text != "" && strings.Trim(text, "-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

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
	token := strings.TrimLeft(rest, " ")
	if len(token) > maxToken || token == rest || !isToken68(token) {
		return "", badToken("the bearer token is malformed")
	}
	return token, nil
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
