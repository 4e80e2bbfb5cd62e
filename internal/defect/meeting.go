package defect

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// pace is how long a create that meets others takes in a server of a meeting.
const pace = 60 * time.Millisecond

// arrival is a create that was served while others were under way.
type arrival struct {
	view
	*answer
	// order counts the successful creates that are under way, this one included: 1 for one that meets no other.
	order int
	// of is the order among those with the same key.
	of int
	// delete removes the account again.
	delete func()
}

// meeting holds the answers to creates for a moment, so that those that are sent together meet. The key, such as the name
// of the account, puts them into classes; change may alter the answer.
func meeting(key func(v view) string, change func(a arrival)) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		var mu sync.Mutex
		present, classes := 0, map[string]int{}
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
			present++
			classes[class]++
			arrived := arrival{view: v, answer: a, order: present, of: classes[class], delete: func() { removed(known, next, r, v) }}
			mu.Unlock()
			time.Sleep(pace)
			change(arrived)
			mu.Lock()
			present--
			classes[class]--
			mu.Unlock()
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
