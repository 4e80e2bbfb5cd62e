package mutant

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/sa-conformance/conformance/internal/reference"
)

// Response is a response of the server underneath, to be changed before it is sent.
type Response struct {
	Status int
	Fields http.Header
	Body   []byte
}

// OnResponse changes the responses to some operations (all if none is named).
func OnResponse(change func(r *http.Request, a *Response), operations ...Operation) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(operations) > 0 && !slices.Contains(operations, OperationOf(r)) {
				next.ServeHTTP(w, r)
				return
			}
			a := Ask(next, r)
			change(r, a)
			a.Send(w)
		})
	}}
}

// OnSuccess is onAnswer for responses with a 2xx.
func OnSuccess(change func(r *http.Request, a *Response), operations ...Operation) *Layer {
	return OnResponse(func(r *http.Request, a *Response) {
		if a.Status/100 == 2 {
			change(r, a)
		}
	}, operations...)
}

// OnStatus is onAnswer for responses with one status.
func OnStatus(status int, change func(r *http.Request, a *Response), operations ...Operation) *Layer {
	return OnResponse(func(r *http.Request, a *Response) {
		if a.Status == status {
			change(r, a)
		}
	}, operations...)
}

// Ask lets the server underneath answer.
func Ask(next http.Handler, r *http.Request) *Response {
	a := &Response{Fields: http.Header{}}
	next.ServeHTTP(a, r)
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	return a
}

// Header, WriteHeader and Write make a response an http.ResponseWriter.
func (a *Response) Header() http.Header { return a.Fields }

func (a *Response) WriteHeader(status int) {
	if a.Status == 0 {
		a.Status = status
	}
}

func (a *Response) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.Body = append(a.Body, b...)
	return len(b), nil
}

func (a *Response) Send(w http.ResponseWriter) {
	for name, values := range a.Fields {
		w.Header()[name] = values
	}
	if a.Fields.Get("Content-Length") != "" {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body)
}

// Edit changes the body as a JSON document; a body that is none stays as it is.
func (a *Response) Edit(change func(document any) any) {
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.UseNumber()
	var document any
	if decoder.Decode(&document) != nil {
		return
	}
	a.Set(change(document))
}

// Set makes a value the body.
func (a *Response) Set(document any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(document) // made of what was decoded
	a.Body = body.Bytes()
}

// Fail makes the response an error of the common kind.
func (a *Response) Fail(status int, code string) {
	a.Status = status
	a.Fields.Set("Content-Type", "application/json")
	a.Set(map[string]any{"error": code, "error_description": "the request cannot be served"})
}

// Indent writes a JSON body with white space, and with escapes that it does not need.
func (a *Response) Indent() {
	var indented bytes.Buffer
	if json.Indent(&indented, a.Body, " ", "\t") == nil {
		a.Body = append(bytes.ReplaceAll(indented.Bytes(), []byte("/"), []byte(`\/`)), " \r\n"...)
	}
}

// HTMLPage makes a response the HTML page of a gateway.
func HTMLPage(_ *http.Request, a *Response) {
	a.Fields = http.Header{"Content-Type": {"text/html"}}
	a.Body = []byte("<html><head><title>" + http.StatusText(a.Status) + "</title></head><body><hr>nginx</body></html>\n")
}
