package mutant

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// asked is a request with the document that it carries; nil where that is no JSON object.
type asked struct {
	*http.Request
	text     []byte
	document map[string]any
	// permitted is set where the operator asks for something in its own organization.
	permitted bool
}

// member is what a pointer names in the document; nil where there is none.
func (q asked) member(pointer string) any { return lookup(q.document, pointer) }

// onAsked serves the requests of some operations itself, where serve says that it did.
func onAsked(serve func(w http.ResponseWriter, q asked) bool, operations ...operation) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, o := range operations {
				if o != operationOf(r) {
					continue
				}
				q := asked{Request: r, text: bodyOf(r)}
				q.permitted = bearerOf(r) == known.Token && strings.Contains(r.URL.Path, "/"+known.Organization+"/")
				_ = json.Unmarshal(q.text, &q.document)
				if serve(w, q) {
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}}
}

// refusing answers creates that satisfy when with an error, where the caller may create at all.
func refusing(status int, code string, when func(q asked) bool) *Layer {
	return onAsked(func(w http.ResponseWriter, q asked) bool {
		if !q.permitted || !when(q) {
			return false
		}
		a := &answer{header: http.Header{}}
		a.fail(status, code)
		a.send(w)
		return true
	}, create)
}

// dropping closes the connection on creates that satisfy when.
func dropping(when func(q asked) bool) *Layer {
	return onAsked(func(_ http.ResponseWriter, q asked) bool {
		if when(q) {
			panic(http.ErrAbortHandler)
		}
		return false
	}, create)
}

func name(q asked) string {
	text, _ := q.member("/metadata/name").(string)
	return text
}

func description(q asked) string {
	text, _ := q.member("/metadata/description").(string)
	return text
}

func tags(q asked) []any {
	items, _ := q.member("/metadata/tags").([]any)
	return items
}

func groups(q asked) []any {
	items, _ := q.member("/spec/groupIDs").([]any)
	return items
}
