package wire

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// InMemory is a client whose requests a handler answers in the same process: nothing leaves it. What net/http adds to an
// answer on the wire is added here too: a Date, no body for HEAD, and an end without a response where the handler panics.
func InMemory(handler http.Handler) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     memory{handler},
	}
}

type memory struct{ handler http.Handler }

// RoundTrip lets the handler answer in a goroutine of its own, so that the request's context can end the wait.
func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	server := received(r)
	answers := make(chan *answer, 1)
	go func() {
		a := &answer{header: http.Header{}}
		a.serve(m.handler, server)
		answers <- a
	}()
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case a := <-answers:
		if a.dropped {
			return nil, io.ErrUnexpectedEOF
		}
		return a.response(r), nil
	}
}

// received is a request as a server sees it.
func received(r *http.Request) *http.Request {
	server := r.Clone(r.Context())
	server.RequestURI, server.Host, server.RemoteAddr = r.URL.RequestURI(), r.URL.Host, "127.0.0.1:1"
	if u, err := url.ParseRequestURI(server.RequestURI); err == nil {
		server.URL = u
	}
	if r.URL.Scheme == "https" {
		server.TLS = &tls.ConnectionState{Version: tls.VersionTLS13}
	}
	switch {
	case r.Body == nil:
		server.Body = http.NoBody
	case r.ContentLength == 0 && r.Body != http.NoBody:
		server.ContentLength, server.TransferEncoding = -1, []string{"chunked"}
	}
	return server
}

// answer is an http.ResponseWriter that keeps what is written.
type answer struct {
	status  int
	header  http.Header
	sent    http.Header
	body    bytes.Buffer
	dropped bool
}

func (a *answer) serve(h http.Handler, r *http.Request) {
	defer func() { a.dropped = recover() != nil }()
	h.ServeHTTP(a, r)
	a.WriteHeader(http.StatusOK)
}

func (a *answer) response(r *http.Request) *http.Response {
	if a.sent.Get("Date") == "" {
		if _, silenced := a.sent["Date"]; !silenced {
			a.sent.Set("Date", time.Now().UTC().Format(http.TimeFormat))
		}
	}
	if r.Method == http.MethodHead {
		a.body.Reset()
	}
	return &http.Response{
		Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.sent, Request: r,
		Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()),
	}
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status, a.sent = status, a.header.Clone()
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
