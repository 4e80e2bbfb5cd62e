package suites

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// digestOf works out the digest of the plan of a run while the run cleans up; it is "" where none is wanted, or none could be
// had.
func digestOf(ctx context.Context, suite *check.Suite, cfg Config) <-chan string {
	result := make(chan string, 1)
	go func() {
		defer close(result)
		if cfg.verdictsOnly {
			return
		}
		if plan, err := foresee(context.WithoutCancel(ctx), suite, cfg); err == nil {
			result <- plan.Digest
		}
	}()
	return result
}

// digest is that of the requests in a fixed order, since those that go at once come in any.
func digest(requests []PlannedRequest) string {
	sorted := slices.Clone(requests)
	slices.SortFunc(sorted, func(a, b PlannedRequest) int {
		return cmp.Or(
			cmp.Compare(a.Probe, b.Probe), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Identity, b.Identity), cmp.Compare(a.BodyBytes, b.BodyBytes), cmp.Compare(a.Expected, b.Expected),
		)
	})
	data, _ := json.Marshal(sorted) // strings and numbers always marshal
	return fmt.Sprintf("sha256:%x", sha256.Sum256(data))
}

// alive is how many accounts there are at most at once, in whatever order the conversations come: the sum of the most
// that each of them has at a time.
func alive(exchanges []*exchange.Exchange) (most int) {
	now, peak := map[string]int{}, map[string]int{}
	owner := map[string]string{}
	for _, e := range exchanges {
		switch id := e.AccountID(); {
		case e.Request.Method == http.MethodPost && e.Status() == http.StatusCreated && id != "" && owner[id] == "":
			owner[id] = e.Probe
			now[e.Probe]++
			peak[e.Probe] = max(peak[e.Probe], now[e.Probe])
		case e.Request.Method == http.MethodDelete && e.Success():
			id = e.Request.URL[strings.LastIndexByte(e.Request.URL, '/')+1:]
			if p := owner[id]; p != "" {
				now[p]--
				owner[id] = ""
			}
		}
	}
	for _, n := range peak {
		most += n
	}
	return most
}
