package suites

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// lifecycleDefects gives for a requirement the defects that it is to be blamed for.
func lifecycleDefects() map[string][]defect {
	all := map[string][]defect{}
	for _, family := range []map[string][]defect{listDefects(), updateDefects(), rotateDefects(), deleteDefects(), guardDefects(), manyDefects()} {
		for id, defects := range family {
			all[id] = append(all[id], defects...)
		}
	}
	return all
}

func without(object, member string) func(map[string]any) {
	return func(account map[string]any) { delete(part(account, object), member) }
}

func with(object, member string, value any) func(map[string]any) {
	return func(account map[string]any) { part(account, object)[member] = value }
}

func listDefects() map[string][]defect {
	drop := func(keep func(n int) int) defect {
		return answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
			edit(answer, func(document any) any {
				items := document.([]any)
				return items[:keep(len(items))]
			})
		})
	}
	return map[string][]defect{
		"list.status.ok": {status("list", 200, 203), status("list", 200, 500)},
		"list.media-type.json": {answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
			answer.Header().Set("Content-Type", "text/plain")
		})},
		"list.body.array": {answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
			edit(answer, func(document any) any { return map[string]any{"items": document} })
		})},
		"list.contains.created":  {drop(func(int) int { return 0 }), drop(func(n int) int { return min(n, 1) })},
		"list.organization.same": {eachAccount("list", with("metadata", "organizationId", "11111111-1111-4111-8111-111111111111"))},
		"list.agrees.created": {
			eachAccount("list", with("metadata", "creationTime", "2020-01-01T00:00:00Z")),
			eachAccount("list", with("status", "expiry", "2020-01-01T00:00:00Z")),
		},
		"list.body.schema":  {eachAccount("list", without("metadata", "healthStatus"))},
		"list.token.absent": {eachAccount("list", with("status", "accessToken", "a.b.c"))},
		"list.ids.unique": {answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
			edit(answer, func(document any) any { return append(document.([]any), document.([]any)...) })
		})},
	}
}

func updateDefects() map[string][]defect {
	keep := func(member string) defect {
		return around("update", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
			var wanted map[string]any
			if old := find(h, r); old != nil && json.Unmarshal(body, &wanted) == nil {
				part(wanted, "metadata")[member] = part(old, "metadata")[member]
				body, _ = json.Marshal(wanted)
			}
			give(w, ask(h, r, r.Method, r.URL.Path, body))
		})
	}
	return map[string][]defect{
		"update.status.ok":           {status("update", 200, 202), status("update", 200, 400)},
		"update.changes.name":        {keep("name"), answersOld()},
		"update.changes.description": {keep("description")},
		"update.changes.tags": {keep("tags"), asked("update", func(_ *http.Request, body map[string]any) {
			if tags, ok := part(body, "metadata")["tags"].([]any); ok {
				part(body, "metadata")["tags"] = append(tags, map[string]any{"name": "owner", "value": "kept"})
			}
		})},
		"update.changes.groups": {asked("update", func(_ *http.Request, body map[string]any) {
			if _, ok := part(body, "spec")["groupIDs"].([]any); ok {
				part(body, "spec")["groupIDs"] = []any{}
			}
		})},
		"update.clears.groups":  {keepsGroups},
		"update.listed.agrees":  {storesNothing()},
		"update.keeps.identity": {eachAccount("update", with("metadata", "creationTime", "2020-01-01T00:00:00Z")), eachAccount("update", with("metadata", "id", "11111111-1111-4111-8111-111111111111"))},
		"update.keeps.expiry":   {eachAccount("update", with("status", "expiry", "2040-01-01T00:00:00Z"))},
		"update.token.absent":   {eachAccount("update", with("status", "accessToken", "a.b.c"))},
		"update.token.survives": {after("update", func(h http.Handler, r *http.Request) { ask(h, r, http.MethodPost, r.URL.Path+"/rotate", nil) })},
		"update.body.schema":    {eachAccount("update", without("metadata", "healthStatus"))},
		"update.rejects.malformed": {status("update", 400, 200), status("update", 400, 500), asked("update", func(_ *http.Request, body map[string]any) {
			if name, ok := part(body, "metadata")["name"].(string); ok && len(name) > 63 {
				part(body, "metadata")["name"] = name[:63]
			}
		})},
		"update.rejects.nothing-changed": {around("update", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
			answer := ask(h, r, r.Method, r.URL.Path, body)
			if answer.Code == 400 {
				ask(h, r, r.Method, r.URL.Path, []byte(`{"metadata":{"name":"changed"},"spec":{"groupIDs":[]}}`))
			}
			give(w, answer)
		})},
		"update.unknown.not-found":    {status("update", 404, 200), status("update", 404, 500)},
		"update.malformed-id.refused": {badID("update", 500)},
	}
}

