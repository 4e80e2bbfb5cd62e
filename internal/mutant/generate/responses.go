package generate

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// responseSite changes the responses of one operation that fit.
func responseSite(family, where, what string, op mutant.Operation, fits func(*mutant.Response) bool, change func(*mutant.Response)) site {
	return site{family: family, where: where, what: what, make: func(w *when, changed func()) *mutant.Layer {
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if !fits(a) || !w.on(r) {
				return
			}
			changed()
			change(a)
		}, op)
	}}
}

func hasStatus(status int) func(*mutant.Response) bool {
	return func(a *mutant.Response) bool { return a.Status == status }
}

// headerSites send a header wrongly.
func headerSites() []site {
	var all []site
	add := func(op mutant.Operation, status int, name, what string, values ...string) {
		where := fmt.Sprintf("%s response %d, %s", op, status, name)
		all = append(all, responseSite("header", where, what, op, hasStatus(status), func(a *mutant.Response) {
			a.Fields.Del(name)
			for _, value := range values {
				a.Fields.Add(name, value)
			}
		}))
	}
	for op, status := range map[mutant.Operation]int{mutant.Create: 201, mutant.List: 200, mutant.Update: 200, mutant.Rotate: 200} {
		add(op, status, "Content-Type", "text/plain", "text/plain; charset=utf-8")
		add(op, status, "Content-Type", "text/html", "text/html")
	}
	for _, op := range []mutant.Operation{mutant.Create, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove, mutant.Userinfo} {
		add(op, 401, "WWW-Authenticate", "dropped")
		add(op, 401, "WWW-Authenticate", "of Basic alone", `Basic realm="accounts"`)
		add(op, 401, "WWW-Authenticate", "malformed", `Bearer realm="accounts`)
		if op != mutant.Userinfo { // nobody promises how its errors look
			add(op, 401, "Content-Type", "text/html", "text/html")
		}
	}
	for _, op := range []mutant.Operation{mutant.Update, mutant.Rotate, mutant.Remove} {
		add(op, 404, "Content-Type", "text/html", "text/html")
	}
	return inOrder(all)
}

// inOrder puts sites that come out of a map into one order.
func inOrder(all []site) []site {
	slices.SortStableFunc(all, func(a, b site) int { return strings.Compare(a.where+a.what, b.where+b.what) })
	return all
}

// statusSites answer with another status than what was done deserves.
func statusSites() []site {
	var all []site
	add := func(op mutant.Operation, from, to int, code string) {
		where := fmt.Sprintf("%s response %d", op, from)
		what := fmt.Sprintf("status %d", to)
		all = append(all, responseSite("status", where, what, op, hasStatus(from), func(a *mutant.Response) {
			if code != "" {
				a.Fail(to, code)
				return
			}
			a.Status = to
		}))
	}
	for _, to := range []int{200, 202, 203} {
		add(mutant.Create, 201, to, "")
	}
	add(mutant.Create, 201, 500, "server_error")
	add(mutant.Create, 201, 403, "forbidden")
	for _, op := range []mutant.Operation{mutant.List, mutant.Update, mutant.Rotate, mutant.Remove} {
		add(op, 200, 201, "")
		add(op, 200, 500, "server_error")
		add(op, 200, 404, "not_found")
		add(op, 401, 500, "server_error")
		add(op, 401, 404, "not_found")
		add(op, 401, 200, "")
		add(op, 403, 500, "server_error")
		add(op, 403, 401, "access_denied")
		add(op, 403, 200, "")
	}
	for _, op := range []mutant.Operation{mutant.Update, mutant.Rotate, mutant.Remove} {
		add(op, 404, 500, "server_error")
		add(op, 404, 200, "")
		add(op, 404, 403, "forbidden")
	}
	for _, op := range []mutant.Operation{mutant.Create, mutant.Update} {
		add(op, 400, 500, "server_error")
		add(op, 400, 200, "")
		add(op, 422, 500, "server_error")
		add(op, 400, 404, "not_found")
	}
	add(mutant.Create, 401, 500, "server_error")
	add(mutant.Create, 403, 500, "server_error")
	add(mutant.Create, 403, 401, "access_denied")
	return all
}

// bodySites send a body that is not the one JSON text that was promised.
func bodySites() []site {
	var all []site
	add := func(op mutant.Operation, good bool, what string, to func([]byte) []byte) {
		where := string(op) + " success, body"
		if !good {
			where = string(op) + " refusal, body"
		}
		fits := func(a *mutant.Response) bool { return (a.Status/100 == 2) == good && len(a.Body) > 0 }
		all = append(all, responseSite("body", where, what, op, fits, func(a *mutant.Response) { a.Body = to(bytes.Clone(a.Body)) }))
	}
	for _, op := range []mutant.Operation{mutant.Create, mutant.List, mutant.Update, mutant.Rotate} {
		add(op, true, "cut in half", func(b []byte) []byte { return b[:len(b)/2] })
		add(op, true, "empty", func([]byte) []byte { return nil })
		add(op, true, "sent twice", func(b []byte) []byte { return append(b, b...) })
		add(op, true, "in an envelope", func(b []byte) []byte { return append(append([]byte(`{"data":`), bytes.TrimSpace(b)...), '}') })
		add(op, true, "null", func([]byte) []byte { return []byte("null") })
	}
	for _, op := range []mutant.Operation{mutant.Create, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove} {
		add(op, false, "empty", func([]byte) []byte { return nil })
		add(op, false, "a text", func([]byte) []byte { return []byte("the request cannot be served\n") })
		add(op, false, "without error_description", func([]byte) []byte { return []byte(`{"error":"invalid_request"}`) })
		add(op, false, "of another form", func([]byte) []byte { return []byte(`{"code":17,"message":"the request cannot be served"}`) })
		add(op, false, "an error that the contract does not know", func([]byte) []byte {
			return []byte(`{"error":"failure","error_description":"the request cannot be served"}`)
		})
	}
	return all
}
