package suites

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/doctor"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

func serving() reference.Config { return reference.Config{} }

func serveTest(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// examine examines a reference, behind a middleware and by a configuration that mutate may change. It returns what was
// found ill or doubtful, by name.
func examine(t *testing.T, wrap func(http.Handler) http.Handler, mutate func(*engine.Config)) (*doctor.Report, map[string]string) {
	t.Helper()
	server, err := reference.New(serving())
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler = server
	if wrap != nil {
		handler = wrap(server)
	}
	base := serveTest(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("a doctor sends %s", r.Method)
		}
		handler.ServeHTTP(w, r)
	})
	server.SetBaseURL(base)
	known := server.Credentials()
	cfg := engine.Config{
		Target: base, Organization: known.Organization, OtherOrganization: known.OtherOrganization, Groups: known.Groups,
		Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken, NotYetValidToken: known.NotYetValidToken,
	}
	if mutate != nil {
		mutate(&cfg)
	}
	d, err := doctor.Check(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, s := range d.Findings {
		if s.Health != doctor.OK {
			found[s.Name] = string(s.Health) + ": " + s.Found
		}
		if s.Health == doctor.Fail && s.Do == "" {
			t.Errorf("%s: nothing is said to be done", s.Name)
		}
		for _, secret := range []string{cfg.Token, cfg.RestrictedToken, cfg.ExpiredToken, cfg.NotYetValidToken} {
			if secret != "" && strings.Contains(s.Found+s.Do, secret) {
				t.Errorf("%s holds a token", s.Name)
			}
		}
	}
	return d, found
}

// TestExamine looks at targets and credentials of which one thing is wrong. That the server of the test is not https is
// found each time.
func TestExamine(t *testing.T) {
	header := func(name, value string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set(name, value)
				next.ServeHTTP(w, r)
			})
		}
	}
	answer := func(status int, body string, when func(*http.Request) bool) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !when(r) {
					next.ServeHTTP(w, r)
					return
				}
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
			})
		}
	}
	always := func(*http.Request) bool { return true }
	lists := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/serviceaccounts") }
	sent := func(r *http.Request) bool { return lists(r) && r.Header.Get("Authorization") != "" }
	leftover := `[{"metadata":{"id":"1","name":"conf-0123abcd-a"}},{"metadata":{"id":"2","name":"other","description":"conf-0123abcd-"}},{"metadata":{"name":"conference"}}]`
	for name, test := range map[string]struct {
		wrap   func(http.Handler) http.Handler
		mutate func(*engine.Config)
		health doctor.Health
		found  map[string]string // by name, a part of each
	}{
		"all well":        {nil, nil, doctor.Warn, nil},
		"clock slow":      {header("Date", time.Now().Add(-2*time.Hour).UTC().Format(http.TimeFormat)), nil, doctor.Fail, map[string]string{"clock": "differs by -2h"}},
		"clock fast":      {header("Date", time.Now().Add(20*time.Second).UTC().Format(http.TimeFormat)), nil, doctor.Warn, map[string]string{"clock": "differs by"}},
		"open to anybody": {answer(200, "[]", func(r *http.Request) bool { return lists(r) && !sent(r) }), nil, doctor.Fail, map[string]string{"anonymous": "open to anybody"}},
		"wrong token":     {nil, func(c *engine.Config) { c.Token = "wrong-token" }, doctor.Fail, map[string]string{"credentials": "refused (401)", "other organization": "cannot be told"}},
		"may not list":    {answer(403, "{}", sent), nil, doctor.Fail, map[string]string{"credentials": "may not list", "expired token": "403", "not yet valid token": "403"}},
		"no organization": {answer(404, "{}", sent), nil, doctor.Fail, map[string]string{"organization": "no such organization", "restricted token": "404", "expired token": "404", "not yet valid token": "404"}},
		"not the target":  {answer(200, "<html>", sent), nil, doctor.Fail, map[string]string{"credentials": "no JSON array", "other organization": "the target is at fault", "expired token": "accepted", "not yet valid token": "accepted"}},
		"broken":          {answer(500, "", sent), nil, doctor.Fail, map[string]string{"credentials": "500", "other organization": "500", "restricted token": "500", "expired token": "500", "not yet valid token": "500"}},
		"wrong prefix":    {answer(302, "", always), nil, doctor.Fail, map[string]string{"anonymous": "302", "credentials": "302", "other organization": "302", "restricted token": "302", "expired token": "302", "not yet valid token": "302"}},
		"nothing supplied": {nil, func(c *engine.Config) {
			*c = engine.Config{Target: c.Target, Organization: c.Organization, Token: c.Token}
		}, doctor.Warn, map[string]string{"other organization": "none is named", "groups": "none is named", "expired token": "none is given", "not yet valid token": "none is given"}},
		"open organization":     {nil, func(c *engine.Config) { c.OtherOrganization = c.Organization }, doctor.Fail, map[string]string{"other organization": "the target is at fault"}},
		"restricted is expired": {nil, func(c *engine.Config) { c.RestrictedToken = c.ExpiredToken }, doctor.Fail, map[string]string{"restricted token": "refused (401)"}},
		"expired is good":       {nil, func(c *engine.Config) { c.ExpiredToken = c.Token }, doctor.Fail, map[string]string{"expired token": "accepted"}},
		"sees only itself":      {nil, func(c *engine.Config) { c.Token = c.RestrictedToken }, doctor.Warn, map[string]string{"identity": "sees only itself", "other organization": ""}},
		"limits":                {header("RateLimit-Limit", "10"), nil, doctor.Warn, map[string]string{"rate limits": "RateLimit-Limit: 10"}},
		"leftovers":             {answer(200, leftover, sent), func(c *engine.Config) { c.OtherOrganization, c.ExpiredToken, c.NotYetValidToken = "", "", "" }, doctor.Warn, map[string]string{"leftovers": "2 accounts of earlier runs: conf-0123abcd-a, other", "other organization": "", "expired token": "", "not yet valid token": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, found := examine(t, test.wrap, test.mutate)
			if test.found == nil {
				test.found = map[string]string{}
			}
			if name == "sees only itself" {
				delete(test.found, "other organization")
			}
			test.found["tls"] = "not https"
			if d.Health != test.health || !d.Reached || d.Requests == 0 {
				t.Errorf("%s after %d requests", d.Health, d.Requests)
			}
			for symptom, part := range test.found {
				if text, ok := found[symptom]; !ok || !strings.Contains(text, part) {
					t.Errorf("%s: %q, want %q", symptom, text, part)
				}
			}
			for symptom := range found {
				if _, ok := test.found[symptom]; !ok {
					t.Errorf("%s: %s", symptom, found[symptom])
				}
			}
		})
	}
}

