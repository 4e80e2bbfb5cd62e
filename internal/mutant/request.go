package mutant

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/sa-conformance/conformance/internal/reference"
)

// OnRequest changes requests of some operations (all if none is named) before the server underneath sees them. The
// change may return the request as it is.
func OnRequest(change func(known reference.Credentials, r *http.Request) *http.Request, operations ...Operation) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(operations) == 0 || slices.Contains(operations, OperationOf(r)) {
				r = change(known, r)
			}
			next.ServeHTTP(w, r)
		})
	}}
}

// OnDocument changes the JSON document that a request carries, before it is validated; a body that is no JSON object,
// or a large one, stays as it is.
func OnDocument(change func(document map[string]any), operations ...Operation) *Layer {
	return OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
		var document map[string]any
		if body := BodyOf(r); len(body) > 64<<10 || json.Unmarshal(body, &document) != nil || document == nil {
			return r
		}
		change(document)
		body, _ := json.Marshal(document) // made of what was decoded
		return WithBody(r, body)
	}, operations...)
}

// Admitting lets requests in that the server underneath would refuse: where admit says so, the request is served as the
// operator's.
func Admitting(admit func(r *http.Request) bool, operations ...Operation) *Layer {
	return OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if !admit(r) {
			return r
		}
		admitted := r.Clone(r.Context())
		admitted.Header.Set("Authorization", "Bearer "+known.Token)
		return admitted
	}, operations...)
}

// BodyOf reads the body of a request and leaves it to be read again.
func BodyOf(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// WithBody gives a request another body.
func WithBody(r *http.Request, body []byte) *http.Request {
	changed := r.Clone(r.Context())
	changed.Body, changed.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	changed.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return changed
}
