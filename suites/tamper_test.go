package suites

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
)

// defect is a way to be wrong, around a conforming server.
type defect func(http.Handler) http.Handler

var (
	collection = regexp.MustCompile(`/organizations/[^/]+/serviceaccounts$`)
	single     = regexp.MustCompile(`/organizations/[^/]+/serviceaccounts/[^/]+$`)
	rotation   = regexp.MustCompile(`/serviceaccounts/[^/]+/rotate$`)
)

// on reports whether a request is one of the operations, named list, create, update, rotate and delete.
func on(r *http.Request, operations ...string) bool {
	name := ""
	switch path := r.URL.Path; {
	case r.Method == http.MethodGet && collection.MatchString(path):
		name = "list"
	case r.Method == http.MethodPost && collection.MatchString(path):
		name = "create"
	case r.Method == http.MethodPut && single.MatchString(path):
		name = "update"
	case r.Method == http.MethodPost && rotation.MatchString(path):
		name = "rotate"
	case r.Method == http.MethodDelete && single.MatchString(path):
		name = "delete"
	}
	return slices.Contains(operations, name)
}

// ask lets a server answer a request with another method, path or body, in the name of whoever sent the first.
func ask(h http.Handler, r *http.Request, method, path string, body []byte) *httptest.ResponseRecorder {
	again := httptest.NewRequestWithContext(r.Context(), method, path, bytes.NewReader(body))
	again.Host, again.Header = r.Host, r.Header.Clone()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, again)
	return w
}

// give hands out a recorded answer.
func give(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	for name, values := range answer.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// refuse answers with the common error body.
func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"error":"`+code+`","error_description":"refused"}`)
}

// around replaces the answer to some operations.
func around(operations string, serve func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte)) defect {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !on(r, strings.Fields(operations)...) {
				h.ServeHTTP(w, r)
				return
			}
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			serve(h, w, r, body)
		})
	}
}

// answered changes the answers to some operations.
func answered(operations string, change func(r *http.Request, answer *httptest.ResponseRecorder)) defect {
	return around(operations, func(h http.Handler, w http.ResponseWriter, r *http.Request, _ []byte) {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		change(r, answer)
		give(w, answer)
	})
}

// status replaces a status by another.
func status(operations string, from, to int) defect {
	return answered(operations, func(_ *http.Request, answer *httptest.ResponseRecorder) {
		if answer.Code == from {
			answer.Code = to
		}
	})
}

// eachAccount changes every account in the good answers to some operations.
func eachAccount(operations string, change func(account map[string]any)) defect {
	return answered(operations, func(_ *http.Request, answer *httptest.ResponseRecorder) {
		edit(answer, func(document any) any {
			items, isList := document.([]any)
			if !isList {
				items = []any{document}
			}
			for _, item := range items {
				change(item.(map[string]any))
			}
			return document
		})
	})
}

// edit changes the JSON body of a good answer.
func edit(answer *httptest.ResponseRecorder, change func(any) any) {
	var document any
	if answer.Code/100 != 2 || json.Unmarshal(answer.Body.Bytes(), &document) != nil {
		return
	}
	answer.Body.Reset()
	_ = json.NewEncoder(answer.Body).Encode(change(document))
}

// asked changes the bodies of some requests.
func asked(operations string, change func(r *http.Request, body map[string]any)) defect {
	return around(operations, func(h http.Handler, w http.ResponseWriter, r *http.Request, body []byte) {
		var document map[string]any
		if json.Unmarshal(body, &document) == nil {
			change(r, document)
			body, _ = json.Marshal(document)
		}
		give(w, ask(h, r, r.Method, r.URL.Path, body))
	})
}

func part(document any, name string) map[string]any {
	object, _ := document.(map[string]any)
	found, _ := object[name].(map[string]any)
	if found == nil {
		found = map[string]any{}
	}
	return found
}
