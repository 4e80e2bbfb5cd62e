package reference

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// answer is a response as a value.
type answer struct {
	status int
	body   any  // to be written as JSON; nil: no body
	secret bool // the body carries a token or claims
	header map[string]string
}

// write adds what every response has. Date is net/http's part.
func write(w http.ResponseWriter, r *http.Request, a answer) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if a.secret { // RFC 6749 section 5.1 asks for both
		h.Set("Cache-Control", "no-store")
		h.Set("Pragma", "no-cache")
	}
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	for name, value := range a.header {
		h.Set(name, value)
	}
	var body []byte
	if a.body != nil {
		var err error
		if body, err = json.Marshal(a.body); err != nil { // only claims that a hook has spoilt come here
			a.status, body = http.StatusInternalServerError, []byte(`{"error":"server_error","error_description":"the response could not be written"}`)
		}
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	if r.Method == http.MethodHead { // RFC 9110 section 9.3.2
		w.WriteHeader(a.status)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}
