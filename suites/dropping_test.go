package suites

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// droppingTogether drops the response to every nth create that is served while another one is, after doing what it asks for.
func droppingTogether(nth int64) middleware {
	return func(next http.Handler) http.Handler {
		var under, met atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/serviceaccounts") {
				next.ServeHTTP(w, r)
				return
			}
			others := under.Add(1) > 1
			defer under.Add(-1)
			time.Sleep(5 * time.Millisecond) // as a database would
			if others && met.Add(1)%nth == 0 {
				next.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// A target that drops responses to creates that meet is found out by the creates that are sent together, although its other
// drops are mended on fresh connections. The network is not blamed.
func TestDroppedResponsesToConcurrentCreates(t *testing.T) {
	for name, nth := range map[string]int64{"every third": 3, "every seventh": 7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, server := serve(t, reference.Config{}, droppingTogether(nth))
			cfg.Concurrency = 16
			result := judged(t, t.Context(), cfg)
			nothingLeft(t, server, cfg)
			if failed := outcomes(result.Report, report.Fail); !slices.Contains(failed, "many.answered.all") {
				t.Errorf("failed: %q", failed)
				for _, x := range result.Report.Results {
					if x.Outcome != report.Pass {
						t.Logf("%s %s %s", x.ID, x.Outcome, x.Message)
					}
				}
				t.Log(result.Report.Warnings)
			}
			for _, warning := range result.Report.Warnings {
				if strings.Contains(warning, "network or a proxy") {
					t.Errorf("the network is blamed: %s", warning)
				}
			}
		})
	}
}
