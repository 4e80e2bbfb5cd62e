package suites

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// dropping closes the connections of a share of the requests: of half of these before the request is served, of the
// others when it is, so that what it did is done and not told.
func dropping(share float64, seed uint64) middleware {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 30))
	roll := func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return random.Float64()
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			drop, served := roll() < share, roll() < 0.5
			if drop && served {
				next.ServeHTTP(httptest.NewRecorder(), r)
			}
			if drop {
				_, _ = io.Copy(io.Discard, r.Body)
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// The whole suite over a line that drops three connections of ten: nothing stays behind, the reports are complete, and
// no promise is said to be broken that is kept. CONFORMANCE_SEEDS tries more seeds than one.
func TestThreeOfTenConnectionsDropped(t *testing.T) {
	raced.Rotate(t)
	if testing.Short() {
		t.Skip("it is a whole run, with many tries")
	}
	seeds := 1
	if text := os.Getenv("CONFORMANCE_SEEDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("CONFORMANCE_SEEDS is %q, not a number", text)
		}
		seeds = n
	}
	for seed := range seeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			cfg, server := serve(t, reference.Config{Tokens: [2]reference.Kind{reference.JWS, reference.JWE}[seed%2]}, dropping(0.3, uint64(seed)))
			result := judged(t, t.Context(), cfg)
			r := result.Report
			if r.Verdict == report.NonConformant || !r.Complete {
				t.Errorf("%s, complete: %v", r.Verdict, r.Complete)
			}
			for _, x := range r.Results {
				if x.Outcome.Broke() {
					t.Errorf("%s %s: %s", x.Outcome, x.ID, x.Message)
				}
			}
			if n := len(outcomes(r, report.Inconclusive)); n > len(r.Results)/10 {
				t.Errorf("%d of %d are inconclusive", n, len(r.Results))
			}
			nothingLeft(t, server, cfg)
			if r.Accounts.Left != 0 || r.Accounts.Created != r.Accounts.Deleted {
				t.Errorf("accounts: %+v", r.Accounts)
			}
			written := renderings(t, result)
			validReport(t, written["report.json"])
			if text := string(written["text"]); !strings.Contains(text, "got through on a fresh one") {
				t.Error("the text does not tell what was dropped")
			}
			t.Logf("%s after %.1f s, %d exchanges, inconclusive: %q", r.Verdict, r.DurationSeconds, len(r.Exchanges), outcomes(r, report.Inconclusive))
		})
	}
}
