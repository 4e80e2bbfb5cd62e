package defect

import (
	"net/http"
	"strings"
)

// errorBodies refuse with a body that is not the common error.
func errorBodies() []Defect {
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
	text := func(_ *http.Request, a *answer) {
		a.header.Set("Content-Type", "text/plain; charset=utf-8")
		a.body = []byte(strings.ToLower(http.StatusText(a.status)) + "\n")
	}
	whole := func(document any) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) { a.set(document) }
	}
	member := func(name string, value any) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) {
			a.edit(func(document any) any { return edited(document, "/"+name, always(value)) })
		}
	}
	d := func(name, what string, l Layer, breaks ...string) Defect {
		return Defect{Name: "error-" + name, Family: family, Description: what, Effect: effect, Breaks: breaks, Layer: l}
	}
	const rejected, code = "create.rejects.error-body", "create.rejects.error-code"
	bad := func(change func(*http.Request, *answer)) Layer {
		return onStatus(http.StatusBadRequest, change, create)
	}
	unauthorized := func(change func(*http.Request, *answer)) Layer {
		return onStatus(http.StatusUnauthorized, change, create)
	}
	restricted := func(change func(*http.Request, *answer)) Layer {
		return onStatus(http.StatusForbidden, change, create)
	}
	return []Defect{
		d("400-html", "refuses a malformed create with a page", bad(html), rejected),
		d("400-empty", "refuses a malformed create without a body", bad(empty), rejected),
		d("400-text", "refuses a malformed create with a line of text", bad(text), rejected),
		d("400-shape", "refuses a malformed create with an error of another shape", bad(whole(map[string]any{"code": 400, "message": "bad request"})), rejected),
		d("400-problem", "refuses a malformed create with the members of RFC 9457", bad(whole(map[string]any{"type": "about:blank", "title": "Bad Request", "status": 400})), rejected),
		d("400-nested", "refuses a malformed create with an object for error", bad(member("error", map[string]any{"code": "invalid_request"})), rejected),
		d("400-undescribed", "refuses a malformed create without error_description", bad(member("error_description", gone())), rejected),
		d("400-description-null", "refuses a malformed create with null for error_description", bad(member("error_description", nil)), rejected),
		d("400-code-unknown", "refuses a malformed create with the error bad_request", bad(member("error", "bad_request")), rejected, code),
		d("400-code-upper-case", "refuses a malformed create with the error INVALID_REQUEST", bad(member("error", "INVALID_REQUEST")), rejected, code),
		d("400-code-of-conflict", "refuses a malformed create with the error conflict", bad(member("error", "conflict")), code),
		d("400-code-server", "refuses a malformed create with the error server_error", bad(member("error", "server_error")), code),
		d("415-code", "refuses a wrong media type with the error invalid_request", onStatus(http.StatusUnsupportedMediaType, member("error", "invalid_request"), create), code),
		d("415-html", "refuses a wrong media type with a page", onStatus(http.StatusUnsupportedMediaType, html, create), rejected),
		d("401-html", "refuses a caller without credentials with a page", unauthorized(html), "auth.error.body"),
		d("401-empty", "refuses a caller without credentials without a body", unauthorized(empty), "auth.error.body"),
		d("401-code", "refuses a caller without credentials with the error forbidden", unauthorized(member("error", "forbidden")), "auth.error.code"),
		d("401-code-request", "refuses a bad token with the error invalid_request", unauthorized(member("error", "invalid_request")), "contested.unauthorized.code"),
		d("403-empty", "refuses a caller without permission without a body", restricted(empty), "authz.restricted.error-body"),
		d("403-code", "refuses a caller without permission with the error access_denied", restricted(member("error", "access_denied")), "authz.restricted.error-code"),
		d("trace-dashes", "writes trace_id as a UUID", onAnswer(traced("4bf92f35-77b3-4da6-a3ce-929d0e0e4736")), "errors.trace-id.form"),
		d("trace-short", "writes a trace_id of 16 digits", onAnswer(traced("00f067aa0ba902b7")), "errors.trace-id.form"),
		d("trace-empty", "writes an empty trace_id", onAnswer(traced("")), "errors.trace-id.form"),
		d("trace-parent", "writes the whole traceparent as trace_id", onAnswer(traced("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")), "errors.trace-id.form"),
	}
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
func leaks() []Defect {
	const family = "leaks"
	var all []Defect
	for _, leak := range []struct {
		name, what, text string
		status           int
	}{
		{"stack", "a stack trace", "goroutine 17 [running]:\nmain.(*handler).create(0xc0001)", http.StatusBadRequest},
		{"panic", "a recovered panic", "runtime error: invalid memory address or nil pointer dereference", http.StatusBadRequest},
		{"java", "a Java stack trace", "java.lang.IllegalArgumentException\n\tat org.identity.Accounts.create(Accounts.java:42)", http.StatusBadRequest},
		{"python", "a Python traceback", "Traceback (most recent call last):\n  File \"/srv/app/accounts.py\", line 42, in create", http.StatusBadRequest},
		{"path", "the path of a source file", "cannot decode at /home/build/identity/pkg/handler/create.go:117", http.StatusBadRequest},
		{"sql", "an SQL statement", "SELECT id FROM service_accounts WHERE id = 'x'", http.StatusNotFound},
		{"postgres", "a message of the database", "pq: invalid input syntax for type uuid", http.StatusBadRequest},
		{"host", "an address inside the service", "dial tcp 10.0.3.7:5432: connection refused", http.StatusForbidden},
		{"cluster", "a name inside the cluster", "token rejected by oauth2.identity.svc.cluster.local", http.StatusUnauthorized},
	} {
		all = append(all, Defect{
			Name: "leak-" + leak.name, Family: family, Description: "shows " + leak.what + " in the description of a " + http.StatusText(leak.status),
			Effect: "an attacker learns how the service is built", Breaks: []string{"errors.internals.absent"},
			Layer: onStatus(leak.status, func(_ *http.Request, a *answer) {
				a.edit(func(document any) any { return edited(document, "/error_description", always(leak.text)) })
			}),
		})
	}
	return all
}
