package unforeseen

import (
	"fmt"
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/states"
	"github.com/sa-conformance/conformance/internal/reference"
)

// fields are header fields that RFC 9110 does not have in this form, or that say what is not so.
func fields() []*mutant.Defect {
	const form = "headers.fields.form"
	const caches = "a cache keeps what is old, or nothing"
	return []*mutant.Defect{
		mutant.Defective("modified-tomorrow", "sends a Last-Modified that is later than Date", caches, mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Last-Modified", time.Now().Add(24*time.Hour).UTC().Format(http.TimeFormat))
		}, mutant.List), form),
		mutant.Defective("tag-unquoted", "sends an ETag without quotation marks", caches, mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Etag", "5c1f")
		}, mutant.Update), form),
		mutant.Defective("retry-in-words", "says Retry-After: soon", "a client that reads it fails", mutant.OnStatus(http.StatusNotFound, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Retry-After", "soon")
		}), form),
		mutant.Defective("other-location", "names in Location the account that was created before", "a client goes on with the account of another one", mutant.Memory(func() *mutant.Layer {
			var last mutant.Store[string]
			return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
				before, known := last.Get("")
				last.Put("", a.Fields.Get("Location"))
				if known {
					a.Fields.Set("Location", before)
				}
			}, mutant.Create)
		}), "state.location.own"),
		mutant.Defective("old-chunked", "sends lists in chunks to clients of HTTP/1.0", "an old client or proxy takes the lengths of the chunks for a part of the list", oldChunked(), "headers.transfer-encoding.old"),
		mutant.Defective("page-for-anything", "refuses a malformed update with a page where any media type is accepted", "a client finds no error to read", mutant.OnStatus(http.StatusBadRequest, func(r *http.Request, a *mutant.Response) {
			if r.Header.Get("Accept") == "*/*" {
				mutant.HTMLPage(r, a)
			}
		}, mutant.Update), "errors.media-type.json"),
	}
}

// oldChunked writes the responses to requests of HTTP/1.0 as HTTP/1.1 has them.
func oldChunked() *mutant.Layer {
	return states.PlainServer(&mutant.Layer{Wire: true, Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoAtLeast(1, 1) {
				next.ServeHTTP(w, r)
				return
			}
			a := mutant.Ask(next, r)
			connection, buffer, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			defer func() { _ = connection.Close() }()
			a.Fields.Del("Content-Length")
			_, _ = fmt.Fprintf(buffer, "HTTP/1.1 %d %s\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nDate: %s\r\n", a.Status, http.StatusText(a.Status), time.Now().UTC().Format(http.TimeFormat))
			_ = a.Fields.Write(buffer)
			_, _ = fmt.Fprintf(buffer, "\r\n%x\r\n%s\r\n0\r\n\r\n", len(a.Body), a.Body)
			_ = buffer.Flush()
		})
	}})
}
