package suites

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/preflight"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// answeringWith answers every request for which when is true, and leaves the others to the next handler.
func answeringWith(status int, header http.Header, body string, when func(*http.Request) bool) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !when(r) {
				next.ServeHTTP(w, r)
				return
			}
			for name, values := range header {
				w.Header()[name] = values
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
}

func atAll(*http.Request) bool { return true }

// closing closes the connection of every request for which when is true.
func closing(when func(*http.Request) bool) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if when(r) {
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// lists tells the requests for the list of an organization.
func lists(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/serviceaccounts")
}

// A mistake of the operator's stops the run before it creates anything: it is no verdict on the target, every report says
// what the cause is, and a recording judged again says the same.
func TestPreflightStops(t *testing.T) {
	html := http.Header{"Content-Type": {"text/html"}}
	to := func(address string) http.Header { return http.Header{"Location": {address}} }
	for name, test := range map[string]struct {
		wrap   middleware
		prefix string
		mutate func(*engine.Config)
		want   string // a part of what is said
	}{
		"a wrong token":                 {nil, "", func(c *engine.Config) { c.Token = "wrong-token" }, "the token of the run is refused (401)"},
		"an expired token":              {nil, "", func(c *engine.Config) { c.Token = c.ExpiredToken }, "the token of the run expired on 20"},
		"an unknown organization":       {nil, "", func(c *engine.Config) { c.Organization = "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b" }, "check --organization"},
		"an organization answered 404":  {answeringWith(404, nil, "{}", atAll), "", nil, "there is no such organization, or no such path (404)"},
		"the whole path in the target":  {nil, "", func(c *engine.Config) { c.Target += "/api/v1/organizations/" + c.Organization + "/serviceaccounts" }, "holds a path of the API (/api/v1)"},
		"a part of the path":            {nil, "", func(c *engine.Config) { c.Target += "/api/v1" }, "leave it out"},
		"the prefix twice":              {nil, "/identity", func(c *engine.Config) { c.Target += "/identity" }, "the path of --target holds /identity twice"},
		"a wrong prefix":                {nil, "/identity", func(c *engine.Config) { c.Target = strings.TrimSuffix(c.Target, "/identity") }, "the path prefix of --target"},
		"a redirect to https":           {answeringWith(301, to("https://127.0.0.1/"), "", atAll), "", nil, "the target redirects http to https (301)"},
		"a redirect to a portal":        {answeringWith(302, to("http://portal.invalid/?a=b"), "", atAll), "", nil, `redirect (302) to another host, "portal.invalid"`},
		"a redirect to a login":         {answeringWith(302, to("/auth/login"), "", atAll), "", nil, "to a login page"},
		"a login page":                  {answeringWith(200, html, "<!DOCTYPE html><title>Log in</title>", atAll), "", nil, "an HTML page"},
		"a page without a type":         {answeringWith(200, http.Header{"Content-Type": {"application/json"}}, "\n <HTML>", atAll), "", nil, "an HTML page"},
		"a proxy that wants a password": {answeringWith(407, nil, "", atAll), "", nil, "a proxy on the way asks for credentials of its own (407"},
		"a network that wants a login":  {answeringWith(511, html, "", atAll), "", nil, "511 Network Authentication Required"},
		"a gateway without a service":   {answeringWith(502, html, "<html>", atAll), "", nil, "gets no response from the service (502 Bad Gateway)"},
		"a gateway that waits in vain":  {answeringWith(504, nil, "", atAll), "", nil, "gets no response from the service (504 Gateway Timeout)"},
		"a firewall":                    {answeringWith(403, html, "<html>blocked</html>", atAll), "", nil, "403 and an HTML page, as a proxy or a firewall"},
		"advice that is not hidden":     {answeringWith(407, nil, "", atAll), "", nil, "put the proxy's user and password into the URL in HTTPS_PROXY"},
		"a web server":                  {answeringWith(405, html, "<html>", atAll), "", nil, "405 and an HTML page"},
		"a page with another status":    {answeringWith(400, html, "<html>Invalid host header</html>", atAll), "", nil, "400 and an HTML page"},
		"a page of XML":                 {answeringWith(200, nil, `<?xml version="1.0"?><!DOCTYPE html><html>`, atAll), "", nil, "an HTML page"},
		"another server":                {answeringWith(405, nil, "", atAll), "", nil, "what answers there has no list (405)"},
		"a service that is gone":        {answeringWith(410, nil, "{}", atAll), "", nil, "what was there is gone (410)"},
		"a host of another name":        {answeringWith(421, nil, "", atAll), "", nil, "does not serve that name (421)"},
		"a token that is too long":      {answeringWith(431, nil, "", atAll), "", nil, "refuses so long a header (431)"},
		"a network without a service":   {answeringWith(530, nil, "error code: 1016", atAll), "", nil, "gets no response from the service (530"},
		"a firewall without a page":     {answeringWith(403, nil, "Request blocked.", atAll), "", nil, "403 and no JSON, as a proxy or a firewall"},
		"a password before the service": {answeringWith(401, http.Header{"Www-Authenticate": {`Basic realm="staging"`}}, "", atAll), "", nil, `other credentials than a token (401 with the scheme "Basic" alone)`},
		"a redirect to another port":    {answeringWith(301, to("http://127.0.0.1:1/"), "", atAll), "", nil, "to another host, \"127.0.0.1:1\""},
		"a redirect to the home page":   {answeringWith(302, to("/"), "", atAll), "", nil, "a redirect (302) to another page"},
		"a redirect to an authority":    {answeringWith(302, to("/oauth2/start?rd=%2F"), "", atAll), "", nil, "to a login page"},
		"a redirect behind a prefix": {func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/identity"+r.URL.Path, http.StatusPermanentRedirect)
			})
		}, "", nil, `to the same path behind "/identity"`},
		"a host without an address": {nil, "", func(c *engine.Config) { c.Target = "http://host.invalid" }, "check the host name of --target"},
		"TLS where there is none":   {nil, "", func(c *engine.Config) { c.Target = strings.Replace(c.Target, "http:", "https:", 1) }, "write http://"},
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests, creates atomic.Int32
			counted := func(next http.Handler) http.Handler {
				if test.wrap != nil {
					next = test.wrap(next)
				}
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					if r.Method == http.MethodPost {
						creates.Add(1)
					}
					next.ServeHTTP(w, r)
				})
			}
			cfg, server := serve(t, reference.Config{Prefix: test.prefix}, counted)
			if test.mutate != nil {
				test.mutate(&cfg)
			}
			result := judged(t, t.Context(), cfg)
			stops(t, result, test.want)
			if n, m := requests.Load(), creates.Load(); n > 40 || m > 1 { // lists are read again after a 5xx
				t.Errorf("%d requests were sent, %d of them creates", n, m)
			}
			nothingLeft(t, server, cfg)
			var b bytes.Buffer
			if err := result.WriteRecording(&b); err != nil {
				t.Fatal(err)
			}
			second, err := Rejudge(t.Context(), &b, engine.RejudgeConfig{})
			if err != nil {
				t.Fatal(err)
			}
			again := second.Report
			if diff := cmp.Diff(outcomes(result.Report, report.Inconclusive), outcomes(again, report.Inconclusive)); diff != "" || again.Stopped != result.Report.Stopped {
				t.Errorf("judged again: %q\n%s", again.Stopped, diff)
			}
		})
	}
}

