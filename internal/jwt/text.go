package jwt

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/rawjson"
)

// Why a segment is not a JSON object. The words complete "seen …".
const (
	faultEncoding = "a segment that is not base64url"
	faultEmpty    = "nothing"
	faultUTF8     = "text that is not UTF-8"
	faultMark     = "a byte order mark"
	faultJSON     = "text that is not JSON"
	faultTrailing = "more than one JSON text"
)

// objectFault tells why data is not one JSON object in UTF-8 (RFC 8259 sections 2 and 8.1); "" if it is.
func objectFault(data []byte) string {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return faultEmpty
	case !utf8.Valid(data):
		return faultUTF8
	case bytes.HasPrefix(data, []byte("\ufeff")):
		return faultMark
	}
	var first json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&first); err != nil {
		return faultJSON
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return faultTrailing
	}
	if kind := kindOf(first); kind != "an object" {
		return kind
	}
	return ""
}

// kindOf names the type of a JSON text.
func kindOf(raw json.RawMessage) string {
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0:
		return faultEmpty
	case raw[0] == '{':
		return "an object"
	case raw[0] == '[':
		return "an array"
	case raw[0] == '"':
		return "a string"
	case raw[0] == 't', raw[0] == 'f':
		return "a boolean"
	case raw[0] == 'n':
		return "null"
	}
	return "a number"
}

// member is a member of a JSON object; of several of one name, the last.
func member(object, name string) (json.RawMessage, bool) {
	return rawjson.Member([]byte(object), name)
}

func members(object []byte) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(object, &m) != nil {
		return nil
	}
	return m
}

// text is the value of a JSON string. It asks for the quote first: null would decode into a string.
func text(raw json.RawMessage) (string, bool) {
	if kindOf(raw) != "a string" {
		return "", false
	}
	var s string
	return s, json.Unmarshal(raw, &s) == nil
}

// maxDuplicates bounds what duplicates lists; a hostile text could hold thousands.
const maxDuplicates = 16

// duplicates lists the members that repeat the name of an earlier one of the same object, at any depth, as JSON
// pointers (RFC 6901).
func duplicates(object string) []string {
	w := walker{decoder: json.NewDecoder(strings.NewReader(object))}
	w.decoder.UseNumber()
	w.value()
	return w.found
}

type walker struct {
	decoder *json.Decoder
	// path leads to the value at hand; it becomes a pointer only if one is needed, for depth costs.
	path  []string
	found []string
}

// value reads one JSON text. It ends at the first error: what is not JSON is another rule's business.
func (w *walker) value() bool {
	t, err := w.decoder.Token()
	if err != nil {
		return false
	}
	switch t {
	case json.Delim('{'):
		seen := map[string]bool{}
		for w.decoder.More() {
			t, err := w.decoder.Token()
			name, ok := t.(string)
			if err != nil || !ok || !w.enter(name, seen[name]) {
				return false
			}
			seen[name] = true
		}
	case json.Delim('['):
		for i := 0; w.decoder.More(); i++ {
			if !w.enter(strconv.Itoa(i), false) {
				return false
			}
		}
	default:
		return true
	}
	_, err = w.decoder.Token()
	return err == nil
}

// enter reads the value below a name.
func (w *walker) enter(name string, repeated bool) bool {
	w.path = append(w.path, escapePointer.Replace(name))
	if repeated && len(w.found) < maxDuplicates {
		w.found = append(w.found, "/"+strings.Join(w.path, "/"))
	}
	ok := w.value()
	w.path = w.path[:len(w.path)-1]
	return ok
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")
