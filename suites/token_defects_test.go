package suites

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/reference"
)

type middleware = func(http.Handler) http.Handler

// Every promise of the profile can be found broken, each defect by the requirements that name it and by no other; and the
// liberties of the contract are left alone.
func TestTokenDefects(t *testing.T) {
	for _, test := range []struct {
		name   string
		served reference.Config
		wrap   middleware
		want   []string
	}{
		{"opaque", signs(func(raw string) string { return "opaque" + raw[len(raw)-60:] }), nil, []string{"token.kind.segments"}},
		{"padded", signs(func(raw string) string { return raw + "=" }), nil, []string{"token.segments.alphabet"}},
		{"header not JSON", signs(replaced(0, "e30x")), nil, []string{"token.header.object"}},
		{"alg none", headers("alg", "none"), nil, []string{"token.jws.algorithm"}},
		{"alg unknown", headers("alg", "es512"), nil, []string{"token.jws.algorithm"}},
		{"typ of its own", headers("typ", "acme"), nil, []string{"token.header.type"}},
		{"crit", headers("crit", []string{"exp"}), nil, []string{"token.header.critical"}},
		{"payload null", signs(replaced(1, "bnVsbA")), nil, []string{"token.jws.payload"}},
		{"sub twice", signs(replaced(1, "eyJzdWIiOiJhIiwic3ViIjoiYiJ9")), nil, []string{"token.jws.unique-claims", "token.subject.account"}},
		{"kid twice", signs(replaced(0, "eyJhbGciOiJFUzUxMiIsImtpZCI6ImEiLCJraWQiOiJiIn0")), nil, []string{"token.header.unique-names", "token.key.known"}},
		{"exp as text", claims("exp", "2030-01-01T00:00:00Z"), nil, []string{"token.jws.numeric-dates"}},
		{"signature short", signs(func(raw string) string { return raw[:len(raw)-8] }), nil, []string{"token.jws.signature-length"}},
		{"signature wrong", signs(func(raw string) string {
			at := strings.LastIndexByte(raw, '.') + 5
			return raw[:at] + map[bool]string{true: "B", false: "A"}[raw[at] == 'A'] + raw[at+1:]
		}), nil, []string{"token.signature.verifies"}},
		{"enc unknown", encrypted(headers("enc", "A256")), nil, []string{"token.jwe.algorithms"}},
		{"vector", encrypted(signs(replaced(2, "AAAA"))), nil, []string{"token.jwe.vector"}},
		{"tag", encrypted(signs(replaced(4, "AAAA"))), nil, []string{"token.jwe.tag"}},
		{"key", encrypted(signs(replaced(1, ""))), nil, []string{"token.jwe.key"}},
		{"cty", encrypted(headers("cty", "JSON")), nil, []string{"token.jwe.content-type"}},
		{"zip", encrypted(headers("zip", "GZ")), nil, []string{"token.jwe.compression"}},

		{"exp a minute off", later60("exp", false), nil, []string{"token.expiry.agrees"}},
		{"exp a minute off after rotate", later60("exp", true), nil, []string{"token.expiry.agrees"}},
		{"exp a minute off, JWE", encrypted(later60("exp", true)), nil, []string{"token.expiry.agrees"}},
		{"iat in an hour", claims("iat", time.Now().Add(time.Hour).Unix()), nil, []string{"token.issued-at.past"}},
		{"nbf in an hour", claims("nbf", time.Now().Add(time.Hour).Unix()), nil, []string{"token.not-before.past"}},
		{"for a year", reference.Config{Lifetime: 365 * 24 * time.Hour}, nil, []string{"token.lifetime.default"}},
		{"exp before iat", claims("exp", 1000), nil, []string{"token.expiry.agrees"}},
		{"sub", claims("sub", "somebody"), nil, []string{"token.subject.account"}},
		{"sub, JWE", encrypted(claims("sub", "somebody")), nil, []string{"token.subject.account"}},
		{"iss", claims("iss", "https://elsewhere.example"), nil, []string{"token.issuer.discovered"}},
		{"jti", claims("jti", "one"), nil, []string{"token.id.unique"}},
		{"jti, JWE", encrypted(claims("jti", "one")), nil, []string{"token.id.unique"}},
		{"kid", headers("kid", "another"), nil, []string{"token.key.known"}},

		{"token unknown", reference.Config{}, as("", "GET", "serviceaccounts", notOperator), []string{"life.list.authenticates"}},
		{"list of everything", reference.Config{}, as("operator", "GET", "serviceaccounts", aliveOnly), []string{"life.list.confined"}},
		{"list with the token", reference.Config{}, tokenInList, []string{"life.list.token-absent"}},
		{"userinfo refuses", reference.Config{}, as("", "GET", "userinfo", always), []string{"life.userinfo.authenticates"}},
		{"userinfo of another", reference.Config{}, rewrite("userinfo", `"sub":"`, `"sub":"x`), []string{"life.userinfo.subject"}},
		{"powerless creates", reference.Config{}, as("operator", "POST", "serviceaccounts", aliveOnly), []string{"life.create.refused"}},
		{"no rotation of one's own", reference.Config{}, status(http.StatusForbidden, "POST", "rotate", aliveOnly), []string{"life.rotate.own"}},
		{"old token for 10 s", reference.Config{}, lingering(func(_ int, since time.Duration) bool { return since < 10*time.Second }, "serviceaccounts", "userinfo"), []string{"life.rotate.old-refused", "life.delete.refused"}},
		{"refused, then accepted", reference.Config{}, lingering(func(n int, _ time.Duration) bool { return n == 3 }, "serviceaccounts"), []string{"life.rotate.old-stays-refused", "life.delete.stays-refused"}},
		{"refused, then accepted by rotate", reference.Config{}, lingering(func(int, time.Duration) bool { return true }, "rotate"), []string{"life.delete.everywhere"}},
		{"dead token creates", reference.Config{}, as("operator", "POST", "serviceaccounts", deadOnly), []string{"life.delete.everywhere"}},
		{"dead token at userinfo", reference.Config{}, lingering(func(int, time.Duration) bool { return true }, "userinfo"), []string{"life.rotate.old-refused", "life.delete.everywhere"}},

		{"no openid-configuration", reference.Config{}, status(http.StatusNotFound, "GET", "openid-configuration", always), []string{"discovery.openid.answers"}},
		{"openid-configuration for members only", reference.Config{}, status(http.StatusUnauthorized, "GET", "openid-configuration", always), []string{"discovery.openid.answers"}},
		{"no token_endpoint", reference.Config{}, rewrite("openid-configuration", `"token_endpoint"`, `"token"`), []string{"discovery.openid.members"}},
		{"issuer with a query", reference.Config{}, rewrite("openid-configuration", `"issuer":"`, `"issuer":"http://x?y`), []string{"discovery.openid.members"}},
		{"no JWKS", reference.Config{}, status(http.StatusNotFound, "GET", "jwks", always), []string{"discovery.jwks.answers"}},
		{"short coordinate", reference.Config{}, rewrite("jwks", `"x":"`, `"x":"AA`), []string{"discovery.jwks.valid"}},
		{"private key", reference.Config{}, rewrite("jwks", `"kty"`, `"d":"AAAA","kty"`), []string{"discovery.jwks.public"}},
		{"no resource metadata", reference.Config{}, status(http.StatusNotFound, "GET", "openid-protected-resource", always), []string{"discovery.resource.answers"}},
		{"resource without a host", reference.Config{}, rewrite("openid-protected-resource", `"resource":"http:`, `"resource":"`), []string{"discovery.resource.members"}},
		{"body method", reference.Config{}, rewrite("openid-protected-resource", `["header"]`, `["header","body"]`), []string{"discovery.resource.header-only"}},
		{"another server", reference.Config{}, rewrite("openid-protected-resource", `"authorization_servers":["http`, `"authorization_servers":["https`), []string{"discovery.resource.consistent"}},
		{"userinfo of nobody", reference.Config{}, as("operator", "GET", "userinfo", anonymousOnly), []string{"discovery.userinfo.anonymous"}},

		{"legal: old token for 300 ms", reference.Config{}, lingering(func(_ int, since time.Duration) bool { return since < 300*time.Millisecond }, "serviceaccounts", "userinfo"), nil},
		{"legal: accounts may not list", reference.Config{}, status(http.StatusForbidden, "GET", "serviceaccounts", aliveOnly), nil},
		{"legal: no kid in a token", headers("kid", nil), nil, nil},
		{"legal: a tunnel", claims("iss", "https://identity.example/a"), rewriteBase, nil},
		{"legal: a new token unknown for 100 ms", reference.Config{}, unknownFor(100 * time.Millisecond), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := judgeReference(t, test.served, test.wrap, func(c *Config) {
				tokenProfile(c)
				c.Await = 900 * time.Millisecond
				if !slices.Contains(test.want, "token.id.unique") {
					c.Focus = "^(Structure|What|Life|Discovery)" // spare the probes of other sections
				}
			})
			found := roots(r)
			slices.Sort(found)
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, found); diff != "" {
				t.Errorf("roots (-want +got):\n%s", diff)
				for _, result := range r.Results {
					if result.Outcome != "pass" && result.Outcome != "not-tested" {
						t.Logf("%s %s (%s): %s", result.ID, result.Outcome, result.ConsequenceOf, result.Message)
					}
				}
			}
		})
	}
}