// find is the account of a request as the list shows it to whoever asks.
func find(h http.Handler, r *http.Request) map[string]any {
	path, id, _ := strings.Cut(strings.TrimSuffix(r.URL.Path, "/rotate"), "/serviceaccounts/")
	answer := ask(h, r, http.MethodGet, path+"/serviceaccounts", nil)
	var items []map[string]any
	_ = json.Unmarshal(answer.Body.Bytes(), &items)
	for _, item := range items {
		if part(item, "metadata")["id"] == id {
			return item
		}
	}
	return nil
}

func answersOld() defect {
	return around("update", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
		old := find(h, r)
		answer := ask(h, r, r.Method, r.URL.Path, body)
		if old != nil {
			edit(answer, func(any) any { return old })
		}
		give(w, answer)
	})
}

func storesNothing() defect {
	return around("update", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
		old := find(h, r)
		answer := ask(h, r, r.Method, r.URL.Path, body)
		if old != nil && answer.Code == 200 {
			write, _ := json.Marshal(old)
			ask(h, r, r.Method, r.URL.Path, write)
		}
		give(w, answer)
	})
}

func keepsGroups(h http.Handler) http.Handler {
	return around("update", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
		var wanted map[string]any
		if old := find(h, r); old != nil && json.Unmarshal(body, &wanted) == nil {
			if groups, ok := part(wanted, "spec")["groupIDs"].([]any); ok && len(groups) == 0 {
				part(wanted, "spec")["groupIDs"] = part(old, "spec")["groupIDs"]
				body, _ = json.Marshal(wanted)
			}
		}
		give(w, ask(h, r, r.Method, r.URL.Path, body))
	})(h)
}

// after does something when a good operation is over.
func after(operation string, do func(http.Handler, *http.Request)) defect {
	return around(operation, func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
		answer := ask(h, r, r.Method, r.URL.Path, body)
		if answer.Code == 200 {
			do(h, r)
		}
		give(w, answer)
	})
}

// badID answers paths with an id that is no UUID with a status.
func badID(operation string, status int) defect {
	return answered(operation, func(r *http.Request, answer *httptest.ResponseRecorder) {
		if strings.Contains(r.URL.Path, notUUID) {
			answer.Code = status
			answer.Body.Reset()
			answer.Body.WriteString(`{"error":"server_error","error_description":"failed"}`)
		}
	})
}

func rotateDefects() map[string][]defect {
	return map[string][]defect{
		"rotate.status.ok":      {status("rotate", 200, 201)},
		"rotate.token.present":  {eachAccount("rotate", without("status", "accessToken"))},
		"rotate.keeps.identity": {eachAccount("rotate", with("metadata", "name", "renamed")), eachAccount("rotate", with("spec", "groupIDs", []any{})), eachAccount("rotate", with("metadata", "creationTime", "2020-01-01T00:00:00Z"))},
		"rotate.expiry.future":  {eachAccount("rotate", with("status", "expiry", "2020-01-01T00:00:00Z"))},
		"rotate.body.schema": {eachAccount("rotate", without("metadata", "healthStatus")), answered("rotate", func(_ *http.Request, answer *httptest.ResponseRecorder) {
			answer.Header().Set("Content-Type", "text/html")
		})},
		"rotate.unknown.not-found":    {status("rotate", 404, 200), status("rotate", 404, 500)},
		"rotate.malformed-id.refused": {badID("rotate", 500)},
	}
}

func deleteDefects() map[string][]defect {
	return map[string][]defect{
		"delete.status.ok":   {status("delete", 200, 204), status("delete", 200, 202)},
		"delete.listed.gone": {keepsDeleted},
		"delete.twice.not-found": {func(h http.Handler) http.Handler {
			var gone sync.Map
			return answered("delete", func(r *http.Request, answer *httptest.ResponseRecorder) {
				if answer.Code == 200 {
					gone.Store(r.URL.Path, true)
				}
				if _, ok := gone.Load(r.URL.Path); ok && answer.Code == 404 {
					answer.Code = 200
				}
			})(h)
		}},
		"delete.unknown.not-found":    {status("delete", 404, 200), status("delete", 404, 500)},
		"delete.malformed-id.refused": {badID("delete", 500), badID("delete", 200)},
	}
}

// keepsDeleted answers the deletions of the probe well and does nothing; the accounts of the clean-up do go.
func keepsDeleted(h http.Handler) http.Handler {
	var once sync.Map
	return around("delete", func(h http.Handler, w http.ResponseWriter, r *http.Request, _ []byte) {
		name, _ := part(find(h, r), "metadata")["name"].(string)
		if _, twice := once.LoadOrStore(r.URL.Path, true); !twice && strings.HasSuffix(name, "-delete") {
			w.WriteHeader(http.StatusOK)
			return
		}
		h.ServeHTTP(w, r)
	})(h)
}
