package mutant

import (
	"net/http"
)

// errorBodies refuse with a body that is not the common error.
func errorBodies() []*Defect {
	const family = "error bodies"
	const effect = "clients show a bare status in place of what is wrong"
	html := func(_ *http.Request, a *answer) {
		a.header.Set("Content-Type", "text/html")
		a.body = []byte("<html><head><title>" + http.StatusText(a.status) + "</title></head><body><hr>nginx</body></html>\n")
	}
	empty := func(_ *http.Request, a *answer) {
		a.header.Del("Content-Type")
		a.body = nil
	}
	whole := func(document any) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) { a.set(document) }
	}
	member := func(name string, value any) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) {
			a.edit(func(document any) any { return edited(document, "/"+name, always(value)) })
		}
	}

	const rejected, code = "create.rejects.error-body", "create.rejects.error-code"
	bad := func(change func(*http.Request, *answer)) *Layer {
		return onStatus(http.StatusBadRequest, change, create)
	}
	unauthorized := func(change func(*http.Request, *answer)) *Layer {
		return onStatus(http.StatusUnauthorized, change, create)
	}
	restricted := func(change func(*http.Request, *answer)) *Layer {
		return onStatus(http.StatusForbidden, change, create)
	}
	return prefixed("error-", family,
		defective("400-html", "refuses a malformed create with a page", effect, bad(html), rejected),
		defective("400-shape", "refuses a malformed create with an error of another shape", effect, bad(whole(map[string]any{"code": 400, "message": "bad request"})), rejected),
		defective("400-undescribed", "refuses a malformed create without error_description", effect, bad(member("error_description", gone())), rejected),
		defective("400-code-unknown", "refuses a malformed create with the error bad_request", effect, bad(member("error", "bad_request")), rejected, code),
		defective("400-code-of-conflict", "refuses a malformed create with the error conflict", effect, bad(member("error", "conflict")), code),
		defective("415-code", "refuses a wrong media type with the error invalid_request", effect, onStatus(http.StatusUnsupportedMediaType, member("error", "invalid_request"), create), code),
		defective("401-html", "refuses a caller without credentials with a page", effect, unauthorized(html), "auth.error.body"),
		defective("401-code", "refuses a caller without credentials with the error forbidden", effect, unauthorized(member("error", "forbidden")), "auth.error.code"),
		defective("403-empty", "refuses a caller without permission without a body", effect, restricted(empty), "authz.restricted.error-body"),
		defective("403-code", "refuses a caller without permission with the error access_denied", effect, restricted(member("error", "access_denied")), "authz.restricted.error-code"),
		defective("trace-dashes", "writes trace_id as a UUID", effect, onAnswer(traced("4bf92f35-77b3-4da6-a3ce-929d0e0e4736")), "errors.trace-id.form"),
	)
}

// traced changes the trace_id of errors.
func traced(id string) func(*http.Request, *answer) {
	return func(_ *http.Request, a *answer) {
		if a.status >= 400 {
			a.edit(func(document any) any { return edited(document, "/trace_id", always(id)) })
		}
	}
}

// leaks show the inside of the server in a refusal.
func leaks() []*Defect {
	const family = "leaks"
	var all []*Defect
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
		all = append(all, defective("leak-"+leak.name, "shows "+leak.what+" in the description of a "+http.StatusText(leak.status), "an attacker learns how the service is built",
			onStatus(leak.status, func(_ *http.Request, a *answer) {
				a.edit(func(document any) any { return edited(document, "/error_description", always(leak.text)) })
			}), "errors.internals.absent"))
	}
	return inFamily(family, all...)
}
