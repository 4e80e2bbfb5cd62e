package suites

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// okInstead answers 200 in the place of 201 to creates whose body satisfies when.
func okInstead(when func(body string) bool) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if when(string(body)) {
				w = okWriter{w}
			}
			next.ServeHTTP(w, r)
		})
	}
}

type okWriter struct{ http.ResponseWriter }

func (w okWriter) WriteHeader(status int) {
	if status == http.StatusCreated {
		status = http.StatusOK
	}
	w.ResponseWriter.WriteHeader(status)
}

func TestAFailureIsConfirmed(t *testing.T) {
	for name, c := range map[string]struct {
		when    func(body string) bool
		outcome report.Outcome
		message string
		verdict report.Verdict
	}{
		"always":        {func(string) bool { return true }, report.Fail, "expected status 201", report.NonConformant},
		"the first":     {func(b string) bool { return strings.Contains(b, `-minimal"`) }, report.Unstable, "unstable, 1 of 3 failed: ", report.Incomplete},
		"all but twice": {func(b string) bool { return !strings.Contains(b, `-minimal-2"`) }, report.Unstable, "unstable, 2 of 3 failed: ", report.Incomplete},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, server := serve(t, reference.Config{}, okInstead(c.when))
			cfg.Focus = "create.status.created|create.metadata.name"
			r := judged(t, t.Context(), cfg).Report
			nothingLeft(t, server, cfg)
			for _, result := range r.Results {
				if result.ID != "create.status.created" {
					continue
				}
				if result.Outcome != c.outcome || !strings.HasPrefix(result.Message, c.message) {
					t.Errorf("%s: %s", result.Outcome, result.Message)
				}
				if want := map[bool]int{true: 3, false: 1}[c.outcome == report.Unstable]; len(result.Evidence) != want {
					t.Errorf("evidence %v", result.Evidence)
				}
			}
			if r.Verdict != c.verdict {
				t.Errorf("verdict %s", r.Verdict)
			}
		})
	}
}

// A run that is interrupted while it holds conversations again leaves nothing either.
func TestInterruptedWhileAFailureIsConfirmed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cfg, server := serve(t, reference.Config{}, okInstead(func(body string) bool {
		if strings.Contains(body, `-minimal-2"`) {
			cancel()
		}
		return true
	}))
	cfg.Focus = "create.status.created|create.metadata.name|create.ids.distinct|lifecycle"
	r := judged(t, ctx, cfg).Report
	if r.Complete || r.Accounts.Left != 0 || len(outcomes(r, report.Fail)) == 0 {
		t.Errorf("complete: %v, accounts %+v, failed %v", r.Complete, r.Accounts, outcomes(r, report.Fail))
	}
	nothingLeft(t, server, cfg)
}
