package mutant

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// forward asks the server underneath something else, in the operator's name. The path is one of the same server.
func forward(next http.Handler, known reference.Credentials, r *http.Request, method, path string, document any) *answer {
	body := []byte{}
	if document != nil {
		body, _ = json.Marshal(document) // made of what was decoded
	}
	other := relayed(r, method, path)
	other.Body, other.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	other.Header = http.Header{"Authorization": {"Bearer " + known.Token}, "Content-Type": {"application/json"}}
	return ask(next, other)
}

// relayed is a request for something else, without a body.
func relayed(r *http.Request, method, path string) *http.Request {
	other := withPath(r, path)
	other.Method, other.Body, other.ContentLength = method, http.NoBody, 0
	return other
}

// withPath gives a request another path.
func withPath(r *http.Request, path string) *http.Request {
	changed := r.Clone(r.Context())
	changed.URL = &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: path, RawQuery: r.URL.RawQuery}
	return changed
}

// asBearer presents another token; "" for none.
func asBearer(r *http.Request, token string) *http.Request {
	changed := r.Clone(r.Context())
	changed.Header.Del("Authorization")
	if token != "" {
		changed.Header.Set("Authorization", "Bearer "+token)
	}
	return changed
}

// collectionOf is the path of the list that a request is about, and organizationOf the organization in it.
func collectionOf(r *http.Request) string {
	before, _, _ := strings.Cut(r.URL.Path, "/serviceaccounts")
	return before + "/serviceaccounts"
}

func organizationOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/api/v1/organizations/")
	organization, _, _ := strings.Cut(rest, "/")
	return organization
}

// stored is the account that the path of a request names, as the operator's list shows it; nil for none.
func stored(next http.Handler, known reference.Credentials, r *http.Request) map[string]any {
	var accounts []map[string]any
	_ = json.Unmarshal(forward(next, known, r, http.MethodGet, collectionOf(r), nil).body, &accounts)
	for _, account := range accounts {
		if id, _ := lookup(account, "/metadata/id").(string); strings.EqualFold(id, accountOf(r)) {
			return account
		}
	}
	return nil
}

// around replaces the responses to some operations.
func around(serve func(known reference.Credentials, next http.Handler, r *http.Request) *answer, operations ...operation) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, wanted := range operations {
				if operationOf(r) == wanted {
					serve(known, next, r).send(w)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}}
}

// memory makes a layer whose state belongs to one server.
func memory(layer func() *Layer) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler { return layer().Wrap(known, next) }}
}

// store is a map for concurrent use.
type store[V any] struct {
	mu sync.Mutex
	m  map[string]V
}

func (s *store[V]) put(key string, value V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]V{}
	}
	s.m[key] = value
}

func (s *store[V]) get(key string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.m[key]
	return value, ok
}

// counter counts.
type counter struct {
	mu sync.Mutex
	n  int
}

// next is 1 the first time.
func (c *counter) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

// textOf is the string at a pointer of the body; "" for none.
func (a *answer) textOf(pointer string) string {
	var document any
	_ = json.Unmarshal(a.body, &document)
	text, _ := lookup(document, pointer).(string)
	return text
}

// all returns what is on the store, in the order of the keys.
func (s *store[V]) all() []V {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []V
	for _, key := range slices.Sorted(maps.Keys(s.m)) {
		found = append(found, s.m[key])
	}
	return found
}

// contextOf is the context of a request without its end.
func contextOf(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }
