package har

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// harTime is the form of startedDateTime.
const harTime = "2006-01-02T15:04:05.000Z07:00"

// Write writes an archive as HAR 1.2, in ASCII alone. It writes what it is given: the exchanges are to be free of
// secrets, see Recording.Finish.
func Write(w io.Writer, a *exchange.Archive) error {
	log := harLog{
		Version: harVersion, Creator: harName{"conformance", a.Suite},
		Comment: "Access tokens are replaced by what may be known of them; \"conformance judge\" judges this file again.",
		Pages:   harPages(a.Exchanges), Entries: []harEntry{},
		Own: &harOwn{
			Format: harFormat, Suite: a.Suite, Supplied: notNil(a.Supplied), Conversations: notNil(a.Conversations), Head: a.Head,
			Digests: notNil(a.Digests),
			Facts: harFacts{
				Organization: a.Facts.Organization, OtherOrganization: a.Facts.OtherOrganization, Groups: notNil(a.Facts.Groups),
				Prefix: a.Facts.Prefix, Disguise: a.Facts.Disguise, BaseURL: a.Facts.BaseURL,
			},
		},
	}
	for _, e := range a.Exchanges {
		entry := harEntryOf(e)
		entry.Own.Apart = a.Apart[e.ID]
		log.Entries = append(log.Entries, entry)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(harFile{log}); err != nil {
		return fmt.Errorf("encoding the recording: %w", err)
	}
	if err := writeASCII(w, b.String()); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	return nil
}

func harPages(exchanges []*exchange.Exchange) []harPage {
	pages := []harPage{}
	known := map[string]bool{}
	for _, e := range exchanges {
		if !known[e.Probe] {
			known[e.Probe] = true
			pages = append(pages, harPage{e.StartedAt.UTC().Format(harTime), e.Probe, e.Probe, harPageTimings{-1, -1}})
		}
	}
	return pages
}

func harEntryOf(e *exchange.Exchange) harEntry {
	t := e.Timings
	entry := harEntry{
		Page: e.Probe, Started: e.StartedAt.UTC().Format(harTime), Time: milliseconds(t.Total),
		Request: harRequestOf(e),
		Response: harResponse{
			HTTPVersion: "unknown", Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1,
			Content: harBody{Size: new(int), MimeType: "x-unknown"},
		},
		Timings: harTimings{
			Blocked: -1, DNS: -1, SSL: -1, Connect: -1, Wait: milliseconds(t.Wait), Receive: milliseconds(t.Receive),
			Send: milliseconds(max(t.Total-t.Connect-t.Wait-t.Receive, 0)),
		},
		Own: &harExchange{
			ID: e.ID, Probe: e.Probe, Step: e.Step, Operation: e.Operation, Identity: e.Identity,
			Started: e.StartedAt.UTC().Format(time.RFC3339Nano), Connect: int64(t.Connect), Wait: int64(t.Wait),
			Receive: int64(t.Receive), Total: int64(t.Total), Chunked: e.Request.Chunked, Old: e.Request.Old, Foreign: e.Foreign,
		},
	}
	if t.Connect > 0 {
		entry.Timings.Connect = milliseconds(t.Connect)
	}
	if !utf8.ValidString(e.Request.URL) {
		entry.Own.URL = []byte(e.Request.URL)
	}
	if e.Failure != nil {
		entry.Error = e.Failure.Message
		entry.Own.Failure = &harFailure{e.Failure.Kind, e.Failure.Message}
	}
	if answer := e.Response; answer != nil {
		entry.Response = harResponseOf(answer)
		entry.Own.Answered, entry.Own.Truncated = true, answer.Truncated
		entry.Own.Reduction, entry.Own.HeaderCut = answer.Reduction, answer.HeaderCut
		entry.Own.ContentLength, entry.Own.TransferEncoding = answer.ContentLength, answer.TransferEncoding
		if answer.Size() != len(answer.Body) {
			entry.Own.Arrived = answer.Size()
		}
	}
	return entry
}

func harRequestOf(e *exchange.Exchange) harRequest {
	r := harRequest{
		Method: e.Request.Method, URL: e.Request.URL, HTTPVersion: "HTTP/1.1", Cookies: []harPair{},
		Headers: harHeaders(e.Request.Header), Query: harQuery(e.Request.URL), HeadersSize: -1, BodySize: len(e.Request.Body),
	}
	if e.Response != nil && e.Response.Proto != "" {
		r.HTTPVersion = e.Response.Proto
	}
	if e.Request.Body != nil {
		body := harBodyOf(e.Request.Body, e.Request.Header)
		body.Encoding, body.RequestEncoding = "", body.Encoding
		r.PostData = &body
	}
	return r
}

func harResponseOf(answer *exchange.Response) harResponse {
	r := harResponse{
		Status: answer.Status, StatusText: http.StatusText(answer.Status), HTTPVersion: answer.Proto, Cookies: []harPair{},
		Headers: harHeaders(answer.Header), Content: harBodyOf(answer.Body, answer.Header),
		RedirectURL: answer.Header.Get("Location"), HeadersSize: -1, BodySize: answer.Size(),
	}
	size := len(answer.Body)
	r.Content.Size = &size
	return r
}

func harHeaders(header http.Header) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			pair := harPair{Name: name, Value: value}
			if !utf8.ValidString(value) {
				pair.Raw = []byte(value)
			}
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

func harQuery(address string) []harPair {
	pairs := []harPair{}
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	for part := range strings.SplitSeq(query, "&") {
		if part != "" {
			name, value, _ := strings.Cut(part, "=")
			pairs = append(pairs, harPair{Name: unescaped(name), Value: unescaped(value)})
		}
	}
	return pairs
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func harBodyOf(body []byte, header http.Header) harBody {
	b := harBody{MimeType: header.Get("Content-Type")}
	switch pieces := pack(body); {
	case pieces != nil:
		b.Text, b.Packed = fmt.Sprintf("(%d bytes, of which long runs of one byte are told in _packed)", len(body)), pieces
	case utf8.Valid(body):
		b.Text = string(body)
	default:
		b.Text, b.Encoding = base64.StdEncoding.EncodeToString(body), "base64"
	}
	return b
}

// A body of more than packFrom bytes is packed if it has runs of at least longRun equal bytes.
const (
	packFrom = 32 << 10
	longRun  = 1 << 10
)

// pack takes a body apart into runs of one byte and what is between them; nil if that is not worth it.
func pack(body []byte) []harPiece {
	if len(body) < packFrom {
		return nil
	}
	var pieces []harPiece
	rest := 0
	between := func(end int) {
		if rest < end {
			pieces = append(pieces, harPiece{Bytes: body[rest:end]})
		}
	}
	saved := 0
	for start := 0; start < len(body); {
		end := start + 1
		for end < len(body) && body[end] == body[start] {
			end++
		}
		if end-start >= longRun {
			between(start)
			pieces = append(pieces, harPiece{Byte: body[start], Times: end - start})
			rest, saved = end, saved+end-start
		}
		start = end
	}
	if saved < len(body)/2 {
		return nil
	}
	between(len(body))
	return pieces
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// writeASCII writes a JSON text with \u escapes in the place of all that is not printable ASCII or a line end: what does
// not show, and what a terminal would act on. Such characters stand inside strings only.
func writeASCII(w io.Writer, text string) error {
	b := bufio.NewWriter(w)
	for _, c := range text {
		switch {
		case c < 0x7f:
			_ = b.WriteByte(byte(c)) // Flush tells
		case c <= 0xffff:
			_, _ = fmt.Fprintf(b, `\u%04x`, c)
		default:
			first, second := utf16.EncodeRune(c)
			_, _ = fmt.Fprintf(b, `\u%04x\u%04x`, first, second)
		}
	}
	return b.Flush()
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
