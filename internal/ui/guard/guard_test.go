package guard_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/ui/guard"
)

const address = "127.0.0.1:4711"

func guarded() (*guard.Guard, http.Handler) {
	g := guard.New(address)
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "page") })
	return g, g.Wrap(page, "/assets/", func(w http.ResponseWriter, _ *http.Request, status int, found, do string) {
		http.Error(w, found+" "+do, status)
	})
}

// try sends a request; change may spoil it.
func try(h http.Handler, method, path string, form url.Values, change func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = address
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://"+address)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	change(r)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestGuard(t *testing.T) {
	g, h := guarded()
	path := g.Path()
	if got := try(h, "HEAD", path, nil, func(*http.Request) {}); got.StatusCode != 401 {
		t.Errorf("a HEAD uses the token: %d", got.StatusCode)
	}
	first := try(h, "GET", path, nil, func(*http.Request) {})
	if first.StatusCode != 303 || len(first.Cookies()) != 1 || first.Header.Get("Location") != "/" {
		t.Fatalf("%d %v", first.StatusCode, first.Header)
	}
	cookie := first.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode {
		t.Errorf("%v", cookie)
	}
	if got := try(h, "GET", path, nil, func(*http.Request) {}); got.StatusCode != 401 || len(got.Cookies()) != 0 {
		t.Errorf("the token works twice: %d", got.StatusCode)
	}
	in := func(r *http.Request) { r.AddCookie(cookie) }
	with := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { in(r); r.Header.Set(name, value) }
	}
	good := url.Values{guard.Field: {g.FormToken()}}
	for _, c := range []struct {
		name, method, path string
		form               url.Values
		change             func(*http.Request)
		want               int
	}{
		{"a page", "GET", "/", nil, in, 200},
		{"the address again", "GET", path, nil, in, 303},
		{"a form", "POST", "/runs", good, in, 200},
		{"by another name of loopback", "GET", "/", nil, func(r *http.Request) { in(r); r.Host = "localhost:4711" }, 200},
		{"style without a cookie", "GET", "/assets/x.css", nil, func(*http.Request) {}, 200},
		{"a page without a cookie", "GET", "/", nil, func(*http.Request) {}, 401},
		{"another cookie", "GET", "/", nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: cookie.Name, Value: "x"}) }, 401},
		{"a wrong token", "GET", "/?token=x", nil, func(*http.Request) {}, 401},
		{"a host of others", "GET", "/", nil, func(r *http.Request) { in(r); r.Host = "evil.example:4711" }, 421},
		{"another port", "GET", "/", nil, func(r *http.Request) { in(r); r.Host = "127.0.0.1:80" }, 421},
		{"style for a host of others", "GET", "/assets/x.css", nil, func(r *http.Request) { r.Host = "evil.example" }, 421},
		{"another origin", "POST", "/runs", good, with("Origin", "http://evil.example"), 403},
		{"a null origin", "POST", "/runs", good, with("Origin", "null"), 403},
		{"https", "POST", "/runs", good, with("Origin", "https://"+address), 403},
		{"no origin", "POST", "/runs", good, func(r *http.Request) { in(r); r.Header.Del("Origin") }, 403},
		{"another site", "POST", "/runs", good, with("Sec-Fetch-Site", "same-site"), 403},
		{"an image of another site", "GET", "/runs/1", nil, with("Sec-Fetch-Site", "cross-site"), 403},
		{"a fetch of another site", "GET", "/", nil, with("Origin", "http://evil.example"), 403},
		{"no form token", "POST", "/runs", nil, in, 403},
		{"a wrong form token", "POST", "/runs", url.Values{guard.Field: {"x"}}, in, 403},
		{"the form token in the address", "POST", "/runs?" + good.Encode(), nil, in, 403},
		{"another method", "PUT", "/runs", nil, in, 405},
		{"a preflight", "OPTIONS", "/runs", nil, with("Origin", "http://evil.example"), 405},
	} {
		got := try(h, c.method, c.path, c.form, c.change)
		if got.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.StatusCode, c.want)
		}
		policy := got.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", c.name, got.Header)
		}
		for name := range got.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s", c.name, name)
			}
		}
	}
}
