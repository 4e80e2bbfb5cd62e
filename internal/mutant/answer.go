package mutant

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/sa-conformance/conformance/internal/reference"
)

// answer is a response of the server underneath, to be changed before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// onAnswer changes the responses to some operations (all where none is named).
func onAnswer(change func(r *http.Request, a *answer), operations ...operation) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(operations) > 0 && !slices.Contains(operations, operationOf(r)) {
				next.ServeHTTP(w, r)
				return
			}
			a := ask(next, r)
			change(r, a)
			a.send(w)
		})
	}}
}

// onSuccess is onAnswer for responses with a 2xx.
func onSuccess(change func(r *http.Request, a *answer), operations ...operation) *Layer {
	return onAnswer(func(r *http.Request, a *answer) {
		if a.status/100 == 2 {
			change(r, a)
		}
	}, operations...)
}

// onStatus is onAnswer for responses with one status.
func onStatus(status int, change func(r *http.Request, a *answer), operations ...operation) *Layer {
	return onAnswer(func(r *http.Request, a *answer) {
		if a.status == status {
			change(r, a)
		}
	}, operations...)
}

// ask lets the server underneath answer.
func ask(next http.Handler, r *http.Request) *answer {
	a := &answer{header: http.Header{}}
	next.ServeHTTP(a, r)
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a
}

// Header, WriteHeader and Write make a response an http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, b...)
	return len(b), nil
}

func (a *answer) send(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.header.Get("Content-Length") != "" {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// edit changes the body as a JSON document; a body that is none stays as it is.
func (a *answer) edit(change func(document any) any) {
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	var document any
	if decoder.Decode(&document) != nil {
		return
	}
	a.set(change(document))
}

// set makes a value the body.
func (a *answer) set(document any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(document) // made of what was decoded
	a.body = body.Bytes()
}

// fail makes the response an error of the common kind.
func (a *answer) fail(status int, code string) {
	a.status = status
	a.header.Set("Content-Type", "application/json")
	a.set(map[string]any{"error": code, "error_description": "the request cannot be served"})
}

// indent writes a JSON body with white space, and with escapes where it need not.
func (a *answer) indent() {
	var indented bytes.Buffer
	if json.Indent(&indented, a.body, " ", "\t") == nil {
		a.body = append(bytes.ReplaceAll(indented.Bytes(), []byte("/"), []byte(`\/`)), " \r\n"...)
	}
}