func encrypted(c reference.Config) reference.Config { c.Tokens = reference.JWE; return c }

func signs(f func(string) string) reference.Config {
	return reference.Config{Hooks: reference.Hooks{Sign: f}}
}

func claims(name string, value any) reference.Config {
	return reference.Config{Hooks: reference.Hooks{Claims: func(c map[string]any) { c[name] = value }}}
}

func headers(name string, value any) reference.Config {
	return reference.Config{Hooks: reference.Hooks{Header: func(h map[string]any) {
		if h[name] = value; value == nil {
			delete(h, name)
		}
	}}}
}

func replaced(segment int, text string) func(string) string {
	return func(raw string) string {
		parts := strings.Split(raw, ".")
		parts[segment] = text
		return strings.Join(parts, ".")
	}
}

// later60 puts a date off by a minute, of every token or of those that are not an account's first.
func later60(name string, again bool) reference.Config {
	var mu sync.Mutex
	seen := map[any]bool{}
	return reference.Config{Hooks: reference.Hooks{Claims: func(c map[string]any) {
		mu.Lock()
		defer mu.Unlock()
		if !again || seen[c["sub"]] {
			c[name] = c[name].(int64) + 60
		}
		seen[c["sub"]] = true
	}}}
}

// asked is what a middleware knows of a request.
type asked struct {
	authorization, operator string
	refused                 bool
}

