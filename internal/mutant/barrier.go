package mutant

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// A create waits until none has arrived for a pace, and no longer than patience.
const (
	pace     = 60 * time.Millisecond
	patience = 600 * time.Millisecond
)

// arrival is a create that was served while others were under way.
type arrival struct {
	view
	*answer
	// of counts the successful creates of the same key that are under way, this one included: 1 for one that meets none.
	of int
	// delete removes the account again.
	delete func()
}

// barrier holds the responses to creates for a moment, so that those that are sent together meet. The key, such as the name
// of the account, puts them into classes; change may alter the response.
func barrier(key func(v view) string, change func(a arrival)) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		var mu sync.Mutex
		classes, last := map[string]int{}, time.Time{}
		lately := func() bool {
			mu.Lock()
			defer mu.Unlock()
			return time.Since(last) < pace
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if operationOf(r) != create {
				next.ServeHTTP(w, r)
				return
			}
			v, sent := view{operation: create}, bodyOf(r)
			a := ask(next, r)
			if a.status/100 != 2 || json.Unmarshal(sent, &v.request) != nil || json.Unmarshal(a.body, &v.account) != nil {
				a.send(w)
				return
			}
			class := key(v)
			mu.Lock()
			last = time.Now()
			classes[class]++
			arrived := arrival{view: v, answer: a, of: classes[class], delete: func() { removed(known, next, r, v) }}
			mu.Unlock()
			for began := time.Now(); lately() && time.Since(began) < patience; {
				time.Sleep(pace / 6)
			}
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				classes[class]--
			}()
			change(arrived)
			a.send(w)
		})
	}}
}

// removed deletes an account as the operator.
func removed(known reference.Credentials, next http.Handler, r *http.Request, v view) {
	id, _ := lookup(v.account, "/metadata/id").(string)
	deletion := r.Clone(r.Context())
	deletion.Method, deletion.Body, deletion.ContentLength = http.MethodDelete, http.NoBody, 0
	deletion.URL.Path, deletion.URL.RawPath = r.URL.Path+"/"+id, ""
	deletion.Header.Set("Authorization", "Bearer "+known.Token)
	ask(next, deletion)
}
