package suites

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// shared is a server before the reference that holds accounts of others, and notes whoever asks to change one of them.
type shared struct {
	mu       sync.Mutex
	harmed   []string
	foreign  []map[string]any
	creates  int
	prefix   string // of the run, once a create told it
	organize string
}

// account is one of another client, made in 2020.
func (g *shared) account(id, name string) map[string]any {
	return map[string]any{
		"metadata": map[string]any{
			"id": id, "name": name, "organizationId": g.organize, "creationTime": "2020-03-04T05:06:07Z",
			"provisioningStatus": "provisioned", "healthStatus": "healthy",
		},
		"spec": map[string]any{"groupIDs": []any{}}, "status": map[string]any{"expiry": "2099-01-01T00:00:00Z"},
	}
}

// watch notes a request that could change an account of others.
func (g *shared) watch(r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return
	}
	path := strings.ToLower(r.URL.Path + " " + r.URL.EscapedPath() + " " + r.RequestURI)
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, g.organize+"/serviceaccounts") {
		g.harmed = append(g.harmed, "DELETE of the whole collection")
	}
	for _, a := range g.foreign {
		id, _ := a["metadata"].(map[string]any)["id"].(string)
		if strings.Contains(path, strings.ToLower(id)) {
			g.harmed = append(g.harmed, r.Method+" "+r.URL.EscapedPath())
		}
	}
}

// kindOfList is what the list does with the accounts of others.
type kindOfList string

const (
	shown    kindOfList = "shown"
	hidden   kindOfList = "hidden"
	empty    kindOfList = "empty"
	closed   kindOfList = "closed"
	paged    kindOfList = "paged"
	broken   kindOfList = "broken"
	nameless kindOfList = "nameless"
	recased  kindOfList = "recased"
	envelope kindOfList = "in an envelope"
	erroring kindOfList = "failing"
	late     kindOfList = "empty until the first create"
)

func passedOn(next http.Handler, r *http.Request) (*httptest.ResponseRecorder, any) {
	recorder := httptest.NewRecorder()
	next.ServeHTTP(recorder, r)
	var document any
	_ = json.Unmarshal(recorder.Body.Bytes(), &document)
	return recorder, document
}

func answerWith(w http.ResponseWriter, recorder *httptest.ResponseRecorder, document any) {
	for name, values := range recorder.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(recorder.Code)
	body := recorder.Body.Bytes()
	if document != nil {
		body, _ = json.Marshal(document)
	}
	_, _ = w.Write(body)
}

// serve puts the accounts of others into lists, and lets create change what a create is answered.
func (g *shared) serve(list kindOfList, create func(n int, document map[string]any) map[string]any) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			g.watch(r)
			collection := strings.HasSuffix(r.URL.Path, "/serviceaccounts")
			recorder, document := passedOn(next, r)
			switch items, isList := document.([]any); {
			case r.Method == http.MethodPost && collection && recorder.Code == http.StatusCreated:
				g.mu.Lock()
				g.creates++
				n := g.creates
				made, _ := document.(map[string]any)
				name, _ := made["metadata"].(map[string]any)["name"].(string)
				if at := strings.Index(name, "conf-"); at == 0 && len(name) > 14 {
					g.prefix = name[:14]
				}
				g.mu.Unlock()
				answerWith(w, recorder, create(n, made))
				return
			case r.Method == http.MethodGet && collection && isList:
				g.list(w, recorder, list, items)
				return
			}
			answerWith(w, recorder, nil)
		})
	}
}

func (g *shared) list(w http.ResponseWriter, recorder *httptest.ResponseRecorder, list kindOfList, items []any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range g.foreign {
		items = append(items, a)
	}
	switch list {
	case hidden:
		items = items[:len(items)-len(g.foreign)]
	case empty:
		items = []any{}
	case paged:
		items = items[:min(1, len(items))]
		w.Header().Set("Link", `</next>; rel="next"`)
	case closed:
		w.WriteHeader(http.StatusForbidden)
		return
	case erroring:
		w.WriteHeader(http.StatusInternalServerError)
		return
	case envelope:
		answerWith(w, recorder, map[string]any{"items": items})
		return
	case late:
		if g.creates == 0 {
			items = []any{}
		}
	case broken:
		_, _ = w.Write([]byte(`[{"metadata":{"id":"`))
		return
	case nameless, recased:
		text, _ := json.Marshal(items)
		if list == nameless {
			text = bytes.ReplaceAll(text, []byte(`"id":`), []byte(`"identifier":`))
		} else {
			text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(`"id":`), []byte(`"ID":`)), []byte(`"metadata":`), []byte(`"Metadata":`))
		}
		items = nil
		_ = json.Unmarshal(text, &items)
	}
	answerWith(w, recorder, items)
}

// others holds accounts of others in the organization of a configuration.
func (g *shared) others(organization string) {
	g.organize = organization
	for i := range 5 {
		g.foreign = append(g.foreign, g.account(fmt.Sprintf("5f0c3a11-9b1e-4c55-8a77-0000000000a%d", i), fmt.Sprintf("billing-%d", i)))
	}
}

func renamedTo(document map[string]any, id string) map[string]any {
	document["metadata"].(map[string]any)["id"] = id
	return document
}

