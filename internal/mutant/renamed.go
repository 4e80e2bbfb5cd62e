package mutant

import (
	"net/http"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// WithOtherIDs gives accounts ids of another kind, and knows them by these from then on: in paths, in responses and in userinfo.
// What choose returns may be the id of another account; a deletion then removes all that have it.
func WithOtherIDs(choose func(v View, id string) string) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		names := &names{alias: map[string]string{}, own: map[string][]string{}}
		views := OnViews(func(v View) {
			id, _ := Lookup(v.Account, "/metadata/id").(string)
			if v.operation == Create {
				names.add(id, choose(v, id))
			}
			Edited(v.Account, "/metadata/id", Always(names.aliasOf(id)))
		})
		subject := OnMember("/sub", OnText(func(id string) any { return names.aliasOf(id) }), Userinfo)
		inner := Chain(views, subject).Wrap(known, next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, rest, _ := strings.Cut(r.URL.Path, "/serviceaccounts/")
			alias, _, _ := strings.Cut(rest, "/")
			own := names.ownOf(alias)
			for i, id := range own {
				if last := i == len(own)-1; last {
					r = addressed(r, alias, id)
				} else if OperationOf(r) == Remove {
					Ask(next, addressed(r, alias, id))
				}
			}
			inner.ServeHTTP(w, r)
		})
	}}
}

// addressed is a request with another id in its path.
func addressed(r *http.Request, from, to string) *http.Request {
	changed := r.Clone(r.Context())
	before, after, _ := strings.Cut(r.URL.Path, "/serviceaccounts/"+from)
	changed.URL.Path, changed.URL.RawPath = before+"/serviceaccounts/"+to+after, ""
	return changed
}

// names are the ids that a server hands out, and its own ones behind each, oldest first.
type names struct {
	mu    sync.Mutex
	alias map[string]string
	own   map[string][]string
}

func (n *names) add(id, alias string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.alias[id] = alias
	n.own[alias] = append(n.own[alias], id)
}

func (n *names) aliasOf(id string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if alias, ok := n.alias[id]; ok {
		return alias
	}
	return id
}

func (n *names) ownOf(alias string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.own[alias]...)
}
