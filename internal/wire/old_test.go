package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// An old request says HTTP/1.0, with TLS and without, and nothing else changes.
func TestOld(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Proto+" "+r.Host+r.RequestURI+" "+string(body))
	})
	for name, server := range map[string]*httptest.Server{"plain": httptest.NewServer(handler), "TLS": httptest.NewTLSServer(handler)} {
		defer server.Close()
		message, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/a?b", nil)
		if err != nil {
			t.Fatal(err)
		}
		old, ok := Old(server.Client(), message)
		if !ok {
			t.Fatalf("%s: it cannot be told", name)
		}
		response, err := old.Transport.RoundTrip(message)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if want := "HTTP/1.0 " + message.URL.Host + "/a?b "; string(body) != want {
			t.Errorf("%s: got %q, want %q", name, body, want)
		}
	}
	if _, ok := Old(&http.Client{Transport: roundTripper{}}, &http.Request{}); ok {
		t.Error("a client that is none of net/http")
	}
}

type roundTripper struct{ http.RoundTripper }
