package mutant

import (
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// methods answer methods that the contract does not know.
func methods() []*Defect {
	const family = "methods"
	const effect = "a caller does, or believes to have done, what the contract does not offer"
	// on answers one method of the collection (depth 0), of one account (1) or of rotate (2).
	on := func(method string, depth int, status int, body any) *Layer {
		return undeclared(func(w http.ResponseWriter, r *http.Request, at int) bool {
			if r.Method != method || at != depth || bearerOf(r) == "" {
				return false
			}
			a := &answer{status: status, header: http.Header{"Content-Type": {"application/json"}}}
			if body != nil {
				a.set(body)
			}
			a.send(w)
			return true
		})
	}
	failing := func(method string) *Layer {
		return undeclared(func(w http.ResponseWriter, r *http.Request, _ int) bool {
			if r.Method != method {
				return false
			}
			a := &answer{header: http.Header{}}
			a.fail(http.StatusInternalServerError, "server_error")
			a.send(w)
			return true
		})
	}
	notAllowed := func(change func(*http.Request, *answer)) *Layer { return onStatus(http.StatusMethodNotAllowed, change) }
	d := func(name, what string, l *Layer, breaks ...string) *Defect {
		return of(family, defective("method-"+name, what, effect, l, breaks...))
	}
	return []*Defect{
		d("delete-collection", "answers a DELETE of the collection with 204", on(http.MethodDelete, 0, http.StatusNoContent, nil), "method.undeclared.refused"),
		d("get-account", "answers a GET of one account with 200, whether or not there is one", on(http.MethodGet, 1, http.StatusOK, map[string]any{}), "method.undeclared.refused"),
		d("get-rotate", "answers a GET of rotate with 200", on(http.MethodGet, 2, http.StatusOK, map[string]any{}), "method.undeclared.refused"),
		d("put-501", "answers a PUT of the collection with 501", on(http.MethodPut, 0, http.StatusNotImplemented, map[string]any{
			"error": "server_error", "error_description": "not implemented",
		}), "contested.method.status", "method.undeclared.refused"),
		d("post-account-creates", "takes a POST to one account for a create", onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			if depth(r) == 1 && r.Method == http.MethodPost {
				return withPath(r, collectionOf(r))
			}
			return r
		}), "method.undeclared.refused"),
		d("405-text", "refuses an undeclared method with a line of text", notAllowed(func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", "text/plain; charset=utf-8")
			a.body = []byte("method not allowed\n")
		}), "method.undeclared.error-body"),
		d("405-code", "refuses an undeclared method with the error not_found", notAllowed(func(_ *http.Request, a *answer) {
			a.edit(func(document any) any { return edited(document, "/error", always("not_found")) })
		}), "method.undeclared.error-body"),
		d("405-without-allow", "refuses an undeclared method without Allow", notAllowed(func(_ *http.Request, a *answer) { a.header.Del("Allow") }), "method.not-allowed.allow"),
		d("405-without-allow-below", "refuses an undeclared method of one account without Allow", notAllowed(func(r *http.Request, a *answer) {
			if depth(r) > 0 {
				a.header.Del("Allow")
			}
		}), "method.not-allowed.allow"),
		d("head-500", "answers HEAD with 500", failing(http.MethodHead), "method.head.no-body"),
		d("options-500", "answers OPTIONS with 500", failing(http.MethodOptions), "method.options.answered"),
		d("trace-echo", "answers TRACE with the request, credentials included", undeclared(func(w http.ResponseWriter, r *http.Request, _ int) bool {
			if r.Method != http.MethodTrace {
				return false
			}
			text, _ := httputil.DumpRequest(r, false)
			w.Header().Set("Content-Type", "message/http")
			_, _ = w.Write(text)
			return true
		}), "method.trace.no-echo"),
		overriding("X-HTTP-Method-Override"), overriding("X-Method-Override"),
	}
}

// overriding takes the method from a header.
func overriding(header string) *Defect {
	return of("methods", defective("method-from-"+strings.ToLower(header), "takes the method of a request from "+header, "what a proxy let pass as a reading becomes a deletion",
		onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			if method := r.Header.Get(header); method != "" {
				r = r.Clone(r.Context())
				r.Method = method
			}
			return r
		}), "method.override.ignored"))
}

// undeclared serves requests under the collection itself, where serve says that it did.
func undeclared(serve func(w http.ResponseWriter, r *http.Request, depth int) bool) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if at := depth(r); at < 0 || !serve(w, r, at) {
				next.ServeHTTP(w, r)
			}
		})
	}}
}

// depth is 0 for the collection, 1 for one account, 2 for rotate, and -1 for any other path.
func depth(r *http.Request) int {
	_, rest, found := strings.Cut(r.URL.EscapedPath(), "/serviceaccounts")
	parts := strings.Split(rest, "/")
	switch {
	case !found || slices.Contains(parts[1:], ""), len(parts) > 3, len(parts) == 3 && parts[2] != "rotate":
		return -1
	}
	return len(parts) - 1
}

// paths answer paths that the contract does not know.
func paths() []*Defect {
	const family = "paths"
	// elsewhere changes the response to unknown paths of which is says so.
	elsewhere := func(is func(path string) bool, change func(a *answer)) *Layer {
		return onStatus(http.StatusNotFound, func(r *http.Request, a *answer) {
			if operationOf(r) == anythingElse && is(r.URL.Path) {
				change(a)
			}
		})
	}
	found := func(document any) func(a *answer) {
		return func(a *answer) {
			a.status = http.StatusOK
			a.set(document)
		}
	}
	failed := func(a *answer) { a.fail(http.StatusInternalServerError, "server_error") }
	top := func(path string) bool { return !strings.Contains(strings.ToLower(path), "serviceaccounts") }
	below := func(path string) bool {
		_, rest, found := strings.Cut(path, "/serviceaccounts/")
		return found && strings.Contains(rest, "/")
	}

	const misled = "a misspelt address seems to work"
	const failing = "a misspelt address becomes an alarm"
	notFound := func(change func(a *answer)) *Layer {
		return onStatus(http.StatusNotFound, func(r *http.Request, a *answer) {
			if operationOf(r) == anythingElse {
				change(a)
			}
		})
	}
	return prefixed("path-", family,
		defective("unknown-page", "answers unknown paths with 200 and a page", misled, elsewhere(top, func(a *answer) {
			a.status = http.StatusOK
			a.header.Set("Content-Type", "text/html")
			a.body = []byte("<html></html>")
		}), "path.unknown.refused"),
		defective("unknown-below", "answers unknown paths below an account with 200", misled, elsewhere(below, found(map[string]any{})), "path.unknown.refused"),
		defective("unknown-400", "answers unknown paths with 400", "a misspelt address looks like a bad body", elsewhere(func(string) bool { return true }, func(a *answer) {
			a.fail(http.StatusBadRequest, "invalid_request")
		}), "path.unknown.not-found"),
		defective("404-html", "answers unknown paths with the page of a proxy", "clients show a bare status in place of what is wrong", notFound(func(a *answer) {
			a.header.Set("Content-Type", "text/html")
			a.body = []byte("<html><h1>404 Not Found</h1></html>")
		}), "path.unknown.error-body"),
		defective("trailing-slash-500", "fails over a slash at the end", failing, elsewhere(func(path string) bool { return strings.HasSuffix(path, "/") }, failed), "path.odd.answered"),
		defective("upper-case-500", "fails over a path in upper case", failing, elsewhere(func(path string) bool {
			return strings.Contains(path, "SERVICEACCOUNTS")
		}, failed), "path.odd.answered"),
	)
}