func always(asked) bool { return true }

func notOperator(a asked) bool { return a.authorization != a.operator }

func aliveOnly(a asked) bool { return notOperator(a) && !a.refused }

func deadOnly(a asked) bool {
	return notOperator(a) && a.refused && strings.Count(a.authorization, ".") == 2
}

func anonymousOnly(a asked) bool { return a.authorization == "" }

// intercept serves some requests otherwise. It finds out who sends a request by asking the server itself.
func intercept(method, suffix string, when func(asked) bool, serve func(w http.ResponseWriter, r *http.Request, next http.Handler, operator string)) middleware {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		operator := ""
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			here := r.Header.Get("Authorization")
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			probing := r.Clone(r.Context())
			probing.Method, probing.Body = http.MethodGet, http.NoBody
			probing.URL.Path, probing.URL.RawPath = "/oauth2/v2/userinfo", ""
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, probing)
			a := asked{authorization: here, refused: recorder.Code == http.StatusUnauthorized}
			if !a.refused && !strings.Contains(r.URL.Path, ".well-known") && isOperator(next, r, here) {
				mu.Lock()
				operator = here
				mu.Unlock()
			}
			mu.Lock()
			a.operator = operator
			mu.Unlock()
			if r.Method == method && strings.HasSuffix(r.URL.Path, suffix) && when(a) {
				serve(w, r, next, a.operator)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// isOperator asks whether a credential may update an account that does not exist: 404 for the operator, 403 for others.
func isOperator(next http.Handler, r *http.Request, authorization string) bool {
	parts := strings.Split(r.URL.Path, "/")
	at := slices.Index(parts, "organizations")
	if at < 0 {
		return false
	}
	request := httptest.NewRequest(http.MethodDelete, strings.Join(parts[:at+3], "/")+"/00000000-0000-4000-8000-000000000000", nil)
	request.Header.Set("Authorization", authorization)
	recorder := httptest.NewRecorder()
	next.ServeHTTP(recorder, request)
	return recorder.Code == http.StatusNotFound
}

// as serves some requests with another credential: the operator's, or none.
func as(who, method, suffix string, when func(asked) bool) middleware {
	return intercept(method, suffix, when, func(w http.ResponseWriter, r *http.Request, next http.Handler, operator string) {
		r.Header.Del("Authorization")
		if who == "operator" {
			r.Header.Set("Authorization", operator)
		}
		next.ServeHTTP(w, r)
	})
}

func status(code int, method, suffix string, when func(asked) bool) middleware {
	return intercept(method, suffix, when, func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ string) {
		w.WriteHeader(code)
	})
}

