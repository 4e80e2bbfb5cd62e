package mutant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// ChangingMember repairs what is malformed in a create before it is validated: at a pointer such as "/metadata/tags/*/name", where
// the value is of one kind. A change that returns gone() removes the value. A body that is no JSON object stays as it is.
func ChangingMember(pointer, kind string, change func(old any) any, operations ...Operation) *Layer {
	return OnDocument(func(document map[string]any) {
		ChangedMember(document, strings.Split(pointer, "/")[1:], func(old any) any {
			if KindOf(old) == kind {
				return change(old)
			}
			return old
		})
	}, operations...)
}

// ChangedMember changes every value at a path, where * stands for all items of an array. A member that is absent is passed as
// nothing{}.
func ChangedMember(node any, path []string, change func(any) any) any {
	if len(path) == 0 {
		return change(node)
	}
	switch n := node.(type) {
	case map[string]any:
		var old any = nothing{}
		if value, ok := n[path[0]]; ok {
			old = value
		}
		if n[path[0]] = ChangedMember(old, path[1:], change); n[path[0]] == (nothing{}) {
			delete(n, path[0])
		}
	case []any:
		kept := []any{}
		for _, item := range n {
			if item = ChangedMember(item, path[1:], change); !isGone(item) {
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

// KindOf is the JSON type of a value, or missing.
func KindOf(value any) string {
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

// AsText is what a lenient parser makes of a value where it wants a string.
func AsText(old any) any {
	switch value := old.(type) {
	case []any:
		if len(value) > 0 {
			return AsText(value[0])
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

// Rewriting changes the bytes of a body before they are validated.
func Rewriting(change func(body []byte) []byte, operations ...Operation) *Layer {
	return OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
		body := BodyOf(r)
		if changed := change(body); changed != nil {
			return WithBody(r, changed)
		}
		return r
	}, operations...)
}

// Repairing is rewriting for creates whose body is no JSON object.
func Repairing(repair func(body []byte) []byte) *Layer {
	return Rewriting(func(body []byte) []byte {
		if len(body) > 64<<10 || json.Valid(body) && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
			return nil
		}
		return repair(body)
	}, Create)
}

// OnCreateOf serves creates whose body satisfies a condition otherwise.
func OnCreateOf(is func(body []byte) bool, serve func(w http.ResponseWriter, r *http.Request, next http.Handler)) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if OperationOf(r) == Create && is(BodyOf(r)) {
				serve(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}}
}

// Failing answers 500, once it is clear who asks.
func Failing(w http.ResponseWriter, r *http.Request, next http.Handler) {
	a := Ask(next, r)
	if a.Status != http.StatusUnauthorized && a.Status != http.StatusForbidden {
		a.Fail(http.StatusInternalServerError, "server_error")
	}
	a.Send(w)
}

// BreakingOff closes the connection without a response.
func BreakingOff(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

// Unnamed is the account that some servers make of nothing.
func Unnamed() []byte { return []byte(`{"metadata":{"name":"unnamed"},"spec":{"groupIDs":[]}}`) }
