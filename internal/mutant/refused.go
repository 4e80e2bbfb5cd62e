package mutant

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// ParsedRequest is a request with the document that it carries; nil if that is no JSON object.
type ParsedRequest struct {
	*http.Request
	Text     []byte
	Document map[string]any
	// permitted is set if the operator asks for something in its own organization.
	Permitted bool
}

// Member is what a pointer names in the document; nil if there is none.
func (q ParsedRequest) Member(pointer string) any { return Lookup(q.Document, pointer) }

// OnParsed serves the requests of some operations itself, where serve says that it did.
func OnParsed(serve func(w http.ResponseWriter, q ParsedRequest) bool, operations ...Operation) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, o := range operations {
				if o != OperationOf(r) {
					continue
				}
				q := ParsedRequest{Request: r, Text: BodyOf(r)}
				q.Permitted = BearerOf(r) == known.Token && strings.Contains(r.URL.Path, "/"+known.Organization+"/")
				_ = json.Unmarshal(q.Text, &q.Document)
				if serve(w, q) {
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}}
}

// Refusing answers creates that satisfy when with an error, where the caller may create at all.
func Refusing(status int, code string, when func(q ParsedRequest) bool) *Layer {
	return OnParsed(func(w http.ResponseWriter, q ParsedRequest) bool {
		if !q.Permitted || !when(q) {
			return false
		}
		a := &Response{Fields: http.Header{}}
		a.Fail(status, code)
		a.Send(w)
		return true
	}, Create)
}

// Dropping closes the connection on creates that satisfy when.
func Dropping(when func(q ParsedRequest) bool) *Layer {
	return OnParsed(func(_ http.ResponseWriter, q ParsedRequest) bool {
		if when(q) {
			panic(http.ErrAbortHandler)
		}
		return false
	}, Create)
}

func RequestedName(q ParsedRequest) string {
	text, _ := q.Member("/metadata/name").(string)
	return text
}

func RequestedDescription(q ParsedRequest) string {
	text, _ := q.Member("/metadata/description").(string)
	return text
}

func RequestedTags(q ParsedRequest) []any {
	items, _ := q.Member("/metadata/tags").([]any)
	return items
}

func RequestedGroups(q ParsedRequest) []any {
	items, _ := q.Member("/spec/groupIDs").([]any)
	return items
}