// stops wants a result of which nothing was judged, for a reason that every report tells.
func stops(t *testing.T, result *engine.Result, want string) {
	t.Helper()
	r := result.Report
	if r.Verdict != report.Incomplete || !r.Complete || !strings.Contains(r.Stopped, want) {
		t.Errorf("%s: %q, want %q", r.Verdict, r.Stopped, want)
	}
	if told := outcomes(r, report.Pass, report.Fail, report.Unstable); len(told) > 0 {
		t.Errorf("judged: %v", told)
	}
	for _, e := range r.Exchanges {
		if e.Probe != preflight.Probe && e.Probe != probe.Setup && e.Probe != "cleanup" {
			t.Errorf("%s was sent", e.ID)
		}
	}
	report.Decide(r, report.Policy{AcceptIncomplete: true})
	if r.Gate.Status != report.GateFailed {
		t.Error("nothing was judged, and that is accepted")
	}
	written := renderings(t, result)
	validReport(t, written["report.json"])
	for name, text := range written {
		if name == "github" || name == "waivers" || name == "openmetrics" { // the first two list failures, the last has numbers alone
			continue
		}
		plain := strings.NewReplacer("&#34;", `"`, "&#39;", "'", `\"`, `"`, `\u003e`, ">", "&gt;", ">", "&quot;", `"`).Replace(string(text))
		if !strings.Contains(strings.Join(strings.Fields(plain), " "), want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}
}

// What is at fault in the target is judged: a refused list alone proves nothing, and neither do failures that are no
// refusals.
func TestPreflightGoesOn(t *testing.T) {
	for name, wrap := range map[string]middleware{
		"the list answers 401":             answeringWith(401, nil, "{}", lists),
		"the list answers 403":             answeringWith(403, nil, "{}", lists),
		"the list answers 404":             answeringWith(404, nil, "{}", lists),
		"the list is a page":               answeringWith(200, http.Header{"Content-Type": {"text/html"}}, "<html>", lists),
		"the list is led elsewhere":        answeringWith(302, http.Header{"Location": {"https://other.invalid/"}}, "", lists),
		"the list answers 400":             answeringWith(400, nil, "{}", lists),
		"the list answers 405":             answeringWith(405, nil, "", lists),
		"the list is led to a page":        answeringWith(302, http.Header{"Location": {"/home"}}, "", lists),
		"the list answers 407":             answeringWith(407, nil, "", lists),
		"the list answers 502":             answeringWith(502, nil, "", lists),
		"everything answers 500":           answeringWith(500, nil, "", atAll),
		"everything answers 400":           answeringWith(400, nil, "", atAll),
		"everything is led to a slash":     answeringWith(307, http.Header{"Location": {"/serviceaccounts/"}}, "", atAll),
		"the list is refused, creates 422": answeringWith(422, nil, "{}", func(r *http.Request) bool { return r.Method == http.MethodPost }),
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "the list is refused, creates 422" {
				refused := answeringWith(401, nil, "{}", lists)
				inner := wrap
				wrap = func(next http.Handler) http.Handler { return refused(inner(next)) }
			}
			cfg, _ := serve(t, reference.Config{}, wrap)
			cfg = hasty(cfg)
			cfg.CleanupTimeout, cfg.Focus = time.Second, `create\.(status|metadata)|list\.`
			result := judged(t, t.Context(), cfg)
			if r := result.Report; r.Stopped != "" || r.Verdict != report.NonConformant {
				t.Errorf("%s: %q", r.Verdict, r.Stopped)
			}
		})
	}
}

