package variants

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/access"
)

// proxyVariants do what a gateway in front of the service does by default.
func proxyVariants() []mutant.Variant {
	const undefined = "openapi.yaml: the document declares neither the method nor the path"
	page := func(status int, body string) func(*http.Request, *mutant.Response) {
		return func(_ *http.Request, a *mutant.Response) {
			*a = mutant.Response{Status: status, Fields: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
		}
	}
	method := func(method string, change func(*http.Request, *mutant.Response)) *mutant.Layer {
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if r.Method == method {
				change(r, a)
			}
		})
	}
	return []mutant.Variant{
		{Name: "gzip-unasked", About: mutant.Writing, Outermost: true, Description: "compresses every body, whatever the client accepts", Source: "RFC 9110 section 12.5.3", Layer: mutant.OnResponse(gzipped)},
		{Name: "trace-405-without-allow", Description: "refuses TRACE at the gateway, without Allow", Source: "RFC 9110 section 9.3.8", Layer: method(http.MethodTrace, page(http.StatusMethodNotAllowed, ""))},
		{Name: "options-501", Description: "answers OPTIONS with 501", Source: "RFC 9110 section 15.6.2", Layer: method(http.MethodOptions, page(http.StatusNotImplemented, ""))},
		{Name: "head-501", Description: "answers HEAD with 501", Source: "RFC 9110 section 15.6.2", Layer: method(http.MethodHead, page(http.StatusNotImplemented, ""))},
		{Name: "undeclared-method-501", Description: "answers 501 for a method that is not declared", Source: "RFC 9110 section 15.6.2", Layer: mutant.OnStatus(http.StatusMethodNotAllowed, page(http.StatusNotImplemented, ""))},
		{Name: "undeclared-method-403", Description: "answers 403 for a method that is not declared, in the gateway's words", Source: undefined, Layer: mutant.OnStatus(http.StatusMethodNotAllowed, page(http.StatusForbidden, `{"message":"Missing Authentication Token"}`))},
		{Name: "undeclared-method-405-page", Description: "answers 405 for a method that is not declared, with the gateway's page", Source: undefined, Layer: mutant.OnStatus(http.StatusMethodNotAllowed, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Content-Type", "text/html")
			a.Body = []byte("<html><head><title>405 Not Allowed</title></head></html>\r\n")
		})},
		{Name: "unknown-path-403", Description: "answers 403 for a path that it does not know, in the gateway's words", Source: undefined, Layer: mutant.OnStatus(http.StatusNotFound, func(r *http.Request, a *mutant.Response) {
			if mutant.OperationOf(r) == mutant.AnythingElse && access.PathDepth(r) < 0 {
				page(http.StatusForbidden, `{"message":"Missing Authentication Token"}`)(r, a)
			}
		})},
		{Name: "foreign-origin-shared", About: mutant.Refusals, Description: "lets every origin read what needs no credentials", Source: "the Fetch standard, CORS protocol", Layer: mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if r.Header.Get("Origin") != "" {
				a.Fields.Set("Access-Control-Allow-Origin", "*")
			}
		})},
	}
}

// gzipped compresses a body.
func gzipped(_ *http.Request, a *mutant.Response) {
	if len(a.Body) == 0 {
		return
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(a.Body)
	_ = w.Close()
	a.Body = b.Bytes()
	a.Fields.Set("Content-Encoding", "gzip")
	a.Fields.Set("Content-Length", strconv.Itoa(len(a.Body)))
}
