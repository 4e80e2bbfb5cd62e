// Package exchange holds recorded HTTP exchanges, requests with their responses, and the evidence that checks read. It holds
// values only: it sends nothing, reads no clock and judges nothing.
package exchange

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Exchange is one request and what came of it. It is immutable once it is part of a recording.
type Exchange struct {
	// ID names the exchange within its run: "probe/step", and "probe/step#2" for the second sending of one step.
	ID string
	// Probe and Step name the conversation and the place in it.
	Probe, Step string
	// Operation is the operationId of spec/openapi.yaml that was addressed, or "" if the request addresses none.
	Operation string
	// Identity says in words whose credential was sent: "operator", "restricted", "none", "account", "garbage"...
	Identity string
	// Request is what was sent.
	Request Request
	// Response is the response; nil if no status line arrived.
	Response *Response
	// Failure tells why there is no response, or why its body broke off; nil if all went well.
	Failure *Failure
	// Foreign says why an account that the response names is not the run's own although it should be: it was there before the
	// run. It is "" for all other exchanges.
	Foreign string
	// StartedAt is the suite's clock just before the request was sent.
	StartedAt time.Time
	// Timings are the phases of the exchange.
	Timings Timings

	once      sync.Once
	document  any
	valid     bool
	documents *documents // of the recording; nil before the exchange is part of one

	inspecting sync.Once
	inspected  any

	sending sync.Once
	sent    any
}

// Request is the request as it was sent, secrets included.
type Request struct {
	Method string
	// URL is absolute, with every escape as it went over the wire.
	URL    string
	Header http.Header
	// Body is nil if none was sent.
	Body []byte
	// Chunked is set if the body went without a Content-Length.
	Chunked bool
	// Old is set if the request went as HTTP/1.0.
	Old bool
}

// Response is the response as it arrived, secrets included.
type Response struct {
	Status int
	// Proto is the protocol of the response: "HTTP/1.1" or "HTTP/2.0".
	Proto  string
	Header http.Header
	// Body holds what arrived, up to the limit of the run.
	Body []byte
	// Arrived is the length in bytes with which the body arrived, if Body has another one: its content coding is undone, or a
	// recording has placeholders in the place of tokens. 0 otherwise. Size reads it.
	Arrived int
	// Reduction tells what was left out of the body of a long list; nil if all of it is in Body.
	Reduction *Reduction
	// HeaderCut is set if header fields were left out or cut by a limit of the run.
	HeaderCut bool
	// Truncated is set if the body was longer than the limit of the run.
	Truncated bool
	// ContentLength is the declared length, -1 if none was declared.
	ContentLength int64
	// TransferEncoding is "chunked" or empty, outermost first.
	TransferEncoding []string
}

// Kind is the class of a transport failure.
type Kind string

// The kinds of transport failure.
const (
	Refused   Kind = "refused"   // nothing listens there
	Dropped   Kind = "dropped"   // the connection was closed or reset before the response was complete
	Timeout   Kind = "timeout"   // no complete response within the limit
	TLS       Kind = "tls"       // the certificate or the handshake was not acceptable
	DNS       Kind = "dns"       // the host name has no address
	Malformed Kind = "malformed" // what arrived is not HTTP
	Canceled  Kind = "canceled"  // the run was interrupted
	Busy      Kind = "busy"      // the target asked to be left alone (429, or 503 with Retry-After)
	Overtaken Kind = "overtaken" // the response may be due to an earlier try of the request, which was broken off
	Limit     Kind = "limit"     // a limit of the run forbade the request; nothing was sent
	Proxy     Kind = "proxy"     // a proxy on the way did not let the request through; the target saw nothing of it
	Local     Kind = "local"     // this machine could not send the request; the target saw nothing of it
	Other     Kind = "other"
)

// Failure is a transport failure in words that hold no secret.
type Failure struct {
	Kind    Kind
	Message string
}

// NotHTTP is the message of a failure if what arrived does not begin as HTTP does.
const NotHTTP = "what arrived is not HTTP"

// Timings are the phases of an exchange; a phase that did not happen is zero.
type Timings struct {
	// Connect covers name look-up, TCP and TLS; zero on a reused connection.
	Connect time.Duration
	// Wait runs from the request's last byte to the response's first.
	Wait time.Duration
	// Receive runs from the response's first byte to its last.
	Receive time.Duration
	// Total is the whole exchange.
	Total time.Duration
}

// Size is the length in bytes of the body as it arrived.
func (r *Response) Size() int {
	if r.Arrived > 0 {
		return r.Arrived
	}
	return len(r.Body)
}

// Answered reports whether a complete response arrived.
func (e *Exchange) Answered() bool {
	return e != nil && e.Response != nil && e.Failure == nil
}

// Status is the status code of the response, 0 if none arrived.
func (e *Exchange) Status() int {
	if e == nil || e.Response == nil {
		return 0
	}
	return e.Response.Status
}

// Success reports whether a complete answer with a 2xx status arrived.
func (e *Exchange) Success() bool {
	return e.Answered() && e.Response.Status/100 == 2
}

// FinishedAt is the suite's clock when the exchange was over.
func (e *Exchange) FinishedAt() time.Time {
	return e.StartedAt.Add(e.Timings.Total)
}

// BrokenOff reports whether the target dropped the connection, or sent something that is no response.
func (e *Exchange) BrokenOff() bool {
	return e.Failure != nil && (e.Failure.Kind == Dropped || e.Failure.Kind == Malformed)
}

// Unanswered says in one sentence why there is no complete response; "" if there is one.
func (e *Exchange) Unanswered() string {
	switch {
	case e.Answered():
		return ""
	case e.Failure == nil:
		return fmt.Sprintf("%s was not answered", e.ID)
	default:
		return fmt.Sprintf("%s was not answered: %s", e.ID, e.Failure.Message)
	}
}

// Rewritten reports whether the path of the request has an empty segment, a dot segment or an escaped separator. Gateways and
// routers normalize such a path, redirect to another, or refuse it before the service sees it (RFC 3986 section 6.2.2.3).
func (e *Exchange) Rewritten() bool {
	path, _, _ := strings.Cut(e.Request.URL, "?")
	if _, rest, found := strings.Cut(path, "://"); found {
		if _, path, found = strings.Cut(rest, "/"); !found {
			return false
		}
	}
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		plain := strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
		if plain == "" || plain == "." || plain == ".." || strings.Contains(plain, "%2f") || strings.Contains(plain, "%5c") {
			return true
		}
	}
	return false
}
