package mutant

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
)

// proxyVariants do what a gateway in front of the service does by default.
func proxyVariants() []Variant {
	const undefined = "openapi.yaml: the document declares neither the method nor the path"
	page := func(status int, body string) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) {
			*a = answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: []byte(body)}
		}
	}
	method := func(method string, change func(*http.Request, *answer)) *Layer {
		return onAnswer(func(r *http.Request, a *answer) {
			if r.Method == method {
				change(r, a)
			}
		})
	}
	return []Variant{
		{Name: "gzip-unasked", Description: "compresses every body, whatever the client accepts", Source: "RFC 9110 section 12.5.3", Layer: onAnswer(gzipped)},
		{Name: "trace-405-without-allow", Description: "refuses TRACE at the gateway, without Allow", Source: "RFC 9110 section 9.3.8", Layer: method(http.MethodTrace, page(http.StatusMethodNotAllowed, ""))},
		{Name: "options-501", Description: "answers OPTIONS with 501", Source: "RFC 9110 section 15.6.2", Layer: method(http.MethodOptions, page(http.StatusNotImplemented, ""))},
		{Name: "head-501", Description: "answers HEAD with 501", Source: "RFC 9110 section 15.6.2", Layer: method(http.MethodHead, page(http.StatusNotImplemented, ""))},
		{Name: "undeclared-method-501", Description: "answers 501 for a method that is not declared", Source: "RFC 9110 section 15.6.2", Layer: onStatus(http.StatusMethodNotAllowed, page(http.StatusNotImplemented, ""))},
		{Name: "undeclared-method-403", Description: "answers 403 for a method that is not declared, in the gateway's words", Source: undefined, Layer: onStatus(http.StatusMethodNotAllowed, page(http.StatusForbidden, `{"message":"Missing Authentication Token"}`))},
		{Name: "undeclared-method-405-page", Description: "answers 405 for a method that is not declared, with the gateway's page", Source: undefined, Layer: onStatus(http.StatusMethodNotAllowed, func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", "text/html")
			a.body = []byte("<html><head><title>405 Not Allowed</title></head></html>\r\n")
		})},
		{Name: "unknown-path-403", Description: "answers 403 for a path that it does not know, in the gateway's words", Source: undefined, Layer: onStatus(http.StatusNotFound, func(r *http.Request, a *answer) {
			if operationOf(r) == anythingElse && depth(r) < 0 {
				page(http.StatusForbidden, `{"message":"Missing Authentication Token"}`)(r, a)
			}
		})},
		{Name: "foreign-origin-shared", Description: "lets every origin read what needs no credentials", Source: "the Fetch standard, CORS protocol", Layer: onAnswer(func(r *http.Request, a *answer) {
			if r.Header.Get("Origin") != "" {
				a.header.Set("Access-Control-Allow-Origin", "*")
			}
		})},
	}
}

// gzipped compresses a body.
func gzipped(_ *http.Request, a *answer) {
	if len(a.body) == 0 {
		return
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(a.body)
	_ = w.Close()
	a.body = b.Bytes()
	a.header.Set("Content-Encoding", "gzip")
	a.header.Set("Content-Length", strconv.Itoa(len(a.body)))
}
