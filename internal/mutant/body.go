package mutant

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bodies answer a create with a text that is not one JSON text in UTF-8.
func Bodies() []*Defect {
	const family = "bodies"
	const effect = "a strict reader refuses the whole response, and the token in it is lost"
	rewritten := func(change func(body []byte) []byte) *Layer {
		return OnSuccess(func(_ *http.Request, a *Response) { a.Body = change(a.Body) }, Create)
	}
	ofTagged := func(change func(body []byte) []byte) *Layer {
		return PerResponse(func(v View, a *Response) {
			if Lookup(v.Request, "/metadata/tags") != nil {
				a.Body = change(a.Body)
			}
		})
	}
	before := func(text string) func([]byte) []byte {
		return func(body []byte) []byte { return append([]byte(text), body...) }
	}
	after := func(text string) func([]byte) []byte {
		return func(body []byte) []byte { return append(body, text...) }
	}
	replaced := func(old, by string) func([]byte) []byte {
		return func(body []byte) []byte { return bytes.Replace(body, []byte(old), []byte(by), 1) }
	}

	return Prefixed("body-", family,
		Defective("trailing-brace", "closes an object once too often where there are tags", effect, ofTagged(after("}")), "create.body.one-text"),
		Defective("byte-order-mark", "begins the response to a create with a byte order mark", effect, rewritten(before("\uFEFF")), "create.body.schema", "create.body.utf-8"),
		Defective("latin-1", "writes the letters of Western Europe in Latin-1", effect, rewritten(latin1), "create.body.utf-8"),
		Defective("half-surrogate", "writes the first half of a surrogate pair for every emoji", effect, rewritten(func(body []byte) []byte {
			return []byte(strings.ReplaceAll(string(body), "\U0001F680", `\ud83d`))
		}), "create.keeps.description", "create.body.interoperable"),
		Defective("own-member-twice", "writes a member of its own twice", "two readers of one response see two values", rewritten(replaced(`"metadata":{`, `"revision":1,"revision":2,"metadata":{`)), "create.body.interoperable"),
		Defective("own-member-cut", "cuts a text of its own within a character", "a strict reader refuses the whole response, and the token in it is lost", rewritten(replaced(`"metadata":{`, `"note":"\ud83d","metadata":{`)), "create.body.interoperable"),
		Defective("duplicate-id", "writes the id of an account with tags twice", effect, ofTagged(replaced(`"metadata":{`, `"metadata":{"id":"6f1d9f5e-95cf-4b9a-8a0e-0e6b9e7f0a11",`)), "create.body.unique-names"),
		Defective("duplicate-status", "writes status twice, the first time without the token", effect, rewritten(replaced(`{"metadata"`, `{"status":{},"metadata"`)), "create.body.schema", "create.body.unique-names"),
		Defective("enveloped", "wraps the account in an object data", effect, rewritten(func(body []byte) []byte {
			return append(append([]byte(`{"data":`), body...), '}')
		}), "create.body.schema"),
		Defective("two-lengths", "declares the length of the response a second time, in characters", effect, OnSuccess(func(_ *http.Request, a *Response) {
			a.Fields.Del("Content-Length")
			a.Fields["content-length"] = []string{strconv.Itoa(utf8.RuneCount(a.Body) - 1)} // net/http adds its own
		}, Create), "create.body.length"),
	)
}

// latin1 writes as one byte what ISO 8859-1 has a byte for.
func latin1(body []byte) []byte {
	var text []byte
	for _, r := range string(body) {
		if r >= utf8.RuneSelf && r <= 0xFF {
			text = append(text, byte(r))
		} else {
			text = utf8.AppendRune(text, r)
		}
	}
	return text
}
