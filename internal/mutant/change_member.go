package mutant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// changingMember repairs what is malformed in a create before it is validated: at a pointer such as "/metadata/tags/*/name", where
// the value is of one kind. A change that returns gone() removes the value. A body that is no JSON object stays as it is.
func changingMember(pointer, kind string, change func(old any) any, operations ...operation) *Layer {
	return onDocument(func(document map[string]any) {
		changedMember(document, strings.Split(pointer, "/")[1:], func(old any) any {
			if kindOf(old) == kind {
				return change(old)
			}
			return old
		})
	}, operations...)
}

// changedMember changes every value at a path, where * stands for all items of an array. A member that is absent is passed as
// nothing{}.
func changedMember(node any, path []string, change func(any) any) any {
	if len(path) == 0 {
		return change(node)
	}
	switch n := node.(type) {
	case map[string]any:
		var old any = nothing{}
		if value, ok := n[path[0]]; ok {
			old = value
		}
		if n[path[0]] = changedMember(old, path[1:], change); n[path[0]] == (nothing{}) {
			delete(n, path[0])
		}
	case []any:
		kept := []any{}
		for _, item := range n {
			if item = changedMember(item, path[1:], change); !isGone(item) {
				kept = append(kept, item)
			}
		}
		return kept
	}
	return node
}

func isGone(value any) bool {
	_, ok := value.(nothing)
	return ok
}

// kindOf is the JSON type of a value, or missing.
func kindOf(value any) string {
	switch value.(type) {
	case nothing:
		return "missing"
	case nil:
		return "null"
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	}
	return "number"
}

// asText is what a lenient parser makes of a value where it wants a string.
func asText(old any) any {
	switch value := old.(type) {
	case []any:
		if len(value) > 0 {
			return asText(value[0])
		}
	case map[string]any:
		return "object"
	case nil:
		return "null"
	case string:
		return value
	}
	return fmt.Sprint(old)
}

// rewriting changes the bytes of a body before they are validated.
func rewriting(change func(body []byte) []byte, operations ...operation) *Layer {
	return onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
		body := bodyOf(r)
		if changed := change(body); changed != nil {
			return withBody(r, changed)
		}
		return r
	}, operations...)
}

// repairing is rewriting for creates whose body is no JSON object.
func repairing(repair func(body []byte) []byte) *Layer {
	return rewriting(func(body []byte) []byte {
		if len(body) > 64<<10 || json.Valid(body) && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
			return nil
		}
		return repair(body)
	}, create)
}

// onCreateOf serves creates whose body satisfies a condition otherwise.
func onCreateOf(is func(body []byte) bool, serve func(w http.ResponseWriter, r *http.Request, next http.Handler)) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if operationOf(r) == create && is(bodyOf(r)) {
				serve(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}}
}

// failing answers 500, once it is clear who asks.
func failing(w http.ResponseWriter, r *http.Request, next http.Handler) {
	a := ask(next, r)
	if a.status != http.StatusUnauthorized && a.status != http.StatusForbidden {
		a.fail(http.StatusInternalServerError, "server_error")
	}
	a.send(w)
}

// breakingOff closes the connection without a response.
func breakingOff(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

// unnamed is the account that some servers make of nothing.
func unnamed() []byte { return []byte(`{"metadata":{"name":"unnamed"},"spec":{"groupIDs":[]}}`) }
