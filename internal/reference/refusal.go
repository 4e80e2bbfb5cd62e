package reference

import (
	"fmt"
	"net/http"
)

// refusal is an error that the client is told about. Its description never repeats what the client sent.
type refusal struct {
	status      int
	description string
	challenge   string // error code of RFC 6750 section 3.1, for 401 and 403; "" if no token was presented
	allow       string // for 405
}

func (r refusal) Error() string { return fmt.Sprintf("%d: %s", r.status, r.description) }

// codes pairs every status with the error that the contract gives it.
var codes = map[int]string{
	http.StatusBadRequest:            "invalid_request",
	http.StatusUnauthorized:          "access_denied",
	http.StatusForbidden:             "forbidden",
	http.StatusNotFound:              "not_found",
	http.StatusMethodNotAllowed:      "method_not_allowed",
	http.StatusConflict:              "conflict",
	http.StatusRequestEntityTooLarge: "request_entity_too_large",
	http.StatusUnsupportedMediaType:  "unsupported_media_type",
	http.StatusUnprocessableEntity:   "unprocessable_content",
	http.StatusInternalServerError:   "server_error",
}

type errorBody struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	TraceID     string `json:"trace_id"`
}

func (r refusal) answer(base, trace string) answer {
	a := answer{
		status: r.status,
		body:   errorBody{Error: codes[r.status], Description: r.description, TraceID: trace},
		header: map[string]string{},
	}
	switch r.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		a.header["WWW-Authenticate"] = challenge(base, r.challenge, r.description)
	case http.StatusMethodNotAllowed:
		a.header["Allow"] = r.allow
	}
	return a
}

func invalid(format string, args ...any) error {
	return refusal{status: http.StatusBadRequest, description: fmt.Sprintf(format, args...)}
}

func forbidden() error {
	return refusal{status: http.StatusForbidden, description: "the token does not allow this", challenge: "insufficient_scope"}
}

func unknownAccount() error {
	return refusal{status: http.StatusNotFound, description: "there is no such service account in the organization"}
}
