package suites

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// shortLived stands before a reference and knows its token by other names: each of them is good for a number of
// requests, and the next one is good as soon as it is issued.
type shortLived struct {
	good  string // of the reference
	uses  int
	mu    sync.Mutex
	used  map[string]int
	asked atomic.Int64
}

func (s *shortLived) issue() string {
	token := fmt.Sprintf("short-lived-token-%d", s.asked.Add(1))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[token] = 0
	return token
}

func (s *shortLived) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		values := r.Header["Authorization"]
		for i, value := range values {
			scheme, token, _ := strings.Cut(value, " ")
			s.mu.Lock()
			if n, known := s.used[token]; known && n < s.uses {
				s.used[token]++
				values[i] = scheme + " " + s.good
			}
			s.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

func judgeShortLived(t *testing.T, uses int, configure func(*engine.Config, *shortLived)) (*report.Report, *shortLived) {
	t.Helper()
	s := &shortLived{uses: uses, used: map[string]int{}}
	r := judgeReference(t, serving(), s.guard, func(cfg *engine.Config) {
		s.good, cfg.Token = cfg.Token, ""
		cfg.Profiles, cfg.Concurrency = []spec.Profile{spec.Core}, 2 // many at once could use a token up before one is repeated
		configure(cfg, s)
	})
	return r, s
}

// A run goes on with another token when one expires in its middle, and says so; no finding comes of it.
func TestTokenExpiresInMidRun(t *testing.T) {
	r, s := judgeShortLived(t, 40, func(cfg *engine.Config, s *shortLived) {
		cfg.TokenSource = func(context.Context) (string, error) { return s.issue(), nil }
	})
	if found := roots(r); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	if s.asked.Load() < 3 {
		t.Errorf("asked %d times", s.asked.Load())
	}
	if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "replaced in mid-run") {
		t.Errorf("warnings: %q", r.Warnings)
	}
	text, err := json.Marshal(r)
	if err != nil || strings.Contains(string(text), "short-lived-token") {
		t.Errorf("a token is in the report: %v", err)
	}
}

func TestClientCredentialsInMidRun(t *testing.T) {
	raced.Rotate(t)
	r, s := judgeShortLived(t, 60, func(cfg *engine.Config, s *shortLived) {
		endpoint := serveTest(t, func(w http.ResponseWriter, r *http.Request) {
			if id, secret, _ := r.BasicAuth(); id != "client" || secret != "client-secret" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, s.issue())
		})
		cfg.OAuth = &engine.OAuth{TokenURL: endpoint, ClientID: "client", ClientSecret: "client-secret"}
	})
	if found := roots(r); len(found) > 0 || s.asked.Load() < 2 {
		t.Errorf("asked %d times, found %v", s.asked.Load(), found)
	}
}

// What cannot be had before the run is a fault of the configuration.
func TestNoFirstToken(t *testing.T) {
	base := engine.Config{Target: "http://127.0.0.1:1", Organization: "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", Plain: true, Journal: engine.NoJournal}
	for want, mutate := range map[string]func(*engine.Config){
		"exit status 1": func(c *engine.Config) {
			c.TokenSource = func(context.Context) (string, error) { return "", errors.New("exit status 1") }
		},
		"its source gave none": func(c *engine.Config) { c.TokenSource = func(context.Context) (string, error) { return "", nil } },
		"in several ways":      func(c *engine.Config) { c.Token, c.OAuth = "token", &engine.OAuth{} },
		"the token endpoint did not answer: the connection was refused": func(c *engine.Config) {
			c.OAuth = &engine.OAuth{TokenURL: "http://127.0.0.1:1/token", ClientID: "c", ClientSecret: "s3cr3t"}
		},
	} {
		cfg := base
		mutate(&cfg)
		_, err := Judge(t.Context(), cfg)
		var mistake *engine.ConfigError
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// However a configuration is printed, its secrets are not.
func TestPrintedConfiguration(t *testing.T) {
	cfg := engine.Config{
		Target: "https://host", Token: "s3cr3t-1", RestrictedToken: "s3cr3t-2", ExpiredToken: "s3cr3t-3", NotYetValidToken: "s3cr3t-4",
	}
	other := engine.Config{OAuth: &engine.OAuth{ClientID: "client", TokenURL: "https://issuer", ClientSecret: "s3cr3t-5"}}
	encoded, err := json.Marshal([]any{cfg, &cfg, other, other.OAuth})
	if err != nil {
		t.Fatal(err)
	}
	text := string(encoded) + fmt.Sprintf("%v %+v %#v %s %q %v %+v %#v %+v", cfg, cfg, cfg, cfg, cfg, other, other, other, *other.OAuth)
	if strings.Contains(text, "s3cr3t") || !strings.Contains(text, "https://issuer") || !strings.Contains(text, "[redacted]") {
		t.Error(text)
	}
}

// What a target does not offer is not tested, and says why; a MUST among it is not passed.
func TestNotOffered(t *testing.T) {
	raced.Rotate(t)
	r := judgeReference(t, serving(), nil, func(cfg *engine.Config) {
		cfg.Profiles = []spec.Profile{spec.Core}
		cfg.NotOffered = []engine.NotOffered{{Pattern: "auth.expired.*", Reason: "tokens never end"}}
	})
	if r.Verdict != report.Incomplete {
		t.Errorf("the target is %s", r.Verdict)
	}
	for _, result := range r.Results {
		if result.ID == "auth.expired.refused" && (result.Outcome != report.NotTested || result.Message != "not offered by the target: tokens never end") {
			t.Errorf("%s: %s", result.Outcome, result.Message)
		}
	}
	for want, list := range map[string][]engine.NotOffered{
		"no requirement matches": {{Pattern: "auth.expird.*", Reason: "x"}},
		"is not a pattern":       {{Pattern: "auth[", Reason: "x"}},
		"has no reason":          {{Pattern: "auth.*"}},
	} {
		_, err := Judge(t.Context(), engine.Config{
			Target: "http://127.0.0.1:1", Organization: "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", Token: "t", NotOffered: list, Plain: true, Journal: engine.NoJournal,
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
