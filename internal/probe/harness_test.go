package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/tracking"
	"github.com/sa-conformance/conformance/internal/wire"
)

const (
	organization = "d4600d6e-e965-4b44-a808-84fb2fa36702"
	operator     = "operator-token-0123456789"
)

// limits are small: no test needs to wait for a target of its own.
func limits() Limits {
	return Limits{Timeout: 5 * time.Second, Await: 500 * time.Millisecond, Patience: 2 * time.Second, Concurrency: 4}
}

// serve starts a server that is closed with the test.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func newRun(t *testing.T, base string, change ...func(*Run)) *Run {
	t.Helper()
	client := wire.NewClient(nil, false, 4)
	t.Cleanup(client.CloseIdleConnections)
	r := New(Target{BaseURL: base, Organization: organization, Operator: operator, Client: client}, limits(), "1a2b", redact.New(), time.Now)
	begun(r)
	for _, do := range change {
		do(r)
	}
	return r
}

// unread undoes begun: the run reads the list before its first create.
func unread(r *Run) { r.owners = tracking.NewOwnership(r.prefix, r.now) }

// cleanUp cleans up as a run does: in bounded time.
func (r *Run) cleanUp(t *testing.T) Leftovers {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	return r.CleanUp(ctx)
}

// begun makes a run take for read what it reads before its first create: there was nothing.
func begun(r *Run) {
	before := r.owners.EarlierOf(Accounts(r.target.Organization))
	before.Once.Do(func() { before.Known = true })
	r.owners.Began = time.Now()
	r.owners.Dated, r.owners.Local = r.owners.Began, r.owners.Began
}

func (r *Run) session(name string) *Session { return &Session{run: r, probe: name} }

// get is a request without credentials.
func get(path string) Request {
	return Request{Method: http.MethodGet, Path: path, As: Nobody()}
}

func ids(exchanges []*exchange.Exchange) []string {
	var found []string
	for _, e := range exchanges {
		found = append(found, e.ID)
	}
	return found
}

func kind(e *exchange.Exchange) exchange.Kind {
	if e.Failure == nil {
		return ""
	}
	return e.Failure.Kind
}

// fake is a target whose accounts tests can see and spoil.
type fake struct {
	mu       sync.Mutex
	accounts []map[string]any
	deleted  []string // ids, as asked for, in order
	requests []string // method and path
	next     int
	// spoil may answer in place of the fake, which has not done anything yet; it is true if it did.
	spoil func(w http.ResponseWriter, r *http.Request) bool
	// after is called when a create has been stored; it is true if it answered.
	after func(w http.ResponseWriter) bool
	// id makes the ids; nil: a number.
	id func(n int) any
}

func item(id any, name string, more ...any) map[string]any {
	metadata := map[string]any{"name": name}
	if id != nil {
		metadata["id"] = id
	}
	for i := 0; i+1 < len(more); i += 2 {
		metadata[more[i].(string)] = more[i+1]
	}
	return map[string]any{"metadata": metadata}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, r.Method+" "+r.URL.EscapedPath())
	if f.spoil != nil && f.spoil(w, r) {
		return
	}
	if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer access-token-") && len(f.deleted) > 0 {
		w.WriteHeader(http.StatusUnauthorized) // only tokens of deleted accounts are tried then
		return
	}
	collection := r.URL.EscapedPath()
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(collection, "/serviceaccounts"):
		f.create(w, r)
	case r.Method == http.MethodGet:
		f.list(w)
	case r.Method == http.MethodDelete:
		id, _ := url.PathUnescape(collection[strings.LastIndexByte(collection, '/')+1:])
		f.remove(w, id)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (f *fake) create(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Metadata struct{ Name, Description string }
	}
	raw, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(raw, &body)
	f.next++
	var id any = fmt.Sprintf("id-%d", f.next)
	if f.id != nil {
		id = f.id(f.next)
	}
	made := item(id, body.Metadata.Name, "description", body.Metadata.Description)
	f.accounts = append(f.accounts, made)
	if f.after != nil && f.after(w) {
		return
	}
	answer := map[string]any{"metadata": made["metadata"], "status": map[string]any{"accessToken": fmt.Sprintf("access-token-%04d", f.next)}}
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(answer)
}

func (f *fake) list(w http.ResponseWriter) {
	accounts := f.accounts
	if accounts == nil {
		accounts = []map[string]any{}
	}
	_ = json.NewEncoder(w).Encode(accounts)
}

func (f *fake) remove(w http.ResponseWriter, id string) {
	f.deleted = append(f.deleted, id)
	before := len(f.accounts)
	f.accounts = slices.DeleteFunc(f.accounts, func(a map[string]any) bool {
		return strings.EqualFold(fmt.Sprint(a["metadata"].(map[string]any)["id"]), id)
	})
	if len(f.accounts) == before {
		w.WriteHeader(http.StatusNotFound)
	}
}

// names are those of the accounts that there are.
func (f *fake) names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	names := []string{}
	for _, a := range f.accounts {
		names = append(names, a["metadata"].(map[string]any)["name"].(string))
	}
	return names
}

// count counts the requests that begin so.
func (f *fake) count(prefix string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, request := range f.requests {
		if strings.HasPrefix(request, prefix) {
			n++
		}
	}
	return n
}

// hangUp closes the connection of a response that has not begun.
func hangUp(w http.ResponseWriter) bool {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// raw writes bytes in place of a response, and closes the connection.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buffer, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = buffer.WriteString(text)
		_ = buffer.Flush()
		_ = conn.Close()
	}
}
