package suites

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// A server that is right for the suite alone conforms in its eyes, until the run is disguised.
func TestRightForTheSuiteAlone(t *testing.T) {
	for name, recognises := range map[string]func(r *http.Request, body []byte) bool{
		"by the names":       func(_ *http.Request, body []byte) bool { return bytes.Contains(body, []byte(`"name":"conf-`)) },
		"by the User-Agent":  func(r *http.Request, _ []byte) bool { return r.UserAgent() == "sa-conformance" },
		"by Accept-Encoding": func(r *http.Request, _ []byte) bool { return r.Header.Get("Accept-Encoding") == "identity" },
		"by any of its words": func(r *http.Request, body []byte) bool {
			text := strings.ToLower(r.UserAgent() + string(body))
			return strings.Contains(text, "conformance") || strings.Contains(text, "conf-")
		},
	} {
		for _, disguised := range []bool{false, true} {
			cfg, _ := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					body, _ := io.ReadAll(r.Body)
					r.Body = io.NopCloser(bytes.NewReader(body))
					if r.Method == http.MethodPost && !recognises(r, body) {
						w = &accepting{w}
					}
					next.ServeHTTP(w, r)
				})
			})
			cfg.Only, cfg.Disguise, cfg.Once = []string{"create.status.created"}, disguised, true
			want := map[bool]report.Outcome{false: report.Pass, true: report.Fail}[disguised]
			if got := outcomeOf(t, judged(t, t.Context(), cfg), "create.status.created"); got != want {
				t.Errorf("%s, disguised %t: %s", name, disguised, got)
			}
		}
	}
}

// accepting answers 202 in place of 201.
type accepting struct{ http.ResponseWriter }

func (a *accepting) WriteHeader(status int) {
	if status == http.StatusCreated {
		status = http.StatusAccepted
	}
	a.ResponseWriter.WriteHeader(status)
}

func outcomeOf(t *testing.T, result *engine.Result, id string) report.Outcome {
	t.Helper()
	for _, r := range result.Report.Results {
		if r.ID == id {
			return r.Outcome
		}
	}
	t.Fatalf("%s was not judged", id)
	return ""
}