// rewrite changes the body of every good answer of a path.
func rewrite(suffix, old, fresh string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, suffix) {
				next.ServeHTTP(w, r)
				return
			}
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			for name, values := range recorder.Header() {
				if name != "Content-Length" {
					w.Header()[name] = values
				}
			}
			w.WriteHeader(recorder.Code)
			_, _ = io.WriteString(w, strings.Replace(recorder.Body.String(), old, fresh, 1))
		})
	}
}

// rewriteBase makes the documents name another address, as behind a tunnel.
func rewriteBase(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, ".well-known") {
			next.ServeHTTP(w, r)
			return
		}
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, strings.ReplaceAll(recorder.Body.String(), "http://"+r.Host, "https://identity.example/a"))
	})
}

func tokenInList(next http.Handler) http.Handler {
	return intercept(http.MethodGet, "serviceaccounts", aliveOnly, func(w http.ResponseWriter, r *http.Request, next http.Handler, _ string) {
		rewrite("serviceaccounts", `"status":{`, `"status":{"accessToken":"`+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")+`",`)(next).ServeHTTP(w, r)
	})(next)
}

// lingering answers requests with tokens that were good once as though they still were, where accept says so of the number
// of the use, from one, and of the time since the first use after the revocation.
func lingering(accept func(n int, since time.Duration) bool, suffixes ...string) middleware {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		good, uses, died := map[string]bool{}, map[string]int{}, map[string]time.Time{}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			here := r.Header.Get("Authorization")
			mu.Lock()
			defer mu.Unlock()
			if recorder.Code != http.StatusUnauthorized && here != "" {
				good[here] = true
			}
			served := slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(r.URL.Path, s) }) && r.Method != http.MethodPost ||
				slices.Contains(suffixes, "rotate") && strings.HasSuffix(r.URL.Path, "rotate")
			if recorder.Code == http.StatusUnauthorized && good[here] && served {
				uses[here]++
				if died[here].IsZero() {
					died[here] = time.Now()
				}
				if accept(uses[here], time.Since(died[here])) {
					w.Header().Set("Content-Type", "application/json")
					_, _ = io.WriteString(w, "[]")
					return
				}
			}
			for name, values := range recorder.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(recorder.Code)
			_, _ = w.Write(recorder.Body.Bytes())
		})
	}
}

// unknownFor refuses a token for a while from its first use on, as a replica that is behind does.
func unknownFor(d time.Duration) middleware {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		first := map[string]time.Time{}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			here := r.Header.Get("Authorization")
			mu.Lock()
			if first[here].IsZero() {
				first[here] = time.Now()
			}
			young := time.Since(first[here]) < d
			mu.Unlock()
			if young && r.Method == http.MethodGet && here != "" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
