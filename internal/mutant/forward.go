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

// Forward asks the server underneath something else, in the operator's name. The path is one of the same server.
func Forward(next http.Handler, known reference.Credentials, r *http.Request, method, path string, document any) *Response {
	body := []byte{}
	if document != nil {
		body, _ = json.Marshal(document) // made of what was decoded
	}
	other := WithTarget(r, method, path)
	other.Body, other.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	other.Header = http.Header{"Authorization": {"Bearer " + known.Token}, "Content-Type": {"application/json"}}
	return Ask(next, other)
}

// WithTarget is a request for something else, without a body.
func WithTarget(r *http.Request, method, path string) *http.Request {
	other := WithPath(r, path)
	other.Method, other.Body, other.ContentLength = method, http.NoBody, 0
	return other
}

// WithPath gives a request another path.
func WithPath(r *http.Request, path string) *http.Request {
	changed := r.Clone(r.Context())
	changed.URL = &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: path, RawQuery: r.URL.RawQuery}
	return changed
}

// ReplaceBearer presents another token; "" for none.
func ReplaceBearer(r *http.Request, token string) *http.Request {
	changed := r.Clone(r.Context())
	changed.Header.Del("Authorization")
	if token != "" {
		changed.Header.Set("Authorization", "Bearer "+token)
	}
	return changed
}

// CollectionOf is the path of the list that a request is about, and organizationOf the organization in it.
func CollectionOf(r *http.Request) string {
	before, _, _ := strings.Cut(r.URL.Path, "/serviceaccounts")
	return before + "/serviceaccounts"
}

func OrganizationOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/api/v1/organizations/")
	organization, _, _ := strings.Cut(rest, "/")
	return organization
}

// Stored is the account that the path of a request names, as the operator's list shows it; nil for none.
func Stored(next http.Handler, known reference.Credentials, r *http.Request) map[string]any {
	var accounts []map[string]any
	_ = json.Unmarshal(Forward(next, known, r, http.MethodGet, CollectionOf(r), nil).Body, &accounts)
	for _, account := range accounts {
		if id, _ := Lookup(account, "/metadata/id").(string); strings.EqualFold(id, AccountOf(r)) {
			return account
		}
	}
	return nil
}

// Around replaces the responses to some operations.
func Around(serve func(known reference.Credentials, next http.Handler, r *http.Request) *Response, operations ...Operation) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, wanted := range operations {
				if OperationOf(r) == wanted {
					serve(known, next, r).Send(w)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}}
}

// Memory makes a layer whose state belongs to one server.
func Memory(layer func() *Layer) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler { return layer().Wrap(known, next) }}
}

// Store is a map for concurrent use.
type Store[V any] struct {
	mu sync.Mutex
	m  map[string]V
}

func (s *Store[V]) Put(key string, value V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]V{}
	}
	s.m[key] = value
}

func (s *Store[V]) Get(key string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.m[key]
	return value, ok
}

// Counter counts.
type Counter struct {
	mu sync.Mutex
	n  int
}

// Next is 1 the first time.
func (c *Counter) Next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

// TextOf is the string at a pointer of the body; "" for none.
func (a *Response) TextOf(pointer string) string {
	var document any
	_ = json.Unmarshal(a.Body, &document)
	text, _ := Lookup(document, pointer).(string)
	return text
}

// All returns what is on the store, in the order of the keys.
func (s *Store[V]) All() []V {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []V
	for _, key := range slices.Sorted(maps.Keys(s.m)) {
		found = append(found, s.m[key])
	}
	return found
}

// ContextOf is the context of a request without its end.
func ContextOf(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }
