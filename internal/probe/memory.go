package probe

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// InMemory is a client whose requests a handler answers in the same process: nothing leaves it.
func InMemory(handler http.Handler) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     memory{handler},
	}
}

type memory struct{ handler http.Handler }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	server := r.Clone(r.Context())
	server.RequestURI, server.Host = r.URL.RequestURI(), r.URL.Host
	if server.Body == nil {
		server.Body = http.NoBody
	}
	answer := &answer{header: http.Header{}}
	if err := answer.serve(m.handler, server); err != nil {
		return nil, err
	}
	return &http.Response{
		Status: strconv.Itoa(answer.status) + " " + http.StatusText(answer.status), StatusCode: answer.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: answer.header, Request: r,
		Body: io.NopCloser(&answer.body), ContentLength: int64(answer.body.Len()),
	}, nil
}

// answer is an http.ResponseWriter that keeps what is written.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) serve(h http.Handler, r *http.Request) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the handler gave up")
		}
	}()
	h.ServeHTTP(a, r)
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return nil
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
