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

// Arrival is a create that was served while others were under way.
type Arrival struct {
	View
	*Response
	// of counts the successful creates of the same key that are under way, this one included: 1 for one that meets none.
	Of int
	// delete removes the account again.
	Delete func()
}

// Barrier holds the responses to creates for a moment, so that those that are sent together meet. The key, such as the name
// of the account, puts them into classes; change may alter the response.
func Barrier(key func(v View) string, change func(a Arrival)) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		var mu sync.Mutex
		classes, last := map[string]int{}, time.Time{}
		lately := func() bool {
			mu.Lock()
			defer mu.Unlock()
			return time.Since(last) < pace
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if OperationOf(r) != Create {
				next.ServeHTTP(w, r)
				return
			}
			v, sent := View{operation: Create}, BodyOf(r)
			a := Ask(next, r)
			if a.Status/100 != 2 || json.Unmarshal(sent, &v.Request) != nil || json.Unmarshal(a.Body, &v.Account) != nil {
				a.Send(w)
				return
			}
			class := key(v)
			mu.Lock()
			last = time.Now()
			classes[class]++
			arrived := Arrival{View: v, Response: a, Of: classes[class], Delete: func() { removed(known, next, r, v) }}
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
			a.Send(w)
		})
	}}
}

// removed deletes an account as the operator.
func removed(known reference.Credentials, next http.Handler, r *http.Request, v View) {
	id, _ := Lookup(v.Account, "/metadata/id").(string)
	deletion := r.Clone(r.Context())
	deletion.Method, deletion.Body, deletion.ContentLength = http.MethodDelete, http.NoBody, 0
	deletion.URL.Path, deletion.URL.RawPath = r.URL.Path+"/"+id, ""
	deletion.Header.Set("Authorization", "Bearer "+known.Token)
	Ask(next, deletion)
}
