// Package discovery reads the OpenID configuration of a target and its JWKS, and finds the paths below the base URL that they
// name. It judges nothing.
package discovery

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/probe"
)

const (
	configurationPath = "/.well-known/openid-configuration"
	ResourcePath      = "/.well-known/openid-protected-resource"
	// userinfoPath is where userinfo is unless openid-configuration names another place below the base URL.
	userinfoPath = "/oauth2/v2/userinfo"
)

// Endpoints are the paths below the base URL to which openid-configuration leads.
type Endpoints struct{ Jwks, Userinfo string }

// Discover reads openid-configuration, and the JWKS where that names one below the base URL.
func Discover(ctx context.Context, s *probe.Session) Endpoints {
	e := s.Send(ctx, "openid-configuration", Anonymous(configurationPath))
	found := Endpoints{Userinfo: userinfoPath}
	if path, ok := Below(s.Target().BaseURL, e.Text("/issuer"), e.Text("/userinfo_endpoint")); ok {
		found.Userinfo = path
	}
	path, ok := Below(s.Target().BaseURL, e.Text("/issuer"), e.Text("/jwks_uri"))
	if ok {
		found.Jwks = path
		s.Send(ctx, "jwks", Anonymous(path))
	}
	return found
}

func Anonymous(path string) probe.Request {
	return UserinfoRequest(path, probe.Nobody())
}

// UserinfoRequest asks userinfo at a path about a token.
func UserinfoRequest(path string, as probe.Identity) probe.Request {
	return probe.Request{Method: http.MethodGet, Path: path, As: as, Header: http.Header{"Accept": {"application/json"}}}
}

// Below is the path after the base URL of an address that a document names. An address below the issuer is below the base
// URL by the same path, for that is where the documents were found: a target may be reached through a tunnel or a proxy
// of another name. False where the address leads anywhere else; nothing is sent there.
func Below(base, issuer, address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return "", false
	}
	for _, root := range []string{base, issuer} {
		r, err := url.Parse(root)
		if err != nil || r.Host == "" || !strings.EqualFold(r.Scheme, u.Scheme) || Origin(r) != Origin(u) {
			continue
		}
		path, ok := strings.CutPrefix(u.EscapedPath(), strings.TrimRight(r.EscapedPath(), "/"))
		if !ok || !strings.HasPrefix(path, "/") || climbs(path) {
			continue
		}
		if u.RawQuery != "" {
			path += "?" + u.RawQuery
		}
		return path, true
	}
	return "", false
}

// Origin is host and port, the port of the scheme if none is written.
func Origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}

// climbs reports whether a path holds a segment that leads upwards.
func climbs(path string) bool {
	plain, err := url.PathUnescape(path)
	return err != nil || slices.Contains(strings.Split(plain, "/"), "..")
}
