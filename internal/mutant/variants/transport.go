package variants

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// transportVariants differ in how bytes travel.
func transportVariants() []mutant.Variant {
	header := func(name, value string) *mutant.Layer {
		return mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			if a.Fields.Get(name) != "" {
				a.Fields.Set(name, value)
			}
		})
	}
	return []mutant.Variant{
		{Name: "plain-http", Description: "speaks HTTP/1.1 without TLS", Source: "RFC 9112", Layer: &mutant.Layer{Plain: true}},
		{Name: "chunked", About: mutant.Writing, Outermost: true, Description: "sends bodies in pieces, without a length", Source: "RFC 9112 section 7.1", Layer: &mutant.Layer{Plain: true, Wrap: inPieces}},
		{Name: "http2-in-pieces", About: mutant.Writing, Outermost: true, Description: "sends bodies in several frames of HTTP/2, without a length", Source: "RFC 9113 section 8.1", Layer: &mutant.Layer{Wrap: inPieces}},
		{Name: "lower-case-headers", About: mutant.Writing, Outermost: true, Description: "writes the names of headers in lower case", Source: "RFC 9110 section 5.1", Layer: &mutant.Layer{Plain: true, Wrap: recased(strings.ToLower)}},
		{Name: "upper-case-headers", About: mutant.Writing, Outermost: true, Description: "writes the names of headers in upper case", Source: "RFC 9110 section 5.1", Layer: &mutant.Layer{Plain: true, Wrap: recased(strings.ToUpper)}},
		{Name: "closing-connections", About: mutant.Time, Description: "closes the connection after every third response", Source: "RFC 9112 section 9.6", Layer: closing(3)},
		{Name: "prefixed", Description: "stands below a path of another service", Source: "RFC 3986 section 3.3", Layer: &mutant.Layer{Prefix: "/identity/eu-1"}},
		{Name: "no-charset", About: mutant.Writing, Outermost: true, Description: "sends application/json without a charset", Source: "RFC 8259 section 11", Layer: header("Content-Type", "application/json")},
		{Name: "quoted-charset", About: mutant.Writing, Outermost: true, Description: "sends Application/JSON with a charset in quotes", Source: "RFC 9110 section 8.3.1", Layer: header("Content-Type", `Application/JSON;Charset="UTF-8"`)},
		{Name: "several-cache-directives", Description: "says no-store among other directives, in capitals", Source: "RFC 9111 section 5.2", Layer: header("Cache-Control", "private, NO-STORE, max-age=0")},
		{Name: "no-cache", Description: "says no-cache where it hands out a token", Source: "the contested point of the catalogue", Layer: header("Cache-Control", "no-cache")},
		{Name: "long-header-field", Description: "sends a policy of 6,000 bytes with every response", Source: "RFC 9110 section 5.4: no limit", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Content-Security-Policy", "default-src 'none'; img-src"+strings.Repeat(" https://images.example.com", 220))
		})},
		{Name: "no-location", Description: "names no location of what it created", Source: "RFC 9110 section 15.3.2", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) { a.Fields.Del("Location") })},
		{Name: "head-answered", Description: "answers HEAD where it answers GET", Source: "RFC 9110 section 9.3.2", Layer: headAnswered()},
		{Name: "options-answered", Description: "answers OPTIONS with 204 and Allow", Source: "RFC 9110 section 9.3.7", Layer: mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if r.Method == http.MethodOptions {
				*a = mutant.Response{Status: http.StatusNoContent, Fields: http.Header{"Allow": {"GET, HEAD, OPTIONS, POST"}}}
			}
		})},
		{Name: "slash-redirected", Description: "redirects a path with a trailing slash", Source: "RFC 9110 section 15.4.9", Layer: redirecting(http.StatusPermanentRedirect, func(path string) string {
			return strings.TrimRight(path, "/")
		})},
		{Name: "slashes-cleaned", Description: "redirects a path with a double slash", Source: "RFC 9110 section 15.4.2", Layer: redirecting(http.StatusMovedPermanently, func(path string) string {
			return strings.ReplaceAll(path, "//", "/")
		})},
	}
}

// inPieces sends every body in two pieces and no length.
func inPieces(_ reference.Credentials, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := mutant.Ask(next, r)
		for name, values := range a.Fields {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(a.Status)
		for _, piece := range [][]byte{a.Body[:len(a.Body)/2], a.Body[len(a.Body)/2:]} {
			_, _ = w.Write(piece)
			_ = http.NewResponseController(w).Flush()
		}
	})
}

// recased writes the names of headers in another case.
func recased(write func(string) string) mutant.Middleware {
	return func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := mutant.Ask(next, r)
			typed := a.Fields["Content-Type"]
			for name, values := range a.Fields {
				if name != "Content-Length" { // net/http knows it by its usual name alone
					delete(a.Fields, name)
					a.Fields[write(name)] = values
				}
			}
			if typed != nil {
				a.Fields["Content-Type"] = nil // so that net/http adds none
			}
			a.Send(w)
		})
	}
}

func closing(every int) *mutant.Layer {
	layer := mutant.Memory(func() *mutant.Layer {
		var answers mutant.Counter
		return mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			if answers.Next()%every == 0 {
				a.Fields.Set("Connection", "close")
			}
		})
	})
	layer.Plain = true
	return layer
}

func headAnswered() *mutant.Layer {
	return mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
		if r.Method != http.MethodHead {
			return r
		}
		asked := r.Clone(r.Context()) // net/http leaves the body out
		asked.Method = http.MethodGet
		return asked
	})
}

func redirecting(status int, clean func(path string) string) *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if cleaned := clean(r.URL.EscapedPath()); cleaned != r.URL.EscapedPath() {
				w.Header().Set("Location", cleaned)
				w.WriteHeader(status)
				return
			}
			next.ServeHTTP(w, r)
		})
	}}
}
