package suites

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/raced"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// wanted holds the outcomes of some requirements of a report against those that are wanted.
func wanted(t *testing.T, r *report.Report, want map[string]report.Outcome) {
	t.Helper()
	for _, result := range r.Results {
		if outcome, ok := want[result.ID]; ok && outcome != result.Outcome {
			t.Errorf("%s is %s, want %s: %s", result.ID, result.Outcome, outcome, result.Message)
		}
	}
}

// A target may accept a token that expired less than five minutes ago, or that becomes valid in less.
func TestLeeway(t *testing.T) {
	for name, test := range map[string]struct {
		minutes int
		want    report.Outcome
	}{"within": {2, report.Inconclusive}, "beyond": {10, report.Fail}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			away := time.Duration(test.minutes) * time.Minute
			expired, early := dated("exp", time.Now().Add(-away)), dated("nbf", time.Now().Add(away))
			var operator string
			accepting := func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if presented := r.Header.Get("Authorization"); presented == "Bearer "+expired || presented == "Bearer "+early {
						r.Header.Set("Authorization", "Bearer "+operator)
					}
					next.ServeHTTP(w, r)
				})
			}
			r := judgeReference(t, reference.Config{}, accepting, func(c *engine.Config) {
				operator = c.Token
				c.ExpiredToken, c.NotYetValidToken, c.Once = expired, early, true
				c.Focus = `auth\.expired\.refused|auth\.not-yet-valid\.refused`
			})
			wanted(t, r, map[string]report.Outcome{"auth.expired.refused": test.want, "auth.not-yet-valid.refused": test.want})
		})
	}
}

// dated is a token with one date.
func dated(claim string, at time.Time) string {
	text := base64.RawURLEncoding.EncodeToString
	return text([]byte(`{"alg":"HS256"}`)) + "." + text([]byte(fmt.Sprintf(`{"%s":%d}`, claim, at.Unix()))) + "." + text(make([]byte, 32))
}

// An account without groups, which stands in for a restricted credential that nobody supplied, may be allowed to create.
func TestDefaultRoleMayCreate(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	var operator string
	creating := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/serviceaccounts") && recognizes(next, r) {
				r.Header.Set("Authorization", "Bearer "+operator)
			}
			next.ServeHTTP(w, r)
		})
	}
	r := judgeReference(t, reference.Config{}, creating, func(c *engine.Config) {
		operator, c.RestrictedToken, c.Once = c.Token, "", true
		c.Focus = `authz\.|life\.create`
	})
	wanted(t, r, map[string]report.Outcome{
		"authz.restricted.refused": report.Inconclusive, "authz.restricted.error-body": report.Inconclusive,
		"authz.restricted.error-code": report.Inconclusive, "authz.refused.nothing-created": report.Inconclusive, "life.create.refused": report.Inconclusive,
	})
	if bad := outcomes(r, report.Fail); len(bad) > 0 {
		t.Errorf("%v failed", bad)
	}
}

// recognizes reports whether a server knows the token of a request.
func recognizes(next http.Handler, r *http.Request) bool {
	ask := httptest.NewRequestWithContext(r.Context(), http.MethodGet, "/oauth2/v2/userinfo", nil)
	ask.Header["Authorization"] = r.Header["Authorization"]
	w := httptest.NewRecorder()
	next.ServeHTTP(w, ask)
	return w.Code == http.StatusOK
}

// The credential of the run may see only itself in the list. Then nothing is known of the accounts that others tried to harm.
func TestListOfItself(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	empty := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/serviceaccounts") && recognizes(next, r) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte("[]"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	r := judgeReference(t, reference.Config{}, empty, func(c *engine.Config) {
		*c = hasty(*c)
		c.Focus = `guard\.account|guard\.restricted\.harmless`
	})
	wanted(t, r, map[string]report.Outcome{"guard.account.unharmed": report.Inconclusive, "guard.restricted.harmless": report.Inconclusive})
}

// A gateway may cache what it knows of a token for as long as its operator declares, and no longer.
func TestRevocationWindow(t *testing.T) {
	const cached = time.Second
	for name, test := range map[string]struct {
		window time.Duration
		want   report.Outcome
	}{"shorter": {300 * time.Millisecond, report.Fail}, "longer": {5 * time.Second, report.Pass}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := judgeReference(t, reference.Config{}, caching(cached), func(c *engine.Config) {
				*c = c.Tuned(engine.Tuning{Settle: 50 * time.Millisecond})
				c.RevocationWindow, c.Once = test.window, true
				c.Focus = `life\.rotate\.old-refused`
			})
			wanted(t, r, map[string]report.Outcome{"life.rotate.old-refused": test.want})
			if r.Configuration.RevocationWindowSeconds != test.window.Seconds() {
				t.Errorf("the report says %v s", r.Configuration.RevocationWindowSeconds)
			}
		})
	}
}

// caching lets a token that was good go on listing for a while after it was refused.
func caching(while time.Duration) middleware {
	var mu sync.Mutex
	good := map[string]time.Time{} // when a token was last known to be good
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			presented := r.Header.Get("Authorization")
			now, ok := time.Now(), recognizes(next, r)
			mu.Lock()
			if ok {
				good[presented] = now
			}
			stale := !ok && now.Sub(good[presented]) < while
			mu.Unlock()
			if stale && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/serviceaccounts") {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte("[]"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