// A doctor leaves no mark on any of the targets that the suite is proved with, and does not fail on one.
func TestExamineReadsOnly(t *testing.T) {
	handler, server, err := mutant.Chain(&mutant.Layer{}).Build()
	if err != nil {
		t.Fatal(err)
	}
	base := serveTest(t, handler.ServeHTTP)
	server.SetBaseURL(base)
	known := server.Credentials()
	before := server.Count(known.Organization)
	if _, err := doctor.Check(t.Context(), engine.Config{Target: base, Organization: known.Organization, Token: known.Token}); err != nil {
		t.Error(err)
	}
	if after := server.Count(known.Organization); after != before {
		t.Errorf("%d accounts are %d", before, after)
	}
}

func TestExamineWithoutTarget(t *testing.T) {
	d, err := doctor.Check(t.Context(), engine.Config{Reference: true})
	if err != nil || d.Health != doctor.OK {
		t.Errorf("the reference: %+v, %v", d, err)
	}
	if _, err := doctor.Check(t.Context(), engine.Config{Target: "ftp://host"}); err == nil {
		t.Error("anything is a target")
	}
}

func TestExamineUnreachable(t *testing.T) {
	quiet := httptest.NewUnstartedServer(http.NotFoundHandler())
	quiet.StartTLS()
	t.Cleanup(quiet.Close)
	for target, want := range map[string]string{
		"http://127.0.0.1:1":           "connection",
		quiet.URL:                      "tls",
		"https://host.invalid./prefix": "host",
	} {
		d, err := doctor.Check(t.Context(), engine.Config{Target: target, Organization: "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", Token: "some-token", Timeout: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		last := d.Findings[len(d.Findings)-1]
		if d.Reached || d.Health != doctor.Fail || last.Name != want || last.Health != doctor.Fail {
			t.Errorf("%s: %+v", target, d)
		}
	}
}

// Targets that ask for a certificate get the client's.
func TestMutualTLS(t *testing.T) {
	server, err := reference.New(serving())
	if err != nil {
		t.Fatal(err)
	}
	mutual := httptest.NewUnstartedServer(server)
	mutual.StartTLS()
	pair := mutual.TLS.Certificates[0]
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}))
	mutual.Close()
	mutual = httptest.NewUnstartedServer(server)
	mutual.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAnyClientCert}
	mutual.StartTLS()
	t.Cleanup(mutual.Close)
	server.SetBaseURL(mutual.URL)
	known := server.Credentials()
	cfg := engine.Config{Target: mutual.URL, Organization: known.Organization, Token: known.Token, RootCAs: roots}
	without, err := doctor.Check(t.Context(), cfg)
	if err != nil || without.Reached {
		t.Errorf("reached without a certificate: %+v, %v", without, err)
	}
	cfg.Certificates = []tls.Certificate{pair}
	with, err := doctor.Check(t.Context(), cfg)
	if err != nil || !with.Reached || with.Health == doctor.Fail {
		t.Errorf("%+v, %v", with, err)
	}
}
