package suites

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// slowLists holds every list after the first create until a client gives up, as that of a run does whose time is over. Then
// all are answered.
func slowLists(next http.Handler) http.Handler {
	var created atomic.Bool
	over := make(chan struct{})
	end := sync.OnceFunc(func() { close(over) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			created.Store(true)
		}
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/serviceaccounts") && created.Load() {
			select {
			case <-r.Context().Done():
				end()
			case <-over:
			}
		}
		next.ServeHTTP(w, r)
	})
}

// A run whose time is over sends nothing more, deletes what it made, and says of what lacks evidence why.
func TestTimeIsOver(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*engine.Config)
		reason string
		limit  bool
	}{
		"time":     {func(c *engine.Config) { c.MaxTime = time.Second }, "the limit of 1s for the run (--max-time) was reached", true},
		"deadline": {func(c *engine.Config) { c.Deadline = time.Now().Add(5*time.Second + 2*time.Second) }, "the time until the deadline of the test", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, server := serve(t, reference.Config{}, slowLists)
			cfg.Timeout, cfg.Once, cfg.CleanupTimeout = time.Minute, true, 4*time.Second
			cfg.Focus = `^(Creating|List)`
			test.change(&cfg)
			r := judged(t, t.Context(), cfg).Report
			if r.Complete || r.Verdict != report.Incomplete || r.Accounts.Created == 0 || r.Accounts.Left != 0 {
				t.Errorf("complete %t, %s, accounts %+v", r.Complete, r.Verdict, r.Accounts)
			}
			if !slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasPrefix(w, test.reason) }) {
				t.Errorf("no warning says it: %q", r.Warnings)
			}
			if limited := slices.Contains(r.LimitsHit, test.reason); limited != test.limit {
				t.Errorf("limits hit: %q", r.LimitsHit)
			}
			told := 0
			for _, result := range r.Results {
				if result.Outcome == report.Inconclusive && strings.Contains(result.Message, test.reason) {
					told++
				}
			}
			if told == 0 {
				t.Error("no inconclusive result has the reason")
			}
			if !cfg.Deadline.IsZero() && time.Now().After(cfg.Deadline) {
				t.Error("it is over after the deadline")
			}
			nothingLeft(t, server, cfg)
		})
	}
}

// With too little time until the deadline nothing is sent.
func TestTooLittleTime(t *testing.T) {
	var requests atomic.Int64
	cfg, _ := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			next.ServeHTTP(w, r)
		})
	})
	for name, deadline := range map[string]time.Time{"soon": time.Now().Add(5*time.Second - time.Second), "over": time.Now().Add(-time.Hour)} {
		cfg.Deadline = deadline
		_, err := Judge(t.Context(), cfg)
		var mistake *engine.ConfigError
		if !errors.As(err, &mistake) || requests.Load() > 0 || !strings.Contains(err.Error(), "nothing was sent; give it more time (go test -timeout)") {
			t.Errorf("%s: error %v after %d requests", name, err, requests.Load())
		}
	}
}
