package reference

import (
	"io"
	"mime"
	"net/http"
	"strings"
)

// readJSON returns the body of a request, which must say that it is JSON.
func readJSON(r *http.Request) (any, error) {
	if err := checkMediaType(r.Header); err != nil {
		return nil, err
	}
	tooLarge := refusal{status: http.StatusRequestEntityTooLarge, description: "the body is larger than 1 MiB"}
	if r.ContentLength > maxBody {
		return nil, tooLarge
	}
	if r.Body == nil {
		return nil, invalid("the body is missing")
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, invalid("the body ended early")
	}
	if len(text) > maxBody {
		return nil, tooLarge
	}
	return parseJSON(text)
}

// checkMediaType wants application/json, in any case, as UTF-8 and without a content coding.
func checkMediaType(h http.Header) error {
	unsupported := refusal{status: http.StatusUnsupportedMediaType, description: "the body must be application/json"}
	sent := h.Values("Content-Type")
	if len(sent) != 1 {
		return unsupported
	}
	mediaType, parameters, err := mime.ParseMediaType(sent[0])
	if err != nil || mediaType != "application/json" {
		return unsupported
	}
	if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return unsupported
	}
	for _, coding := range h.Values("Content-Encoding") {
		if !strings.EqualFold(coding, "identity") {
			return unsupported
		}
	}
	return nil
}

// drain reads what is left of a body, within reason: a connection closed on unread data is reset, and the client
// may never see the response. One that waits for 100 Continue has sent nothing.
func drain(r *http.Request) {
	if r.Body != nil && r.Header.Get("Expect") == "" {
		_, _ = io.CopyN(io.Discard, r.Body, maxDrain)
	}
}
