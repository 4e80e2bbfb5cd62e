package suites

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

const lifecycleFocus = ` (create|list|update|rotate|delete|guard|many)\.`

func focused(c *Config) { c.Focus, c.Await = lifecycleFocus, 1500*time.Millisecond }

func TestLifecycleConforming(t *testing.T) {
	for name, c := range map[string]reference.Config{"JWS": {}, "JWE": {Tokens: reference.JWE}, "prefix": {Prefix: "/identity"}} {
		t.Run(name, func(t *testing.T) {
			r := judgeReference(t, c, nil, focused)
			expectNothingWrong(t, r)
			sent := map[string]int{}
			for _, e := range r.Exchanges {
				sent[e.Probe]++
			}
			t.Log(sent)
		})
	}
	t.Run("without what is optional", func(t *testing.T) {
		expectNothingWrong(t, judgeReference(t, reference.Config{}, nil, func(c *Config) {
			focused(c)
			c.Groups, c.OtherOrganization, c.RestrictedToken = nil, "", ""
		}))
	})
}

func expectNothingWrong(t *testing.T, r *report.Report) {
	t.Helper()
	for _, result := range r.Results {
		if result.Outcome == report.Fail || result.Outcome == report.Inconclusive {
			t.Errorf("%s: %s: %s", result.ID, result.Outcome, result.Message)
		}
	}
	if r.Accounts.Left > 0 {
		t.Errorf("%d accounts are left", r.Accounts.Left)
	}
}

// TestLifecycleLiberties runs the checks against what section 6 of the contract's facts allows.
func TestLifecycleLiberties(t *testing.T) {
	for name, d := range liberties() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectNothingWrong(t, judgeReference(t, reference.Config{}, d, focused))
		})
	}
}

func liberties() map[string]defect {
	return map[string]defect{
		"conflict while pending": func(h http.Handler) http.Handler {
			var born sync.Map
			remember := answered("create", func(_ *http.Request, answer *httptest.ResponseRecorder) {
				var account map[string]any
				_ = json.Unmarshal(answer.Body.Bytes(), &account)
				if id := part(account, "metadata")["id"]; id != nil {
					born.Store(id, time.Now())
				}
			})
			return around("update rotate delete", func(h http.Handler, w http.ResponseWriter, r *http.Request, _ []byte) {
				id := part(find(h, r), "metadata")["id"]
				if since, ok := born.Load(id); ok && time.Since(since.(time.Time)) < 150*time.Millisecond {
					refuse(w, 409, "conflict")
					return
				}
				h.ServeHTTP(w, r)
			})(remember(h))
		},
		"list behind": func(h http.Handler) http.Handler {
			var mu sync.Mutex
			born := map[string]time.Time{}
			return answered("list", func(_ *http.Request, answer *httptest.ResponseRecorder) {
				mu.Lock()
				defer mu.Unlock()
				edit(answer, func(document any) any {
					return slices.DeleteFunc(document.([]any), func(item any) bool {
						id := part(item, "metadata")["id"].(string)
						if _, ok := born[id]; !ok {
							born[id] = time.Now()
						}
						return time.Since(born[id]) < 100*time.Millisecond
					})
				})
			})(h)
		},
		"deleted and still listed": func(h http.Handler) http.Handler {
			var mu sync.Mutex
			var leaving []map[string]any
			until := map[any]time.Time{}
			remembering := around("delete", func(h http.Handler, w http.ResponseWriter, r *http.Request, _ []byte) {
				account := find(h, r)
				answer := ask(h, r, r.Method, r.URL.Path, nil)
				if answer.Code == 200 && account != nil {
					part(account, "metadata")["provisioningStatus"] = "deprovisioning"
					mu.Lock()
					leaving = append(leaving, account)
					until[part(account, "metadata")["id"]] = time.Now().Add(300 * time.Millisecond)
					mu.Unlock()
				}
				give(w, answer)
			})(h)
			return answered("list", func(r *http.Request, answer *httptest.ResponseRecorder) {
				mu.Lock()
				defer mu.Unlock()
				edit(answer, func(document any) any {
					items := document.([]any)
					for _, account := range leaving {
						if m := part(account, "metadata"); time.Now().Before(until[m["id"]]) && len(items) != 1 {
							items = append(items, account)
						}
					}
					return items
				})
			})(remembering)
		},
		"name taken": func(h http.Handler) http.Handler {
			var taken sync.Map
			return around("create", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
				if _, twice := taken.LoadOrStore(string(body), true); twice && strings.Contains(string(body), "many-same") {
					refuse(w, 409, "conflict")
					return
				}
				h.ServeHTTP(w, r)
			})(h)
		},
		"whole seconds in reads": eachAccount("list update rotate", func(a map[string]any) {
			m := part(a, "metadata")
			m["creationTime"] = regexp.MustCompile(`\.\d+`).ReplaceAllString(m["creationTime"].(string), "")
		}),
		"not found for forbidden": answered("list update rotate delete", func(_ *http.Request, answer *httptest.ResponseRecorder) {
			if answer.Code == 403 {
				answer.Code = 404
				answer.Body.Reset()
				answer.Body.WriteString(`{"error":"not_found","error_description":"no such thing"}`)
			}
		}),
		"asked to wait": func(h http.Handler) http.Handler {
			var mu sync.Mutex
			n := 0
			return around("create", func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
				mu.Lock()
				n++
				late := n%3 == 0 && strings.Contains(string(body), "-many")
				mu.Unlock()
				if late {
					w.Header().Set("Retry-After", "0")
					http.Error(w, "slow down", http.StatusTooManyRequests)
					return
				}
				h.ServeHTTP(w, r)
			})(h)
		},
		"body on delete": answered("delete", func(_ *http.Request, answer *httptest.ResponseRecorder) {
			if answer.Code == 200 {
				answer.Body.WriteString("gone")
			}
		}),
	}
}

// TestLifecycleDefects breaks one promise at a time and looks who is blamed.
func TestLifecycleDefects(t *testing.T) {
	for blamed, defects := range lifecycleDefects() {
		for i, d := range defects {
			t.Run(blamed+"/"+strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				r := judgeReference(t, reference.Config{}, d, focused)
				var roots []string
				for _, result := range r.Results {
					if result.Outcome == report.Fail && result.ConsequenceOf == "" {
						roots = append(roots, result.ID)
					}
				}
				if !slices.Contains(roots, blamed) {
					t.Errorf("not blamed; blamed are %q", roots)
					for _, result := range r.Results {
						if result.ID == blamed {
							t.Logf("%s %s %s", result.Outcome, result.ConsequenceOf, result.Message)
						}
					}
				}
				if len(roots) > 3 {
					t.Errorf("too many are blamed: %q", roots)
				}
				if testing.Verbose() {
					t.Logf("roots %q", roots)
				}
			})
		}
	}
}

// TestManyDistinct breaks what other checks are blamed for, and looks that the checks of this section see it too.
func TestManyDistinct(t *testing.T) {
	same := eachAccount("create", func(a map[string]any) {
		if name, _ := part(a, "metadata")["name"].(string); strings.Contains(name, "-many") {
			part(a, "status")["accessToken"], part(a, "metadata")["id"] = "a.b.c", "11111111-1111-4111-8111-111111111111"
		}
	})
	r := judgeReference(t, reference.Config{}, same, focused)
	for _, id := range []string{"many.ids.distinct", "many.tokens.distinct"} {
		if i := slices.IndexFunc(r.Results, func(result report.Result) bool { return result.ID == id }); r.Results[i].Outcome != report.Fail {
			t.Errorf("%s: %s", id, r.Results[i].Outcome)
		}
	}
}
