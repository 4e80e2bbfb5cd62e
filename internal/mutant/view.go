package mutant

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// view is one showing of an account.
type view struct {
	operation operation
	// request is the document that was sent with a create or an update, nil with others.
	request map[string]any
	account map[string]any
}

// onViews changes accounts wherever they are shown: in the responses to create, update and rotate, and in lists.
func onViews(change func(v view)) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v := view{operation: operationOf(r)}
			var sent []byte
			switch v.operation {
			case create, update:
				sent = bodyOf(r)
			case list, rotate:
			default:
				next.ServeHTTP(w, r)
				return
			}
			a := ask(next, r)
			if a.status/100 == 2 {
				_ = json.Unmarshal(sent, &v.request) // nil where nothing was sent
				a.edit(func(document any) any {
					each(document, func(account map[string]any) {
						v.account = account
						change(v)
					})
					return document
				})
			}
			a.send(w)
		})
	}}
}

// perAnswer changes the whole response to creates that succeed.
func perAnswer(change func(v view, a *answer)) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if operationOf(r) != create {
				next.ServeHTTP(w, r)
				return
			}
			v, sent := view{operation: create}, bodyOf(r)
			a := ask(next, r)
			if a.status/100 == 2 && json.Unmarshal(sent, &v.request) == nil && json.Unmarshal(a.body, &v.account) == nil {
				change(v, a)
			}
			a.send(w)
		})
	}}
}

// onCreated is onViews for the responses to create alone.
func onCreated(change func(v view)) *Layer {
	return onViews(func(v view) {
		if v.operation == create {
			change(v)
		}
	})
}

// shown changes one member of accounts wherever they are shown.
func shown(pointer string, change func(old any) any) *Layer {
	return onViews(func(v view) { edited(v.account, pointer, change) })
}

// each calls do for the account of a document, or for every account of a list.
func each(document any, do func(account map[string]any)) {
	switch d := document.(type) {
	case map[string]any:
		do(d)
	case []any:
		for _, item := range d {
			if account, ok := item.(map[string]any); ok {
				do(account)
			}
		}
	}
}

// perServer makes a layer anew for every server, so that what it remembers is that server's own.
func perServer(build func() *Layer) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler { return build().Wrap(known, next) }}
}

// overlaid chooses, when an account is created, members that stand in place of its own wherever it is shown from then
// on: pointers with their values. A token is shown by the create alone.
func overlaid(choose func(v view) map[string]any) *Layer {
	return perServer(func() *Layer {
		var chosen sync.Map // by id
		return onViews(func(v view) {
			id := lookup(v.account, "/metadata/id")
			if v.operation == create {
				chosen.Store(id, choose(v))
			}
			overlay, _ := chosen.Load(id)
			members, _ := overlay.(map[string]any)
			for pointer, value := range members {
				if v.operation == create || pointer != "/status/accessToken" {
					edited(v.account, pointer, always(value))
				}
			}
		})
	})
}
