package probe

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
	"github.com/sa-conformance/conformance/internal/wire"
)

// round sends a request once and returns what came of it. The second result is set if the connection had been used before
// and was closed before any part of a response arrived, as an idle connection may be.
func (r *Run) round(ctx context.Context, request Request) (e *exchange.Exchange, idle bool) {
	header := request.header(traceparent())
	e = &exchange.Exchange{Operation: request.Operation, Identity: request.As.Name, StartedAt: r.now()}
	r.recording.Lend(e)
	address, err := request.address(r.target.BaseURL)
	if err != nil {
		e.Request = exchange.Request{Method: request.Method, URL: r.target.BaseURL + request.Path, Header: header}
		e.Failure = &exchange.Failure{Kind: exchange.Other, Message: "the address of the request cannot be formed"}
		return e, false
	}
	e.Request = request.recorded(address, header)
	if request.blocked != "" {
		e.Failure = &exchange.Failure{Kind: exchange.Limit, Message: request.blocked}
		return e, false
	}

	limited, allowance := r.pace.allow(ctx, request.Method, cmp.Or(request.limit, r.limits.Timeout))
	defer func() { allowance.end(e.Answered()) }()
	early := !r.lists.Begun.Load()
	if creates(request) {
		r.lists.Begun.Store(true)
	}
	var clock phases
	e.StartedAt = r.now() // only now: it may have waited for its turn, and what the target answers is not older than this
	clock.begin()
	message, err := http.NewRequestWithContext(httptrace.WithClientTrace(limited, clock.trace(func() { request.Together.wait(limited) })), request.Method, r.target.BaseURL, request.reader())
	if err != nil {
		e.Failure = &exchange.Failure{Kind: exchange.Other, Message: "the request cannot be formed"}
		return e, false
	}
	message.URL, message.Header = address, header.Clone()
	client := r.target.Client
	if request.newConnection || request.Once {
		client = r.alone
	}
	usual := client
	var w *wire.Watch
	if request.Method == http.MethodHead {
		client, w = wire.Watched(client, message)
	}
	if request.Old {
		client, e.Request.Old = wire.Old(client, message)
	}
	own := w != nil || e.Request.Old                                            // a client of ours, which speaks HTTP/1 alone
	answer, err := client.Transport.RoundTrip(message)                          // a client follows, or stumbles over, what a Location says
	if own && err != nil && allowance.classify(ctx, err).Kind == exchange.TLS { // perhaps only HTTP/2 is spoken there
		w, e.Request.Old = nil, false
		answer, err = usual.Transport.RoundTrip(message)
	}
	if err != nil {
		e.Timings = clock.end()
		e.Failure = allowance.classify(ctx, err)
		return e, clock.idle(e)
	}
	defer answer.Body.Close()
	if w == nil && !e.Request.Old {
		r.peers.Note(client, message, answer, clock.address())
	}
	fields, few := bodies.FirstFields(answer.Header)
	decoded, failure := bodies.Decode(answer)
	if e.Failure = failure; failure != nil { // its body cannot be read
		e.Timings = clock.end()
		fields, headerCut := r.bodies.KeepHeader(fields)
		e.Response = &exchange.Response{Status: answer.StatusCode, Proto: answer.Proto, Header: fields, HeaderCut: headerCut, ContentLength: answer.ContentLength}
		return e, false
	}
	var list *bodies.Reading
	if request.Operation == ListOperation && request.Method == http.MethodGet && answer.StatusCode == http.StatusOK {
		list = r.lists.Begin(tracking.Path(request.Path), early)
	}
	source, end := request.scanned(decoded)
	read := func() ([]byte, bool, error) { return r.bodies.Read(source, list) }
	if creates(request) && answer.StatusCode/100 == 2 {
		read = func() ([]byte, bool, error) { return r.bodies.ReadCreated(source) }
	}
	body, cut, err := read()
	e.Foreign = end(&err)
	if w != nil && err == nil {
		body = w.Behind(limited)
	}
	e.Timings = clock.end()
	if !few {
		e.Failure = &exchange.Failure{Kind: exchange.Other, Message: fmt.Sprintf("the response has more than %d header fields; this is a limit of the suite", bodies.MostFields)}
	}
	if err != nil {
		e.Failure = decoded.Fault(err, allowance.classify(ctx, err))
	}
	fields, headerCut := r.bodies.KeepHeader(fields)
	e.Response = &exchange.Response{
		Status: answer.StatusCode, Proto: answer.Proto, Header: fields, HeaderCut: headerCut, Body: body, Arrived: decoded.Arrived(), Truncated: cut,
		ContentLength: answer.ContentLength, TransferEncoding: answer.TransferEncoding,
	}
	if list != nil && list.Reduction.Items > 0 {
		e.Response.Reduction, e.Response.Arrived = list.Reduced(), decoded.Raw.N
	}
	if list != nil && early && !cut && err == nil {
		r.lists.Remember(tracking.Path(request.Path), e.ListedIDs())
	}
	r.lists.Tell(e)
	if answer.StatusCode == http.StatusProxyAuthRequired && wire.Proxied(client, message) {
		e.Failure = &exchange.Failure{Kind: exchange.Proxy, Message: (&wire.ProxyRefusal{Method: "the request", Status: answer.StatusCode}).Error()}
	}
	return e, false
}

// traceparent is a fresh W3C trace context, so that a target's operators can find the request in their traces.
func traceparent() string {
	var id [24]byte
	_, _ = rand.Read(id[:]) // never fails: see crypto/rand
	return "00-" + hex.EncodeToString(id[:16]) + "-" + hex.EncodeToString(id[16:]) + "-01"
}

// retryAfter is how long a target asked to be left alone (RFC 9110 section 10.2.3); false if it did not ask. A 503 asks
// without the field too (RFC 9110 section 15.6.4: a server MAY send it).
func retryAfter(e *exchange.Exchange, now time.Time) (time.Duration, bool) {
	status := e.Status()
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0, false
	}
	value := e.Response.Header.Get("Retry-After")
	if value != "" && strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.Atoi(value)
		if err != nil || seconds > 1<<20 {
			seconds = 1 << 20
		}
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0), true
	}
	if status == http.StatusTooManyRequests {
		return time.Second, true
	}
	return 0, true
}
