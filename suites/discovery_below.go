package suites

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
	resourcePath      = "/.well-known/openid-protected-resource"
	// userinfoPath is where userinfo is unless openid-configuration names another place below the base URL.
	userinfoPath = "/oauth2/v2/userinfo"
)

// places are the paths below the base URL to which openid-configuration leads.
type places struct{ jwks, userinfo string }

// discover reads openid-configuration, and the JWKS where that names one below the base URL.
func discover(ctx context.Context, s *probe.Session) places {
	e := s.Send(ctx, "openid-configuration", anonymous(configurationPath))
	found := places{userinfo: userinfoPath}
	if path, ok := below(s.Target().BaseURL, e.Text("/issuer"), e.Text("/userinfo_endpoint")); ok {
		found.userinfo = path
	}
	path, ok := below(s.Target().BaseURL, e.Text("/issuer"), e.Text("/jwks_uri"))
	if ok {
		found.jwks = path
		s.Send(ctx, "jwks", anonymous(path))
	}
	return found
}

func anonymous(path string) probe.Request {
	return userinfoRequest(path, probe.Nobody())
}

// userinfoRequest asks userinfo at a path about a token.
func userinfoRequest(path string, as probe.Identity) probe.Request {
	return probe.Request{Method: http.MethodGet, Path: path, As: as, Header: http.Header{"Accept": {"application/json"}}}
}

// below is the path after the base URL of an address that a document names. An address below the issuer is below the base
// URL by the same path, for that is where the documents were found: a target may be reached through a tunnel or a proxy
// of another name. False where the address leads anywhere else; nothing is sent there.
func below(base, issuer, address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return "", false
	}
	for _, root := range []string{base, issuer} {
		r, err := url.Parse(root)
		if err != nil || r.Host == "" || !strings.EqualFold(r.Scheme, u.Scheme) || origin(r) != origin(u) {
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

// origin is host and port, the port of the scheme where none is written.
func origin(u *url.URL) string {
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
