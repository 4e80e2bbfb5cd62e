// Package guard protects a web interface on loopback: Host and Origin are checked (DNS rebinding, other sites), a one-time token
// is exchanged for a cookie, and each form carries a token against forged requests. It renders no page and knows no run.
package guard

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Field is the name of the form field that carries the token against forged requests.
const Field = "csrf"

// longestForm bounds the body of a request, in bytes.
const longestForm = 1 << 20

// policy lets a page load its own style and script, and nothing else: no inline script, and nothing from outside.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Guard lets one browser in. Its methods are safe for concurrent use.
type Guard struct {
	hosts   []string
	cookie  string
	session string
	form    string

	mu sync.Mutex
	// once is the one-time token of the address; "" once it was used.
	once string
}

// New makes a guard for a server that listens on an address of loopback, such as 127.0.0.1:8080.
func New(address string) *Guard {
	_, port, _ := net.SplitHostPort(address)
	g := &Guard{hosts: []string{address}, cookie: "conformance-" + port, session: rand.Text(), form: rand.Text(), once: rand.Text()}
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		g.hosts = append(g.hosts, net.JoinHostPort(name, port))
	}
	return g
}

// Path is the path and query that lets a browser in, once.
func (g *Guard) Path() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return "/?" + url.Values{"token": {g.once}}.Encode()
}

// FormToken is the value of Field.
func (g *Guard) FormToken() string { return g.form }

// Refuse tells a browser why it is not let in.
type Refuse func(w http.ResponseWriter, r *http.Request, status int, found, do string)

// Wrap lets requests through to next that are from a page of this server, in the browser that was let in. Paths below open are
// for everybody: style and script hold nothing.
func (g *Guard) Wrap(next http.Handler, open string, refuse Refuse) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, longestForm)
		read := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case !slices.Contains(g.hosts, strings.ToLower(r.Host)):
			refuse(w, r, http.StatusMisdirectedRequest, "The request is for another host.", "Open the address that conformance ui printed.")
		case !read && r.Method != http.MethodPost:
			h.Set("Allow", "GET, HEAD, POST")
			refuse(w, r, http.StatusMethodNotAllowed, "This method does nothing here.", "Use the pages.")
		case !sameOrigin(r, read):
			refuse(w, r, http.StatusForbidden, "The request comes from another site.", "Open the address that conformance ui printed.")
		case read && strings.HasPrefix(r.URL.Path, open):
			next.ServeHTTP(w, r)
		case r.Method == http.MethodGet && r.URL.Path == "/" && r.URL.Query().Has("token"):
			g.exchange(w, r, refuse)
		case !g.known(r):
			refuse(w, r, http.StatusUnauthorized, "This browser was not let in.",
				"Open the address that conformance ui printed, in the browser in which it was opened first. If it was used elsewhere, start conformance ui again.")
		case !read && subtle.ConstantTimeCompare([]byte(r.PostFormValue(Field)), []byte(g.form)) != 1:
			refuse(w, r, http.StatusForbidden, "The form is not one of this session.", "Reload the page and send it again.")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// sameOrigin refuses what another site caused. Browsers send Origin with every POST, and Sec-Fetch-Site with every request to
// loopback. A link from elsewhere may lead here by hand ("none"); it is let in by its token alone.
func sameOrigin(r *http.Request, read bool) bool {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if origin != "" && !strings.EqualFold(origin, "http://"+r.Host) {
		return false
	}
	if read {
		return site == "" || site == "same-origin" || site == "none" || r.URL.Path == "/" && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	}
	return origin != "" && (site == "" || site == "same-origin")
}

// exchange takes the one-time token, and sets the cookie.
func (g *Guard) exchange(w http.ResponseWriter, r *http.Request, refuse Refuse) {
	g.mu.Lock()
	given := r.URL.Query().Get("token")
	good := g.once != "" && subtle.ConstantTimeCompare([]byte(given), []byte(g.once)) == 1
	if good {
		g.once = ""
	}
	g.mu.Unlock()
	if !good && !g.known(r) {
		refuse(w, r, http.StatusUnauthorized, "The token of this address was used, or is not one of this server.",
			"Use the browser in which it was opened first, or start conformance ui again.")
		return
	}
	if good {
		http.SetCookie(w, &http.Cookie{Name: g.cookie, Value: g.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	http.Redirect(w, r, "/", http.StatusSeeOther) // so that the token does not stay in the address
}

func (g *Guard) known(r *http.Request) bool {
	c, err := r.Cookie(g.cookie)
	return err == nil && subtle.ConstantTimeCompare([]byte(c.Value), []byte(g.session)) == 1
}