// A list that is dropped proves nothing either, if something else is answered.
func TestPreflightOfADroppedList(t *testing.T) {
	t.Parallel()
	cfg, _ := serve(t, reference.Config{}, closing(lists))
	cfg.CleanupTimeout, cfg.Focus = time.Second, `discovery\.openid`
	if r := judged(t, t.Context(), cfg).Report; r.Stopped != "" || len(outcomes(r, report.Pass)) == 0 {
		t.Errorf("%s: %q", r.Verdict, r.Stopped)
	}
}

// Without a preflight every target is judged, and nothing is sent for one.
func TestNoPreflight(t *testing.T) {
	t.Parallel()
	cfg, _ := serve(t, reference.Config{}, nil)
	cfg.Token, cfg.NoPreflight, cfg.Focus = "wrong-token", true, `create\.status\.created`
	result := judged(t, t.Context(), cfg)
	if r := result.Report; r.Stopped != "" || r.Verdict != report.NonConformant {
		t.Errorf("%s: %q", r.Verdict, r.Stopped)
	}
	if slices.ContainsFunc(result.Recording.All(), func(e *exchange.Exchange) bool { return e.Probe == preflight.Probe }) {
		t.Error("a preflight was recorded")
	}
}

// https that is spoken to as http answers in HTTP, or in TLS, or not at all.
func TestPreflightFindsTLS(t *testing.T) {
	t.Parallel()
	polite := httptest.NewUnstartedServer(http.NotFoundHandler())
	polite.Config.ErrorLog = log.New(io.Discard, "", 0)
	polite.StartTLS()
	t.Cleanup(polite.Close)
	silent := impolite(t, func(net.Conn, *http.Request, <-chan struct{}) bool { return false }, polite.TLS.Certificates...)
	for _, address := range []string{polite.Listener.Addr().String(), strings.TrimPrefix(silent.address, "https://")} {
		cfg := engine.Config{
			Target: "http://" + address, Organization: "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", Token: "a-token", Plain: true,
			Timeout: 5 * time.Second,
		}
		stops(t, judged(t, t.Context(), cfg), "write https:// in --target")
	}
}
