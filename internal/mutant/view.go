package mutant

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// View is one showing of an account.
type View struct {
	operation Operation
	// request is the document that was sent with a create or an update, nil with others.
	Request map[string]any
	Account map[string]any
}

// OnViews changes accounts wherever they are shown: in the responses to create, update and rotate, and in lists.
func OnViews(change func(v View)) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v := View{operation: OperationOf(r)}
			var sent []byte
			switch v.operation {
			case Create, Update:
				sent = BodyOf(r)
			case List, Rotate:
			default:
				next.ServeHTTP(w, r)
				return
			}
			a := Ask(next, r)
			if a.Status/100 == 2 {
				_ = json.Unmarshal(sent, &v.Request) // nil if nothing was sent
				a.Edit(func(document any) any {
					EachAccount(document, func(account map[string]any) {
						v.Account = account
						change(v)
					})
					return document
				})
			}
			a.Send(w)
		})
	}}
}

// PerResponse changes the whole response to creates that succeed.
func PerResponse(change func(v View, a *Response)) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if OperationOf(r) != Create {
				next.ServeHTTP(w, r)
				return
			}
			v, sent := View{operation: Create}, BodyOf(r)
			a := Ask(next, r)
			if a.Status/100 == 2 && json.Unmarshal(sent, &v.Request) == nil && json.Unmarshal(a.Body, &v.Account) == nil {
				change(v, a)
			}
			a.Send(w)
		})
	}}
}

// OnCreated is onViews for the responses to create alone.
func OnCreated(change func(v View)) *Layer {
	return OnViews(func(v View) {
		if v.operation == Create {
			change(v)
		}
	})
}

// Shown changes one member of accounts wherever they are shown.
func Shown(pointer string, change func(old any) any) *Layer {
	return OnViews(func(v View) { Edited(v.Account, pointer, change) })
}

// EachAccount calls do for the account of a document, or for every account of a list.
func EachAccount(document any, do func(account map[string]any)) {
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

// PerServer makes a layer anew for every server, so that what it remembers is that server's own.
func PerServer(build func() *Layer) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler { return build().Wrap(known, next) }}
}

// Overlaid chooses, when an account is created, members that stand in place of its own wherever it is shown from then
// on: pointers with their values. A token is shown by the create alone.
func Overlaid(choose func(v View) map[string]any) *Layer {
	return PerServer(func() *Layer {
		var chosen sync.Map // by id
		return OnViews(func(v View) {
			id := Lookup(v.Account, "/metadata/id")
			if v.operation == Create {
				chosen.Store(id, choose(v))
			}
			overlay, _ := chosen.Load(id)
			members, _ := overlay.(map[string]any)
			for pointer, value := range members {
				if v.operation == Create || pointer != "/status/accessToken" {
					Edited(v.Account, pointer, Always(value))
				}
			}
		})
	})
}
