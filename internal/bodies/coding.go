package bodies

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// mostCodings bounds the content codings that are undone on one response.
const mostCodings = 2

// decodedBody reads the body of a response without its content coding. A server may apply a coding that nobody asked for (RFC
// 9110 section 12.5.3), so checks read the decoded body.
type decodedBody struct {
	io.Reader
	Raw   *countingReader
	coded bool
}

// Arrived is the number of bytes read before decoding; 0 if the body has no coding.
func (p *decodedBody) Arrived() int {
	if !p.coded {
		return 0
	}
	return p.Raw.N
}

// Fault is what came of reading the body to its end with an error: bytes that arrived whole and are not in the coding that
// the header names are the target's fault, everything else is the connection's.
func (p *decodedBody) Fault(err error, otherwise *exchange.Failure) *exchange.Failure {
	if errors.Is(err, ErrBomb) {
		return &exchange.Failure{Kind: exchange.Other, Message: ErrBomb.Error()}
	}
	if err == nil || !p.coded || p.Raw.failed {
		return otherwise
	}
	return &exchange.Failure{Kind: exchange.Malformed, Message: notInCoding}
}

const notInCoding = "the body is not in the content coding that its header names"

// Undecodable reports whether a response arrived whole and is not in its coding: then the connection is not the cause, and another
// try would get the same.
func Undecodable(e *exchange.Exchange) bool {
	return e.Failure != nil && e.Failure.Kind == exchange.Malformed && e.Failure.Message == notInCoding
}

// zstdWindow bounds the memory of one decoder, in bytes: RFC 9659 forbids larger windows.
const zstdWindow = 8 << 20

// Decode undoes the content codings of a response: gzip, deflate, br and zstd. The failure names another coding, which says
// nothing about the target.
func Decode(response *http.Response) (*decodedBody, *exchange.Failure) {
	raw := &countingReader{from: response.Body}
	body := &decodedBody{Reader: raw, Raw: raw}
	codings := codingsOf(response.Header)
	if len(codings) == 0 || response.Request != nil && response.Request.Method == http.MethodHead {
		return body, nil
	}
	if len(codings) > mostCodings {
		return nil, &exchange.Failure{Kind: exchange.Other, Message: fmt.Sprintf("the response has %d content codings, and this suite undoes at most %d", len(codings), mostCodings)}
	}
	for _, coding := range slices.Backward(codings) { // they are named in the order of their application
		if !slices.Contains([]string{"gzip", "deflate", "br", "zstd"}, coding) {
			return nil, &exchange.Failure{Kind: exchange.Other, Message: fmt.Sprintf("the response has the content coding %q, which was not asked for and which this suite cannot undo", short(coding))}
		}
		body.Reader, body.coded = &decoder{from: bufio.NewReader(body.Reader), coding: coding}, true
	}
	if body.coded {
		body.Reader = &bombGuard{from: body.Reader, raw: raw}
	}
	return body, nil
}

// codingsOf lists the content codings in lower case; identity is none (RFC 9110 section 8.4.1).
func codingsOf(header http.Header) []string {
	var found []string
	for coding := range strings.SplitSeq(strings.Join(header.Values("Content-Encoding"), ","), ",") {
		coding = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(coding)), "x-")
		if coding != "" && coding != "identity" {
			found = append(found, coding)
		}
	}
	return found
}

// short cuts a text that a target chose.
func short(text string) string { return text[:min(len(text), 32)] }

// decoder undoes one coding. It begins at the first read, because an empty body has no coding to undo.
type decoder struct {
	from   *bufio.Reader
	coding string
	plain  io.Reader
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.plain == nil {
		if _, err := d.from.Peek(1); err != nil {
			return 0, err
		}
		if err := d.begin(); err != nil {
			return 0, err
		}
	}
	return d.plain.Read(p)
}

func (d *decoder) begin() (err error) {
	switch d.coding {
	case "gzip":
		d.plain, err = gzip.NewReader(d.from)
		return err
	case "br":
		d.plain = brotli.NewReader(d.from)
		return nil
	case "zstd": // with one decoder at a time it starts no goroutine, and need not be closed
		d.plain, err = zstd.NewReader(d.from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
		return err
	}
	head, _ := d.from.Peek(2) // deflate is the zlib format; some servers send it without the header
	if len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		d.plain, err = zlib.NewReader(d.from)
		return err
	}
	d.plain = flate.NewReader(d.from)
	return nil
}

// A body that is longer than plainSize, in bytes, may be mostRatio times as long as what arrived: accounts become ten to twenty
// times shorter, and only what is made to take time becomes hundreds of times shorter.
const plainSize, mostRatio = 4 << 20, 200

var ErrBomb = fmt.Errorf("the body is more than %d times as long as its coded form; this is a limit of the suite", mostRatio)

// bombGuard ends a body that is out of proportion to what arrived.
type bombGuard struct {
	from io.Reader
	raw  *countingReader
	n    int
}

func (g *bombGuard) Read(p []byte) (int, error) {
	n, err := g.from.Read(p)
	if g.n += n; g.n > plainSize && g.n/mostRatio > g.raw.N {
		return n, ErrBomb
	}
	return n, err
}

// countingReader counts what it reads, and remembers how reading failed.
type countingReader struct {
	from   io.Reader
	N      int
	failed bool
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.N += n
	c.failed = c.failed || err != nil && !errors.Is(err, io.EOF)
	return n, err
}
