package access

import (
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Methods answer methods that the contract does not know.
func Methods() []*mutant.Defect {
	const family = "methods"
	const effect = "a caller does, or believes to have done, what the contract does not offer"
	// on answers one method of the collection (depth 0), of one account (1) or of rotate (2).
	on := func(method string, depth int, status int, body any) *mutant.Layer {
		return undeclared(func(w http.ResponseWriter, r *http.Request, at int) bool {
			if r.Method != method || at != depth || mutant.BearerOf(r) == "" {
				return false
			}
			a := &mutant.Response{Status: status, Fields: http.Header{"Content-Type": {"application/json"}}}
			if body != nil {
				a.Set(body)
			}
			a.Send(w)
			return true
		})
	}
	failing := func(method string) *mutant.Layer {
		return undeclared(func(w http.ResponseWriter, r *http.Request, _ int) bool {
			if r.Method != method {
				return false
			}
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(http.StatusInternalServerError, "server_error")
			a.Send(w)
			return true
		})
	}
	notAllowed := func(change func(*http.Request, *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusMethodNotAllowed, change)
	}
	d := func(name, what string, l *mutant.Layer, breaks ...string) *mutant.Defect {
		return mutant.WithFamily(family, mutant.Defective("method-"+name, what, effect, l, breaks...))
	}
	return []*mutant.Defect{
		d("delete-collection", "answers a DELETE of the collection with 204", on(http.MethodDelete, 0, http.StatusNoContent, nil), "method.undeclared.refused"),
		d("get-account", "answers a GET of one account with 200, whether or not there is one", on(http.MethodGet, 1, http.StatusOK, map[string]any{}), "method.undeclared.refused"),
		d("get-rotate", "answers a GET of rotate with 200", on(http.MethodGet, 2, http.StatusOK, map[string]any{}), "method.undeclared.refused"),
		d("put-501", "answers a PUT of the collection with 501", on(http.MethodPut, 0, http.StatusNotImplemented, map[string]any{
			"error": "server_error", "error_description": "not implemented",
		}), "contested.method.status", "method.undeclared.refused"),
		d("post-account-creates", "takes a POST to one account for a create", mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			if PathDepth(r) == 1 && r.Method == http.MethodPost {
				return mutant.WithPath(r, mutant.CollectionOf(r))
			}
			return r
		}), "method.undeclared.refused"),
		d("405-text", "refuses an undeclared method with a line of text", notAllowed(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Content-Type", "text/plain; charset=utf-8")
			a.Body = []byte("method not allowed\n")
		}), "method.undeclared.error-body"),
		d("405-code", "refuses an undeclared method with the error not_found", notAllowed(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any { return mutant.Edited(document, "/error", mutant.Always("not_found")) })
		}), "method.undeclared.error-body"),
		d("405-without-allow", "refuses an undeclared method without Allow", notAllowed(func(_ *http.Request, a *mutant.Response) { a.Fields.Del("Allow") }), "method.not-allowed.allow"),
		d("405-allow-json", "writes Allow as a JSON array", notAllowed(func(_ *http.Request, a *mutant.Response) { a.Fields.Set("Allow", `["GET", "POST"]`) }), "method.allow.form"),
		d("405-allow-one", "names in Allow no method but OPTIONS", notAllowed(func(_ *http.Request, a *mutant.Response) { a.Fields.Set("Allow", "OPTIONS") }), "method.allow.complete"),
		d("405-without-allow-below", "refuses an undeclared method of one account without Allow", notAllowed(func(r *http.Request, a *mutant.Response) {
			if PathDepth(r) > 0 {
				a.Fields.Del("Allow")
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
func overriding(header string) *mutant.Defect {
	return mutant.WithFamily("methods", mutant.Defective("method-from-"+strings.ToLower(header), "takes the method of a request from "+header, "what a proxy let pass as a reading becomes a deletion",
		mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			if method := r.Header.Get(header); method != "" {
				r = r.Clone(r.Context())
				r.Method = method
			}
			return r
		}), "method.override.ignored"))
}

// undeclared serves requests under the collection itself, where serve says that it did.
func undeclared(serve func(w http.ResponseWriter, r *http.Request, depth int) bool) *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if at := PathDepth(r); at < 0 || !serve(w, r, at) {
				next.ServeHTTP(w, r)
			}
		})
	}}
}

// PathDepth is 0 for the collection, 1 for one account, 2 for rotate, and -1 for any other path.
func PathDepth(r *http.Request) int {
	_, rest, found := strings.Cut(r.URL.EscapedPath(), "/serviceaccounts")
	parts := strings.Split(rest, "/")
	switch {
	case !found || slices.Contains(parts[1:], ""), len(parts) > 3, len(parts) == 3 && parts[2] != "rotate":
		return -1
	}
	return len(parts) - 1
}

// Paths answer paths that the contract does not know.
func Paths() []*mutant.Defect {
	const family = "paths"
	// elsewhere changes the response to unknown paths of which is says so.
	elsewhere := func(is func(path string) bool, change func(a *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusNotFound, func(r *http.Request, a *mutant.Response) {
			if mutant.OperationOf(r) == mutant.AnythingElse && is(r.URL.Path) {
				change(a)
			}
		})
	}
	found := func(document any) func(a *mutant.Response) {
		return func(a *mutant.Response) {
			a.Status = http.StatusOK
			a.Set(document)
		}
	}
	failed := func(a *mutant.Response) { a.Fail(http.StatusInternalServerError, "server_error") }
	top := func(path string) bool { return !strings.Contains(strings.ToLower(path), "serviceaccounts") }
	below := func(path string) bool {
		_, rest, found := strings.Cut(path, "/serviceaccounts/")
		return found && strings.Contains(rest, "/")
	}

	const misled = "a misspelt address seems to work"
	const failing = "a misspelt address becomes an alarm"
	notFound := func(change func(a *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusNotFound, func(r *http.Request, a *mutant.Response) {
			if mutant.OperationOf(r) == mutant.AnythingElse {
				change(a)
			}
		})
	}
	return mutant.Prefixed("path-", family,
		mutant.Defective("unknown-page", "answers unknown paths with 200 and a page", misled, elsewhere(top, func(a *mutant.Response) {
			a.Status = http.StatusOK
			a.Fields.Set("Content-Type", "text/html")
			a.Body = []byte("<html></html>")
		}), "path.unknown.refused"),
		mutant.Defective("unknown-below", "answers unknown paths below an account with 200", misled, elsewhere(below, found(map[string]any{})), "path.unknown.refused"),
		mutant.Defective("unknown-400", "answers unknown paths with 400", "a misspelt address looks like a bad body", elsewhere(func(string) bool { return true }, func(a *mutant.Response) {
			a.Fail(http.StatusBadRequest, "invalid_request")
		}), "path.unknown.not-found"),
		mutant.Defective("404-html", "answers unknown paths with the page of a proxy", "clients show a bare status in place of what is wrong", notFound(func(a *mutant.Response) {
			a.Fields.Set("Content-Type", "text/html")
			a.Body = []byte("<html><h1>404 Not Found</h1></html>")
		}), "path.unknown.error-body"),
		mutant.Defective("trailing-slash-500", "fails over a slash at the end", failing, elsewhere(func(path string) bool { return strings.HasSuffix(path, "/") }, failed), "path.odd.answered"),
		mutant.Defective("upper-case-500", "fails over a path in upper case", failing, elsewhere(func(path string) bool {
			return strings.Contains(path, "SERVICEACCOUNTS")
		}, failed), "path.odd.answered"),
	)
}
