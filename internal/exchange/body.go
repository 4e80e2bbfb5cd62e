package exchange

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Document is the body of the response as JSON: maps, slices, strings, json.Number, bool and nil. The second result is
// false if there is no response, or its body does not begin with a JSON text. Callers must not change what they get. In the
// body of a truncated answer, the ends of long strings may be missing.
func (e *Exchange) Document() (any, bool) {
	if e == nil || e.Response == nil {
		return nil, false
	}
	if len(e.Response.Body) <= smallDocument {
		e.once.Do(func() { e.document, e.valid = decoded(e.Response.Body) })
		return e.document, e.valid
	}
	if e.documents == nil {
		return decoded(e.Response.Body)
	}
	return e.documents.of(e)
}

func decoded(body []byte) (document any, valid bool) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	valid = decoder.Decode(&document) == nil
	return document, valid
}

// Member is the value that a JSON pointer (RFC 6901) names in the body of the response.
func (e *Exchange) Member(pointer string) (any, bool) {
	document, ok := e.Document()
	if !ok {
		return nil, false
	}
	return Lookup(document, pointer)
}

// Text is the string that a JSON pointer names in the body of the response; "" if there is none.
func (e *Exchange) Text(pointer string) string {
	value, _ := e.Member(pointer)
	text, _ := value.(string)
	return text
}

// AccountID is the id of the service account in the body of the response; "" if there is none.
func (e *Exchange) AccountID() string { return e.ofAccount("/metadata/id") }

// ofAccount is Text for a member of an account; a list, which has none, is not decoded for it.
func (e *Exchange) ofAccount(pointer string) string {
	if e == nil || e.Response == nil || bytes.HasPrefix(bytes.TrimLeft(e.Response.Body, " \t\r\n"), []byte("[")) {
		return ""
	}
	return e.Text(pointer)
}

// AccessToken is the access token in the body of the response; "" if there is none, or if a limit of the run may have cut it.
func (e *Exchange) AccessToken() string {
	if e != nil && e.Response != nil && e.Response.Truncated {
		return ""
	}
	return e.ofAccount("/status/accessToken")
}

// Inspected returns what inspect finds in the exchange. It is called once; whoever asks later gets the same, which must be of
// one type. Callers must not change it.
func Inspected[T any](e *Exchange, inspect func(*Exchange) T) T {
	e.inspecting.Do(func() { e.inspected = inspect(e) })
	found, _ := e.inspected.(T)
	return found
}

// Sent returns what parse makes of the body of the request. For a short body it is called once; whoever asks later gets the same, which
// must be of one type. Callers must not change it.
func Sent[T any](e *Exchange, parse func(body []byte) T) T {
	if len(e.Request.Body) > smallDocument {
		return parse(e.Request.Body)
	}
	e.sending.Do(func() { e.sent = parse(e.Request.Body) })
	found, _ := e.sent.(T)
	return found
}

// Lookup resolves a JSON pointer (RFC 6901) in a decoded document.
func Lookup(document any, pointer string) (any, bool) {
	if pointer == "" {
		return document, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	for rest, more := pointer[1:], true; more; {
		var token string
		token, rest, more = strings.Cut(rest, "/")
		if strings.IndexByte(token, '~') >= 0 {
			token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		}
		switch node := document.(type) {
		case map[string]any:
			value, ok := node[token]
			if !ok {
				return nil, false
			}
			document = value
		case []any:
			index, err := strconv.Atoi(token)
			if err != nil || index < 0 || index >= len(node) || strconv.Itoa(index) != token { // no sign, no leading zero
				return nil, false
			}
			document = node[index]
		default:
			return nil, false
		}
	}
	return document, true
}