// Whatever a create is answered, and whatever the list shows, no account of others is asked to be changed.
func TestAccountsOfOthersAreLeftAlone(t *testing.T) {
	for name, create := range map[string]func(g *shared, n int, made map[string]any) map[string]any{
		"an account of others": func(g *shared, n int, _ map[string]any) map[string]any {
			a := g.account("5f0c3a11-9b1e-4c55-8a77-0000000000a0", "billing-0")
			a["metadata"].(map[string]any)["id"] = g.foreign[n%5]["metadata"].(map[string]any)["id"]
			a["status"] = map[string]any{"expiry": "2099-01-01T00:00:00Z", "accessToken": fmt.Sprintf("an-access-token-of-others-%d", n)}
			return a
		},
		"its id alone, and the time": func(g *shared, n int, made map[string]any) map[string]any {
			metadata := made["metadata"].(map[string]any)
			metadata["id"], metadata["creationTime"] = g.foreign[n%5]["metadata"].(map[string]any)["id"], "2020-03-04T05:06:07Z"
			return made
		},
		"its id in upper case, and the time": func(g *shared, n int, made map[string]any) map[string]any {
			metadata := made["metadata"].(map[string]any)
			metadata["id"] = strings.ToUpper(g.foreign[n%5]["metadata"].(map[string]any)["id"].(string))
			metadata["creationTime"] = "2020-03-04T05:06:07Z"
			return made
		},
	} {
		for _, list := range []kindOfList{shown, hidden, empty, closed, paged, broken, nameless, recased} {
			name := name + ", list " + string(list)
			if !raced.Tried(name) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				hostileRun(t, list, func(g *shared, n int, made map[string]any) map[string]any { return create(g, n, made) })
			})
		}
	}
	// The rest of the response is that of a new account: what else the target says must show that the id is not.
	for _, list := range []kindOfList{closed, erroring, paged, broken, nameless, recased, envelope, late} {
		if !raced.Tried(string(list)) {
			continue
		}
		t.Run("its id alone, list "+string(list), func(t *testing.T) {
			t.Parallel()
			hostileRun(t, list, func(g *shared, n int, made map[string]any) map[string]any {
				return renamedTo(made, g.foreign[n%5]["metadata"].(map[string]any)["id"].(string))
			})
		})
	}
	// The token says that it is of the account, and is not accepted; a list that never shows the account shows the new one.
	for _, list := range []kindOfList{closed, hidden} {
		t.Run("its id alone, and a token for it, list "+string(list), func(t *testing.T) {
			t.Parallel()
			hostileRun(t, list, func(g *shared, n int, made map[string]any) map[string]any {
				id := g.foreign[n%5]["metadata"].(map[string]any)["id"].(string)
				claims := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"sub":%q,"jti":"%d"}`, id, n))
				made["status"].(map[string]any)["accessToken"] = "eyJhbGciOiJFUzI1NiJ9." + claims + "." + strings.Repeat("A", 86)
				return renamedTo(made, id)
			})
		})
	}
	// Only the list that was read before can tell of these: the response looks like one for a new account.
	t.Run("its id alone, list shown", func(t *testing.T) {
		t.Parallel()
		r := hostileRun(t, shown, func(g *shared, n int, made map[string]any) map[string]any {
			return renamedTo(made, strings.ToUpper(g.foreign[n%5]["metadata"].(map[string]any)["id"].(string)))
		})
		if !slices.Contains(outcomes(r, report.Fail), "create.id.fresh") {
			t.Errorf("create.id.fresh is not found; failed: %q", outcomes(r, report.Fail))
		}
		for _, result := range r.Results {
			if result.ID == "create.id.fresh" && result.ConsequenceOf != "" || result.ID == "create.id.distinct" && result.ConsequenceOf != "create.id.fresh" {
				t.Errorf("%s is shown as a consequence of %q", result.ID, result.ConsequenceOf)
			}
		}
		if !slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasPrefix(w, "the run creates no more accounts") }) {
			t.Errorf("warnings: %q", r.Warnings)
		}
	})
}

func hostileRun(t *testing.T, list kindOfList, create func(g *shared, n int, made map[string]any) map[string]any) *report.Report {
	t.Helper()
	g := &shared{}
	var cfg engine.Config
	cfg, _ = serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			g.serve(list, func(n int, made map[string]any) map[string]any { return create(g, n, made) })(next).ServeHTTP(w, r)
		})
	})
	g.others(cfg.Organization)
	cfg = hasty(cfg)
	cfg.CleanupTimeout, cfg.Journal = 3*time.Second, filepath.Join(t.TempDir(), "journal.jsonl")
	r := judged(t, t.Context(), cfg).Report
	if len(g.harmed) > 0 {
		t.Errorf("accounts of others were asked to be changed: %q", g.harmed)
	}
	if r.Accounts.Verified && r.Accounts.Left == 0 && list != shown && list != hidden && list != late {
		t.Errorf("verified by a list that is %s: %+v", list, r.Accounts)
	}
	if r.Verdict != report.NonConformant && list != hidden {
		t.Errorf("the verdict is %s", r.Verdict)
	}
	if g.creates > 75 {
		t.Errorf("%d accounts were created", g.creates)
	}
	swept, err := engine.Sweep(t.Context(), cfg, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.harmed) > 0 {
		t.Errorf("a sweep asked to change accounts of others: %q", g.harmed)
	}
	if swept.Verified && len(swept.Runs) > 0 && list != shown && list != hidden && list != late {
		t.Errorf("a sweep verified by a list that is %s: %+v", list, swept)
	}
	return r
}
