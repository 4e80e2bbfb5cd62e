package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
)

// ConversationDigests maps each conversation of a plan to the digest of its requests in a fixed order, since those that go
// at once come in any.
func ConversationDigests(requests []PlannedRequest) map[string]string {
	sorted := slices.Clone(requests)
	for i, r := range sorted {
		if report.IsRaced(r.Probe + "/" + r.Step) {
			sorted[i].Expected = 0 // chance
		}
	}
	slices.SortFunc(sorted, func(a, b PlannedRequest) int {
		return cmp.Or(
			cmp.Compare(a.Probe, b.Probe), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Identity, b.Identity), cmp.Compare(a.BodyBytes, b.BodyBytes), cmp.Compare(a.Expected, b.Expected),
		)
	})
	digests := map[string]string{}
	for len(sorted) > 0 {
		name, end := sorted[0].Probe, 0
		for end < len(sorted) && sorted[end].Probe == name {
			end++
		}
		data, _ := json.Marshal(sorted[:end]) // strings and numbers always marshal
		digests[name] = fmt.Sprintf("sha256:%x", sha256.Sum256(data))
		sorted = sorted[end:]
	}
	return digests
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
