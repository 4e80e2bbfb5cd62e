package probe

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/sa-conformance/conformance/internal/wire"
)

// A body behind the response to a HEAD is seen, whether it comes with the head or after it, and no response is taken for one.
func TestBodyOfHead(t *testing.T) {
	t.Parallel()
	ok := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, test := range map[string]struct{ text, body string }{
		"a body":                {ok + "Content-Length: 2\r\n\r\n[]", "[]"},
		"a body without length": {ok + "Connection: close\r\n\r\n[1]", "[1]"},
		"chunks":                {ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n", "2\r\n[]\r\n0\r\n\r\n"},
		"hints, then a body":    {"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok + "\r\n[]", "[]"},
		"a length and no body":  {ok + "Content-Length: 2\r\n\r\n", ""},
		"nothing":               {"HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n\r\n", ""},
	} {
		for _, secure := range []bool{false, true} {
			server := httptest.NewUnstartedServer(raw(test.text))
			roots := x509.NewCertPool()
			if secure {
				server.StartTLS()
				roots.AddCert(server.Certificate())
			} else {
				server.Start()
			}
			t.Cleanup(server.Close)
			s := newRun(t, server.URL, func(r *Run) { r.target.Client = wire.NewClient(roots, false, 1) }).session("p")
			e := s.Send(t.Context(), "head", Request{Method: http.MethodHead, Path: "/", As: Nobody()})
			if !e.Answered() || string(e.Response.Body) != test.body {
				t.Errorf("%s (TLS: %v): %+v, failure %+v", name, secure, e.Response, e.Failure)
			}
		}
	}
}

// A HEAD gets through where only HTTP/2 is spoken.
func TestHeadOverHTTP2(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if !slices.Contains(hello.SupportedProtos, "h2") {
			return nil, errors.New("no protocol in common")
		}
		return nil, nil //nolint:nilnil // the configuration stays as it is
	}}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	s := newRun(t, server.URL, func(r *Run) { r.target.Client = wire.NewClient(roots, false, 1) }).session("p")
	if e := s.Send(t.Context(), "head", Request{Method: http.MethodHead, Path: "/", As: Nobody()}); e.Status() != http.StatusOK || e.Response.Proto != "HTTP/2.0" {
		t.Errorf("%+v, failure %+v", e.Response, e.Failure)
	}
}

// A redirect is recorded as it is, also if its Location is no address.
func TestOddLocations(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"http://[::1", ":", "%zz", ""} {
		s := newRun(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusFound)
			_, _ = io.WriteString(w, "moved")
		})).session("p")
		if e := s.Send(t.Context(), "s", get("/")); e.Status() != http.StatusFound || string(e.Response.Body) != "moved" {
			t.Errorf("%q: %+v, failure %+v", location, e.Response, e.Failure)
		}
	}
}
