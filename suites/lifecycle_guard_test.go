package suites

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
)

// master keeps the operator's credential, which is the one that may create, and the organization that it is for.
type master struct {
	mu                  sync.Mutex
	token, organization string
}

var organizations = regexp.MustCompile(`/organizations/([^/]+)/`)

func (m *master) learn(r *http.Request, answer *httptest.ResponseRecorder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.token == "" && answer.Code == http.StatusCreated {
		m.token, m.organization = r.Header.Get("Authorization"), organizations.FindStringSubmatch(r.URL.Path)[1]
	}
}

// as does what a request asks for, in the operator's name and his organization.
func (m *master) as(h http.Handler, r *http.Request, body []byte) *httptest.ResponseRecorder {
	m.mu.Lock()
	token, path := m.token, organizations.ReplaceAllString(r.URL.Path, "/organizations/"+m.organization+"/")
	m.mu.Unlock()
	again := r.Clone(r.Context())
	again.Header.Set("Authorization", token)
	return ask(h, again, r.Method, path, body)
}

// lenient does for whoever is refused with a status what he asked for. It then answers with success, or as if nothing had
// been done.
func lenient(operations string, refusal int, when func(m *master, r *http.Request) bool, silently bool) defect {
	return func(h http.Handler) http.Handler {
		m := &master{}
		return around(operations, func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
			answer := ask(h, r, r.Method, r.URL.Path, body)
			if answer.Code == refusal && when(m, r) {
				done := m.as(h, r, body)
				if !silently {
					answer = done
				}
			}
			give(w, answer)
		})(answered("create", m.learn)(h))
	}
}

func always(*master, *http.Request) bool { return true }

func elsewhere(m *master, r *http.Request) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !strings.Contains(r.URL.Path, m.organization)
}

func here(m *master, r *http.Request) bool { return !elsewhere(m, r) }

func anonymous(_ *master, r *http.Request) bool { return r.Header.Get("Authorization") == "" }

func guardDefects() map[string][]defect {
	noChallenge := answered("list update rotate delete", func(_ *http.Request, answer *httptest.ResponseRecorder) {
		answer.Header().Del("WWW-Authenticate")
	})
	return map[string][]defect{
		"guard.anonymous.refused": {
			lenient("list", 401, always, false), lenient("update", 401, always, false), lenient("rotate", 401, anonymous, false),
			lenient("delete", 401, always, false), status("rotate", 401, 403),
		},
		"guard.anonymous.challenge": {noChallenge},
		"guard.restricted.refused": {
			lenient("update", 403, here, false), lenient("rotate", 403, here, false), lenient("delete", 403, here, false),
		},
		"guard.restricted.harmless": {
			lenient("update", 403, here, true), lenient("rotate", 403, here, true), lenient("delete", 403, here, true),
		},
		"guard.other-organization.refused": {
			answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
				if answer.Code == 403 {
					answer.Code = 200
					answer.Body.Reset()
					answer.Body.WriteString("[]")
				}
			}),
		},
		"guard.mixed-organization.refused": {lenient("update", 403, elsewhere, false), lenient("rotate", 403, elsewhere, false), lenient("delete", 403, elsewhere, false)},
		"guard.account.unharmed": {
			lenient("update", 401, always, true), lenient("rotate", 401, always, true), lenient("delete", 401, always, true),
			lenient("delete", 403, elsewhere, true),
		},
		"guard.error.body": {
			answered("delete", func(_ *http.Request, answer *httptest.ResponseRecorder) {
				if answer.Code >= 400 {
					answer.Body.Reset()
					answer.Body.WriteString("<html>no</html>")
				}
			}),
		},
		"guard.error.code": {
			answered("update rotate", func(_ *http.Request, answer *httptest.ResponseRecorder) {
				if answer.Code == 404 {
					answer.Body.Reset()
					answer.Body.WriteString(`{"error":"conflict","error_description":"no"}`)
				}
			}),
		},
	}
}

// meeting does something with the nth create of a label.
func meeting(label string, nth int, serve func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte)) defect {
	return func(h http.Handler) http.Handler {
		var mu sync.Mutex
		n := 0
		return around("create", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
			mu.Lock()
			mine := strings.Contains(string(body), label)
			if mine {
				n++
			}
			hit := mine && (nth == 0 || n == nth)
			mu.Unlock()
			if hit {
				serve(h, w, r, body)
				return
			}
			h.ServeHTTP(w, r)
		})(h)
	}
}

func manyDefects() map[string][]defect {
	answer := func(status int, code string, first bool) func(http.Handler, http.ResponseWriter, *http.Request, []byte) {
		return func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
			if first {
				ask(h, r, r.Method, r.URL.Path, body)
			}
			refuse(w, status, code)
		}
	}
	dropped := func(http.Handler, http.ResponseWriter, *http.Request, []byte) { panic(http.ErrAbortHandler) }
	return map[string][]defect{
		"many.answered.all":       {meeting("many\"", 1, answer(500, "server_error", false)), meeting("many-7", 0, dropped)},
		"many.listed.all":         {func(h http.Handler) http.Handler { return hides(h, "many-7") }},
		"many.same-name.answered": {meeting("many-same", 0, answer(409, "conflict", false)), meeting("many-same", 2, answer(500, "server_error", false)), meeting("many-same", 2, answer(409, "server_error", false)), meeting("many-same", 0, dropped)},
		"many.same-name.agrees":   {meeting("many-same", 2, answer(409, "conflict", true)), func(h http.Handler) http.Handler { return hides(h, "many-same") }},
		"many.grouped.answered":   {meeting("many-grouped", 3, answer(500, "server_error", false)), meeting("many-grouped", 3, answer(409, "", false))},
		"many.grouped.agrees":     {meeting("many-grouped", 3, answer(409, "conflict", true)), ungrouped()},
	}
}

// hides leaves accounts out of every list.
func hides(h http.Handler, label string) http.Handler {
	return answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
		edit(answer, func(document any) any {
			kept := []any{}
			for _, item := range document.([]any) {
				if name, _ := part(item, "metadata")["name"].(string); !strings.HasSuffix(name, label) {
					kept = append(kept, item)
				}
			}
			return kept
		})
	})(h)
}

func ungrouped() defect {
	return answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
		edit(answer, func(document any) any {
			for _, item := range document.([]any) {
				if name, _ := part(item, "metadata")["name"].(string); strings.HasSuffix(name, "many-grouped-2") {
					part(item, "spec")["groupIDs"] = []any{}
				}
			}
			return document
		})
	})
}
