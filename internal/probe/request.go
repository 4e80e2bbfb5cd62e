package probe

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// The operations of spec/openapi.yaml.
const (
	CreateOperation = "createServiceAccount"
	ListOperation   = "listServiceAccounts"
	UpdateOperation = "updateServiceAccount"
	RotateOperation = "rotateServiceAccount"
	DeleteOperation = "deleteServiceAccount"
)

// Request is what a probe wants sent. Nothing is added to it but a traceparent, Accept-Encoding: identity if the probe sets
// none, and what HTTP itself needs.
type Request struct {
	Method string
	// Path follows the base URL and goes over the wire as it stands, query included.
	Path string
	// Operation is the operationId that the request addresses; "" for none.
	Operation string
	As        Identity
	Header    http.Header
	// Body is nil if none is sent.
	Body []byte
	// Chunked sends the body without a Content-Length.
	Chunked bool
	// Old sends the request as HTTP/1.0, on a connection of its own, if that can be done.
	Old bool
	// Once sends a request on a connection of its own, and never again if that connection is dropped.
	Once bool
	// Brief bounds the wait if the target answers 429 or 503: a few seconds, or the time that its first Retry-After names if
	// that is longer and within the patience of the run.
	Brief bool
	// Together makes the request wait for others before it is written; nil for none.
	Together *Barrier

	blocked       string        // why it must not be sent; "" if it may be
	newConnection bool          // on a connection of its own
	first         bool          // of a conversation that is held in any case
	limit         time.Duration // of this request; 0: that of the run
	single        bool          // not sent again when it is dropped, unless its connection was idle
	// scan reads the body of the response as it arrives, to its end, however little of it is kept. It returns why an account
	// in it is not of the run that seemed so.
	scan     func(body io.Reader) (foreign string)
	disguise *disguise.Disguise // nil for none
}

// disguised replaces the texts by which every run of the suite could be told; nil changes nothing.
func (r *Request) disguised(d *disguise.Disguise) {
	if r.disguise = d; d == nil {
		return
	}
	if r.Body != nil && len(r.Body) <= tracking.Longest {
		r.Body = []byte(d.Text(string(r.Body)))
	}
	values := make([]string, len(r.As.Authorization))
	for i, value := range r.As.Authorization {
		values[i] = d.Text(value)
	}
	r.As.Authorization = values
}

// JSON is the header of a request with a JSON body.
func JSON() http.Header {
	return http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}
}

func (r Request) header(traceparent string) http.Header {
	header := r.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if len(r.As.Authorization) > 0 {
		header["Authorization"] = r.As.Authorization
	}
	header.Set("Traceparent", traceparent)
	if r.disguise != nil {
		r.disguise.Header(header)
	}
	if _, set := header["Accept-Encoding"]; !set {
		header.Set("Accept-Encoding", "identity")
	}
	if header.Get("User-Agent") == "" {
		header.Set("User-Agent", "sa-conformance")
	}
	return header
}

// address joins the base URL and the path without cleaning or unescaping either.
func (r Request) address(base string) (*url.URL, error) {
	path, query, asked := strings.Cut(r.Path, "?")
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	full := u.EscapedPath() + escaped(path)
	u.Path, err = url.PathUnescape(full)
	if err != nil {
		return nil, err
	}
	u.RawPath, u.RawQuery, u.ForceQuery = full, query, asked
	u.User = nil // net/http would make credentials of it
	return u, nil
}

// escaped escapes what no path can hold as it stands (RFC 3986 section 3.3), and nothing else.
func escaped(path string) string {
	var b strings.Builder
	for _, c := range []byte(path) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if letter || '0' <= c && c <= '9' || strings.IndexByte("/%-._~!$&'()*+,;=:@[]", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func (r Request) recorded(u *url.URL, header http.Header) exchange.Request {
	return exchange.Request{Method: r.Method, URL: u.String(), Header: header, Body: r.Body, Chunked: r.Chunked}
}

// reader is the body for net/http; a chunked one hides its length.
func (r Request) reader() io.Reader {
	switch {
	case r.Body == nil:
		return nil
	case r.Chunked:
		return struct{ io.Reader }{bytes.NewReader(r.Body)}
	default:
		return bytes.NewReader(r.Body)
	}
}
