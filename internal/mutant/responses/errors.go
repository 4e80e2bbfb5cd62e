package responses

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// ErrorBodies refuse with a body that is not the common error.
func ErrorBodies() []*mutant.Defect {
	const family = "error bodies"
	const effect = "clients show a bare status in place of what is wrong"
	html := func(_ *http.Request, a *mutant.Response) {
		a.Fields.Set("Content-Type", "text/html")
		a.Body = []byte("<html><head><title>" + http.StatusText(a.Status) + "</title></head><body><hr>nginx</body></html>\n")
	}
	empty := func(_ *http.Request, a *mutant.Response) {
		a.Fields.Del("Content-Type")
		a.Body = nil
	}
	whole := func(document any) func(*http.Request, *mutant.Response) {
		return func(_ *http.Request, a *mutant.Response) { a.Set(document) }
	}
	member := func(name string, value any) func(*http.Request, *mutant.Response) {
		return func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any { return mutant.Edited(document, "/"+name, mutant.Always(value)) })
		}
	}

	const rejected, code = "create.rejects.error-body", "create.rejects.error-code"
	bad := func(change func(*http.Request, *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusBadRequest, change, mutant.Create)
	}
	unauthorized := func(change func(*http.Request, *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusUnauthorized, change, mutant.Create)
	}
	restricted := func(change func(*http.Request, *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusForbidden, change, mutant.Create)
	}
	return mutant.Prefixed("error-", family,
		mutant.Defective("400-html", "refuses a malformed create with a page", effect, bad(html), rejected),
		mutant.Defective("400-shape", "refuses a malformed create with an error of another shape", effect, bad(whole(map[string]any{"code": 400, "message": "bad request"})), rejected),
		mutant.Defective("400-undescribed", "refuses a malformed create without error_description", effect, bad(member("error_description", mutant.Gone())), rejected),
		mutant.Defective("400-code-unknown", "refuses a malformed create with the error bad_request", effect, bad(member("error", "bad_request")), rejected, code),
		mutant.Defective("400-code-of-conflict", "refuses a malformed create with the error conflict", effect, bad(member("error", "conflict")), code),
		mutant.Defective("415-code", "refuses a wrong media type with the error invalid_request", effect, mutant.OnStatus(http.StatusUnsupportedMediaType, member("error", "invalid_request"), mutant.Create), code),
		mutant.Defective("401-html", "refuses a caller without credentials with a page", effect, unauthorized(html), "auth.error.body"),
		mutant.Defective("401-code", "refuses a caller without credentials with the error forbidden", effect, unauthorized(member("error", "forbidden")), "auth.error.code"),
		mutant.Defective("403-empty", "refuses a caller without permission without a body", effect, restricted(empty), "authz.restricted.error-body"),
		mutant.Defective("403-code", "refuses a caller without permission with the error access_denied", effect, restricted(member("error", "access_denied")), "authz.restricted.error-code"),
		mutant.Defective("trace-dashes", "writes trace_id as a UUID", effect, mutant.OnResponse(Traced("4bf92f35-77b3-4da6-a3ce-929d0e0e4736")), "errors.trace-id.form"),
	)
}

// Traced changes the trace_id of errors.
func Traced(id string) func(*http.Request, *mutant.Response) {
	return func(_ *http.Request, a *mutant.Response) {
		if a.Status >= 400 {
			a.Edit(func(document any) any { return mutant.Edited(document, "/trace_id", mutant.Always(id)) })
		}
	}
}

// Leaks show the inside of the server in a refusal.
func Leaks() []*mutant.Defect {
	const family = "leaks"
	var all []*mutant.Defect
	for _, leak := range []struct {
		name, what, text string
		status           int
	}{
		{"stack", "a stack trace", "goroutine 17 [running]:\nmain.(*handler).create(0xc0001)", http.StatusBadRequest},
		{"java", "a Java stack trace", "java.lang.IllegalArgumentException\n\tat org.identity.Accounts.create(Accounts.java:42)", http.StatusBadRequest},
		{"path", "the path of a source file", "cannot decode at /home/build/identity/pkg/handler/create.go:117", http.StatusBadRequest},
		{"sql", "an SQL statement", "SELECT id FROM service_accounts WHERE id = 'x'", http.StatusNotFound},
		{"host", "an address inside the service", "dial tcp 10.0.3.7:5432: connection refused", http.StatusForbidden},
	} {
		all = append(all, mutant.Defective("leak-"+leak.name, "shows "+leak.what+" in the description of a "+http.StatusText(leak.status), "an attacker learns how the service is built",
			mutant.OnStatus(leak.status, func(_ *http.Request, a *mutant.Response) {
				a.Edit(func(document any) any { return mutant.Edited(document, "/error_description", mutant.Always(leak.text)) })
			}), "errors.internals.absent"))
	}
	return mutant.InFamily(family, all...)
}
