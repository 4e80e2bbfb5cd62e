package generate

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// storeSites keep something else than what was asked for and answered, or do it to somebody else too.
func storeSites() []site {
	var all []site
	add := func(where, what string, layer func(w *when, changed func()) *mutant.Layer) {
		all = append(all, site{family: "store", where: where, what: what, make: layer})
	}
	for _, op := range []mutant.Operation{mutant.Create, mutant.Update} {
		for _, lost := range losses() {
			add(string(op)+" stores "+lost.pointer, lost.what+", and answers as asked", storing(op, lost.pointer, lost.to, true))
			add(string(op)+" stores "+lost.pointer, lost.what, storing(op, lost.pointer, lost.to, false))
		}
	}
	add("update", "answered and not done", notDone(mutant.Update))
	add("delete", "answered and not done", notDone(mutant.Remove))
	add("update refused", "done all the same", func(w *when, changed func()) *mutant.Layer { return doneAllTheSame(w, changed, false) })
	add("update refused", "takes tags and groups away", func(w *when, changed func()) *mutant.Layer { return doneAllTheSame(w, changed, true) })
	add("create", "makes a second account", afterwards(mutant.Create, func(s served) bool {
		return s.forward(http.MethodPost, mutant.CollectionOf(s.r), s.document).Status/100 == 2
	}))
	add("delete", "deletes another account too", afterwards(mutant.Remove, func(s served) bool {
		return s.other != "" && s.forward(http.MethodDelete, s.otherPath(), nil).Status/100 == 2
	}))
	add("rotate", "ends the token of another account too", afterwards(mutant.Rotate, func(s served) bool {
		return s.other != "" && s.forward(http.MethodPost, s.otherPath()+"/rotate", nil).Status/100 == 2
	}))
	add("update", "changes another account too", afterwards(mutant.Update, func(s served) bool {
		return s.other != "" && s.forward(http.MethodPut, s.otherPath(), s.document).Status/100 == 2
	}))
	add("create", "changes another account", afterwards(mutant.Create, func(s served) bool {
		return s.other != "" && s.forward(http.MethodPut, s.otherPath(), s.document).Status/100 == 2
	}))
	add("update", "ends the token", afterwards(mutant.Update, func(s served) bool {
		return s.forward(http.MethodPost, s.r.URL.Path+"/rotate", nil).Status/100 == 2
	}))
	add("rotate", "forgets description, tags and groups", afterwards(mutant.Rotate, func(s served) bool {
		return s.forward(http.MethodPut, strings.TrimSuffix(s.r.URL.Path, "/rotate"), map[string]any{
			"metadata": map[string]any{"name": mutant.Lookup(s.before, "/metadata/name")}, "spec": map[string]any{"groupIDs": []any{}},
		}).Status/100 == 2 && (mutant.Lookup(s.before, "/metadata/description") != nil || mutant.Lookup(s.before, "/metadata/tags") != nil)
	}))
	add("delete", "brought back half a second later", afterwards(mutant.Remove, func(s served) bool {
		if s.before == nil {
			return false
		}
		document := map[string]any{
			"metadata": map[string]any{"name": mutant.Lookup(s.before, "/metadata/name")}, "spec": map[string]any{"groupIDs": []any{}},
		}
		time.AfterFunc(500*time.Millisecond, func() { s.forward(http.MethodPost, mutant.CollectionOf(s.r), document) })
		return true
	}))
	return all
}

// loss is a member of a request that is kept otherwise.
type loss struct {
	pointer, what string
	to            func(any) any
}

func losses() []loss {
	return []loss{
		{"/metadata/name", "in lower case", mutant.OnText(func(s string) any { return strings.ToLower(s) })},
		{"/metadata/name", "cut after 40 characters", mutant.OnText(func(s string) any { return strings.TrimRight(s[:min(len(s), 40)], "-_.") })},
		{"/metadata/name", "with dots as dashes", mutant.OnText(func(s string) any { return strings.ReplaceAll(s, ".", "-") })},
		{"/metadata/description", "dropped", func(any) any { return mutant.Gone() }},
		{"/metadata/description", "trimmed", mutant.OnText(func(s string) any { return strings.TrimSpace(s) })},
		{"/metadata/description", "cut after 100 characters", mutant.OnText(func(s string) any { return s[:min(len(s), 100)] })},
		{"/metadata/description", "without markup", mutant.OnText(func(s string) any { return strings.NewReplacer("<", "", ">", "", "&", "").Replace(s) })},
		{"/metadata/description", "in ASCII", mutant.OnText(func(s string) any {
			return strings.Map(func(c rune) rune {
				if c > 127 {
					return '?'
				}
				return c
			}, s)
		})},
		{"/metadata/tags", "dropped", func(any) any { return mutant.Gone() }},
		{"/metadata/tags", "the first alone", OnItemsOf(func(v []any) any { return v[:1] })},
		{"/spec/groupIDs", "dropped", mutant.Always([]any{})},
		{"/spec/groupIDs", "the first alone", OnItemsOf(func(v []any) any { return v[:1] })},
	}
}

// storing changes a member of a request before the server underneath sees it. The response shows what was asked for if told
// is set, and what is kept otherwise.
func storing(op mutant.Operation, pointer string, to func(any) any, told bool) func(w *when, changed func()) *mutant.Layer {
	return func(w *when, changed func()) *mutant.Layer {
		return mutant.Around(func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			document, ok := DocumentOf(r)
			value, present := member(document, pointer)
			if !ok || !present {
				return mutant.Ask(next, r)
			}
			before, _ := json.Marshal(value)
			mutant.Edited(document, pointer, to)
			after, _ := json.Marshal(mutant.Lookup(document, pointer))
			if string(before) == string(after) || !w.on(r) {
				return mutant.Ask(next, r)
			}
			a := mutant.Ask(next, withDocument(r, document))
			if a.Status/100 != 2 {
				return a
			}
			changed()
			if told {
				a.Edit(func(shown any) any { return mutant.Edited(shown, pointer, mutant.Always(value)) })
			}
			return a
		}, op)
	}
}

// served is a request that the server underneath has served with success.
type served struct {
	r        *http.Request
	document map[string]any
	before   map[string]any // the account, as it was; nil if none is named
	other    string         // the id of another account; "" for none
	forward  func(method, path string, document any) *mutant.Response
}

func (s served) otherPath() string { return mutant.CollectionOf(s.r) + "/" + s.other }

// afterwards does something else after an operation has succeeded. It changed something if do says so.
func afterwards(op mutant.Operation, do func(s served) bool) func(w *when, changed func()) *mutant.Layer {
	return func(w *when, changed func()) *mutant.Layer {
		made := &mutant.Store[string]{} // the ids of accounts
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			document, _ := DocumentOf(r)
			s := served{r: r, document: document, forward: func(method, path string, document any) *mutant.Response {
				return mutant.Forward(next, known, r.WithContext(mutant.ContextOf(r)), method, path, document)
			}}
			if mutant.AccountOf(r) != "" {
				s.before = mutant.Stored(next, known, r)
			}
			a := mutant.Ask(next, r)
			if mutant.OperationOf(r) == mutant.Create {
				if id := a.TextOf("/metadata/id"); id != "" {
					defer made.Put(id, id)
				}
			}
			if a.Status/100 != 2 || mutant.OperationOf(r) != op || !w.on(r) {
				return a
			}
			for _, id := range made.All() {
				if !strings.EqualFold(id, mutant.AccountOf(r)) {
					s.other = id
				}
			}
			if do(s) {
				changed()
			}
			return a
		}, mutant.Create, mutant.Update, mutant.Rotate, mutant.Remove)
	}
}

// notDone answers an operation with success and leaves the account as it is.
func notDone(op mutant.Operation) func(w *when, changed func()) *mutant.Layer {
	return func(w *when, changed func()) *mutant.Layer {
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			before := mutant.Stored(next, known, r)
			if before == nil || mutant.BearerOf(r) != known.Token || !w.on(r) {
				return mutant.Ask(next, r)
			}
			if op == mutant.Remove {
				changed()
				return &mutant.Response{Status: http.StatusOK, Fields: http.Header{}}
			}
			a := mutant.Ask(next, r)
			if a.Status/100 == 2 {
				changed()
				mutant.Forward(next, known, r, http.MethodPut, r.URL.Path, writable(before))
			}
			return a
		}, op)
	}
}

// doneAllTheSame refuses an update, and changes the account.
func doneAllTheSame(w *when, changed func(), empties bool) *mutant.Layer {
	return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		before := mutant.Stored(next, known, r)
		a := mutant.Ask(next, r)
		if before == nil || mutant.BearerOf(r) != known.Token || a.Status != http.StatusBadRequest && a.Status != http.StatusUnprocessableEntity || !w.on(r) {
			return a
		}
		document := writable(before)
		if empties {
			document = map[string]any{"metadata": map[string]any{"name": mutant.Lookup(before, "/metadata/name")}, "spec": map[string]any{"groupIDs": []any{}}}
		} else {
			mutant.Edited(document, "/metadata/description", mutant.Always("changed by what was refused"))
		}
		if mutant.Forward(next, known, r, http.MethodPut, r.URL.Path, document).Status/100 == 2 {
			changed()
		}
		return a
	}, mutant.Update)
}

// writable is what an update would send to make an account what it is.
func writable(account map[string]any) map[string]any {
	metadata := map[string]any{"name": mutant.Lookup(account, "/metadata/name")}
	for _, optional := range []string{"description", "tags"} {
		if value := mutant.Lookup(account, "/metadata/"+optional); value != nil {
			metadata[optional] = value
		}
	}
	return map[string]any{"metadata": metadata, "spec": map[string]any{"groupIDs": mutant.Lookup(account, "/spec/groupIDs")}}
}

// listSites show other accounts than there are.
func listSites() []site {
	var all []site
	add := func(what string, build func() listing) {
		all = append(all, site{family: "list", where: "list response", what: what, make: func(w *when, changed func()) *mutant.Layer {
			to := build()
			return mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
				a.Edit(func(document any) any {
					items, ok := document.([]any)
					if !ok {
						return document
					}
					again := to(items, func(item any) bool {
						account, ok := item.(map[string]any)
						return ok && w.of(r, account)
					})
					if len(again) != len(items) {
						changed()
					}
					return again
				})
			}, mutant.List)
		}})
	}
	add("without an account", func() listing {
		return func(items []any, chosen func(any) bool) []any {
			return slices.DeleteFunc(slices.Clone(items), chosen)
		}
	})
	add("with an account twice", func() listing {
		return func(items []any, chosen func(any) bool) []any {
			again := slices.Clone(items)
			for _, item := range items {
				if chosen(item) {
					again = append(again, item)
				}
			}
			return again
		}
	})
	for most, word := range []string{5: "five", 20: "twenty", 50: "fifty"} {
		if word != "" {
			add("cut after "+word+" accounts", func() listing {
				return func(items []any, chosen func(any) bool) []any {
					if len(items) <= most {
						return items
					}
					return append(slices.Clone(items[:most]), slices.DeleteFunc(slices.Clone(items[most:]), chosen)...)
				}
			})
		}
	}
	add("with a deleted account", func() listing {
		seen := &mutant.Store[any]{}
		return func(items []any, chosen func(any) bool) []any {
			now, again := map[string]bool{}, slices.Clone(items)
			for _, item := range items {
				id, _ := mutant.Lookup(item, "/metadata/id").(string)
				now[id] = true
				seen.Put(id, item)
			}
			for _, item := range seen.All() {
				if id, _ := mutant.Lookup(item, "/metadata/id").(string); !now[id] && chosen(item) {
					again = append(again, item)
				}
			}
			return again
		}
	})
	return all
}

// listing makes another list of the accounts of a list. It changes those that are chosen.
type listing func(items []any, chosen func(item any) bool) []any
