package probe

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/wire"
)

// What goes through memory is recorded as what goes over a network is.
func TestInMemory(t *testing.T) {
	const base = "https://target.invalid"
	type seen struct {
		Method, Host, URI, Path, Authorization, Body string
		Length                                       int64
		Headers                                      []string
	}
	var got seen
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = seen{
			r.Method, r.Host, r.RequestURI, r.URL.Path, r.Header.Get("Authorization"), string(body), r.ContentLength, r.Header.Values("X-Two"),
		}
		w.Header().Add("X-Two", "c")
		w.Header().Add("X-Two", "d")
		w.WriteHeader(http.StatusCreated)
		w.WriteHeader(http.StatusTeapot) // too late
		_, _ = io.WriteString(w, "half and ")
		_, _ = io.WriteString(w, "half")
	})
	r := newRun(t, base, func(r *Run) { r.target.Client = wire.InMemory(handler) })
	e := r.session("p").Send(t.Context(), "s", Request{
		Method: http.MethodPost, Path: "/a%2Fb?c=d%20e", As: Bearer("operator", operator), Body: []byte("{}"), Header: http.Header{"X-Two": {"a", "b"}},
	})
	want := seen{
		http.MethodPost, "target.invalid", "/a%2Fb?c=d%20e", "/a/b", "Bearer " + operator, "{}", 2, []string{"a", "b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the request: -want +got:\n%s", diff)
	}
	if e.Status() != http.StatusCreated || string(e.Response.Body) != "half and half" || e.Response.ContentLength != 13 || e.Failure != nil {
		t.Errorf("the response: %+v, %+v", e.Response, e.Failure)
	}
	if diff := cmp.Diff([]string{"c", "d"}, e.Response.Header.Values("X-Two")); diff != "" {
		t.Errorf("the headers: -want +got:\n%s", diff)
	}
}

func TestInMemoryWithoutBodies(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); len(body) > 0 || err != nil {
			t.Errorf("a body: %q, error %v", body, err)
		}
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/silent", http.StatusFound)
		case "/panic":
			panic(http.ErrAbortHandler)
		}
	})
	r := newRun(t, "https://target.invalid", func(r *Run) { r.target.Client = wire.InMemory(handler) })
	s := r.session("p")
	if e := s.Send(t.Context(), "silent", get("/silent")); e.Status() != http.StatusOK || len(e.Response.Body) > 0 {
		t.Errorf("a handler that says nothing: %+v", e.Response)
	}
	if e := s.Send(t.Context(), "redirect", get("/redirect")); e.Status() != http.StatusFound {
		t.Errorf("a redirect: %+v", e.Response)
	}
	if e := s.Send(t.Context(), "panic", get("/panic")); e.Response != nil || kind(e) == "" {
		t.Errorf("a handler that panics: %+v, %+v", e.Response, e.Failure)
	}
}

// A whole run through memory leaves as little as one over a network.
func TestInMemoryCleansUp(t *testing.T) {
	target := &fake{}
	r := newRun(t, "https://target.invalid", func(r *Run) { r.target.Client = wire.InMemory(target) })
	futures := r.RunAll(t.Context(), []Probe{{Name: "p", Run: func(ctx context.Context, s *Session) {
		s.Create(ctx, "create", []byte(`{"metadata":{"name":"`+s.Name("x")+`"},"spec":{"groupIDs":[]}}`))
	}}}, func(string) {})
	exchanges, _, err := futures[Everything].Wait(t.Context())
	if err != nil || len(exchanges) != 1 || exchanges[0].Status() != http.StatusCreated {
		t.Fatalf("the exchanges: %v, error %v", ids(exchanges), err)
	}
	if left := r.cleanUp(t); left.Created != 1 || left.Deleted != 1 || len(target.names()) > 0 {
		t.Errorf("left: %+v, %v", left, target.names())
	}
	for _, e := range r.Recording().All() {
		if address, err := url.Parse(e.Request.URL); err != nil || address.Host != "target.invalid" || strings.Contains(e.Step, " ") && e.Probe != Cleanup {
			t.Errorf("%s went to %s", e.ID, e.Request.URL)
		}
	}
}
