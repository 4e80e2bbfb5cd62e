package mutant

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// storeSites keep something else than what was asked for and answered, or do it to somebody else too.
func storeSites() []site {
	var all []site
	add := func(where, what string, layer func(w *when, changed func()) *Layer) {
		all = append(all, site{family: "store", where: where, what: what, make: layer})
	}
	for _, op := range []operation{create, update} {
		for _, lost := range losses() {
			add(string(op)+" stores "+lost.pointer, lost.what+", and answers as asked", storing(op, lost.pointer, lost.to, true))
			add(string(op)+" stores "+lost.pointer, lost.what, storing(op, lost.pointer, lost.to, false))
		}
	}
	add("update", "answered and not done", notDone(update))
	add("delete", "answered and not done", notDone(remove))
	add("update refused", "done all the same", func(w *when, changed func()) *Layer { return doneAllTheSame(w, changed, false) })
	add("update refused", "takes tags and groups away", func(w *when, changed func()) *Layer { return doneAllTheSame(w, changed, true) })
	add("create", "makes a second account", afterwards(create, func(s served) bool {
		return s.forward(http.MethodPost, collectionOf(s.r), s.document).status/100 == 2
	}))
	add("delete", "deletes another account too", afterwards(remove, func(s served) bool {
		return s.other != "" && s.forward(http.MethodDelete, s.otherPath(), nil).status/100 == 2
	}))
	add("rotate", "ends the token of another account too", afterwards(rotate, func(s served) bool {
		return s.other != "" && s.forward(http.MethodPost, s.otherPath()+"/rotate", nil).status/100 == 2
	}))
	add("update", "changes another account too", afterwards(update, func(s served) bool {
		return s.other != "" && s.forward(http.MethodPut, s.otherPath(), s.document).status/100 == 2
	}))
	add("create", "changes another account", afterwards(create, func(s served) bool {
		return s.other != "" && s.forward(http.MethodPut, s.otherPath(), s.document).status/100 == 2
	}))
	add("update", "ends the token", afterwards(update, func(s served) bool {
		return s.forward(http.MethodPost, s.r.URL.Path+"/rotate", nil).status/100 == 2
	}))
	add("rotate", "forgets description, tags and groups", afterwards(rotate, func(s served) bool {
		return s.forward(http.MethodPut, strings.TrimSuffix(s.r.URL.Path, "/rotate"), map[string]any{
			"metadata": map[string]any{"name": lookup(s.before, "/metadata/name")}, "spec": map[string]any{"groupIDs": []any{}},
		}).status/100 == 2 && (lookup(s.before, "/metadata/description") != nil || lookup(s.before, "/metadata/tags") != nil)
	}))
	add("delete", "brought back half a second later", afterwards(remove, func(s served) bool {
		if s.before == nil {
			return false
		}
		document := map[string]any{
			"metadata": map[string]any{"name": lookup(s.before, "/metadata/name")}, "spec": map[string]any{"groupIDs": []any{}},
		}
		time.AfterFunc(500*time.Millisecond, func() { s.forward(http.MethodPost, collectionOf(s.r), document) })
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
		{"/metadata/name", "in lower case", onText(func(s string) any { return strings.ToLower(s) })},
		{"/metadata/name", "cut after 40 characters", onText(func(s string) any { return strings.TrimRight(s[:min(len(s), 40)], "-_.") })},
		{"/metadata/name", "with dots as dashes", onText(func(s string) any { return strings.ReplaceAll(s, ".", "-") })},
		{"/metadata/description", "dropped", func(any) any { return gone() }},
		{"/metadata/description", "trimmed", onText(func(s string) any { return strings.TrimSpace(s) })},
		{"/metadata/description", "cut after 100 characters", onText(func(s string) any { return s[:min(len(s), 100)] })},
		{"/metadata/description", "without markup", onText(func(s string) any { return strings.NewReplacer("<", "", ">", "", "&", "").Replace(s) })},
		{"/metadata/description", "in ASCII", onText(func(s string) any {
			return strings.Map(func(c rune) rune {
				if c > 127 {
					return '?'
				}
				return c
			}, s)
		})},
		{"/metadata/tags", "dropped", func(any) any { return gone() }},
		{"/metadata/tags", "the first alone", onItemsOf(func(v []any) any { return v[:1] })},
		{"/spec/groupIDs", "dropped", always([]any{})},
		{"/spec/groupIDs", "the first alone", onItemsOf(func(v []any) any { return v[:1] })},
	}
}

// storing changes a member of a request before the server underneath sees it. The response shows what was asked for if told
// is set, and what is kept otherwise.
func storing(op operation, pointer string, to func(any) any, told bool) func(w *when, changed func()) *Layer {
	return func(w *when, changed func()) *Layer {
		return around(func(_ reference.Credentials, next http.Handler, r *http.Request) *answer {
			document, ok := documentOf(r)
			value, present := member(document, pointer)
			if !ok || !present {
				return ask(next, r)
			}
			before, _ := json.Marshal(value)
			edited(document, pointer, to)
			after, _ := json.Marshal(lookup(document, pointer))
			if string(before) == string(after) || !w.on(r) {
				return ask(next, r)
			}
			a := ask(next, withDocument(r, document))
			if a.status/100 != 2 {
				return a
			}
			changed()
			if told {
				a.edit(func(shown any) any { return edited(shown, pointer, always(value)) })
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
	forward  func(method, path string, document any) *answer
}

func (s served) otherPath() string { return collectionOf(s.r) + "/" + s.other }

// afterwards does something else after an operation has succeeded. It changed something if do says so.
func afterwards(op operation, do func(s served) bool) func(w *when, changed func()) *Layer {
	return func(w *when, changed func()) *Layer {
		made := &store[string]{} // the ids of accounts
		return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			document, _ := documentOf(r)
			s := served{r: r, document: document, forward: func(method, path string, document any) *answer {
				return forward(next, known, r.WithContext(contextOf(r)), method, path, document)
			}}
			if accountOf(r) != "" {
				s.before = stored(next, known, r)
			}
			a := ask(next, r)
			if operationOf(r) == create {
				if id := a.textOf("/metadata/id"); id != "" {
					defer made.put(id, id)
				}
			}
			if a.status/100 != 2 || operationOf(r) != op || !w.on(r) {
				return a
			}
			for _, id := range made.all() {
				if !strings.EqualFold(id, accountOf(r)) {
					s.other = id
				}
			}
			if do(s) {
				changed()
			}
			return a
		}, create, update, rotate, remove)
	}
}

// notDone answers an operation with success and leaves the account as it is.
func notDone(op operation) func(w *when, changed func()) *Layer {
	return func(w *when, changed func()) *Layer {
		return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			before := stored(next, known, r)
			if before == nil || bearerOf(r) != known.Token || !w.on(r) {
				return ask(next, r)
			}
			if op == remove {
				changed()
				return &answer{status: http.StatusOK, header: http.Header{}}
			}
			a := ask(next, r)
			if a.status/100 == 2 {
				changed()
				forward(next, known, r, http.MethodPut, r.URL.Path, writable(before))
			}
			return a
		}, op)
	}
}

// doneAllTheSame refuses an update, and changes the account.
func doneAllTheSame(w *when, changed func(), empties bool) *Layer {
	return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
		before := stored(next, known, r)
		a := ask(next, r)
		if before == nil || bearerOf(r) != known.Token || a.status != http.StatusBadRequest && a.status != http.StatusUnprocessableEntity || !w.on(r) {
			return a
		}
		document := writable(before)
		if empties {
			document = map[string]any{"metadata": map[string]any{"name": lookup(before, "/metadata/name")}, "spec": map[string]any{"groupIDs": []any{}}}
		} else {
			edited(document, "/metadata/description", always("changed by what was refused"))
		}
		if forward(next, known, r, http.MethodPut, r.URL.Path, document).status/100 == 2 {
			changed()
		}
		return a
	}, update)
}

// writable is what an update would send to make an account what it is.
func writable(account map[string]any) map[string]any {
	metadata := map[string]any{"name": lookup(account, "/metadata/name")}
	for _, optional := range []string{"description", "tags"} {
		if value := lookup(account, "/metadata/"+optional); value != nil {
			metadata[optional] = value
		}
	}
	return map[string]any{"metadata": metadata, "spec": map[string]any{"groupIDs": lookup(account, "/spec/groupIDs")}}
}

// listSites show other accounts than there are.
func listSites() []site {
	var all []site
	add := func(what string, build func() listing) {
		all = append(all, site{family: "list", where: "list response", what: what, make: func(w *when, changed func()) *Layer {
			to := build()
			return onSuccess(func(r *http.Request, a *answer) {
				a.edit(func(document any) any {
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
			}, list)
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
					if len(items) > most && chosen(items[most]) {
						return items[:most]
					}
					return items
				}
			})
		}
	}
	add("with a deleted account", func() listing {
		seen := &store[any]{}
		return func(items []any, chosen func(any) bool) []any {
			now, again := map[string]bool{}, slices.Clone(items)
			for _, item := range items {
				id, _ := lookup(item, "/metadata/id").(string)
				now[id] = true
				seen.put(id, item)
			}
			for _, item := range seen.all() {
				if id, _ := lookup(item, "/metadata/id").(string); !now[id] && chosen(item) {
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
