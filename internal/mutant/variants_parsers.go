package mutant

import (
	"bytes"
	"net/http"
	"strings"
)

// parserVariants accept bodies that a parser may accept, or refuse what a gateway may refuse.
func parserVariants() []Variant {
	const extensions, media = "RFC 8259 section 9: a parser may accept extensions", "RFC 9110 section 15.5.16 describes a refusal and orders none"
	replaced := func(old, by string) *Layer {
		return repairing(func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(by)) })
	}
	one := func(accept func(mediaType string) bool) *Layer {
		return takingForJSON(func(mediaType []string) bool { return len(mediaType) == 1 && accept(mediaType[0]) })
	}
	return []Variant{
		{Name: "second-text-ignored", Description: "reads the first JSON text of a body, as stream decoders do", Source: extensions, Layer: repairing(func(body []byte) []byte { return firstText(body, true) })},
		{Name: "trailing-garbage-ignored", Description: "stops reading where the JSON text ends", Source: extensions, Layer: repairing(func(body []byte) []byte { return firstText(body, false) })},
		{Name: "comments-read", Description: "reads JSON with comments", Source: extensions, Layer: repairing(func(body []byte) []byte { return comment.ReplaceAll(body, nil) })},
		{Name: "trailing-comma-read", Description: "reads JSON with a comma after the last member", Source: extensions, Layer: repairing(func(body []byte) []byte {
			return trailingComma.ReplaceAll(body, []byte("$1"))
		})},
		{Name: "single-quotes-read", Description: "reads strings in single quotes", Source: extensions, Layer: replaced("'", `"`)},
		{Name: "nan-read", Description: "reads NaN as a number", Source: extensions, Layer: replaced("NaN", "null")},
		{Name: "utf-16-read", Description: "recognizes the encoding of a body", Source: extensions, Layer: repairing(fromUTF16)},
		{Name: "invalid-utf-8-dropped", Description: "leaves out bytes that are not UTF-8", Source: extensions, Layer: rewriting(func(body []byte) []byte {
			return bytes.ToValidUTF8(body, nil)
		}, create, update)},
		{Name: "plain-text-read", Description: "reads text/plain as JSON", Source: media, Layer: one(func(m string) bool { return strings.HasPrefix(m, "text/plain") })},
		{Name: "suffix-json-read", Description: "reads every media type that ends in +json", Source: media, Layer: one(func(m string) bool { return strings.HasSuffix(m, "+json") })},
		{Name: "media-type-ignored", Description: "does not look at Content-Type", Source: media, Layer: takingForJSON(func([]string) bool { return true })},
		{Name: "media-type-searched", Description: "accepts every Content-Type that holds the word json", Source: "RFC 9110 section 2.4: a recipient may recover from an invalid protocol element", Layer: one(func(m string) bool {
			return strings.Contains(m, "json")
		})},
	}
}

// limitVariants refuse requests that a server, a gateway or a database may refuse.
func limitVariants() []Variant {
	refused := func(status int, code string, when func(q asked) bool) *Layer { return refusing(status, code, when) }
	return []Variant{
		{Name: "length-required", Description: "refuses a body without a Content-Length with 411", Source: "RFC 9112 section 6.3", Layer: refused(http.StatusLengthRequired, "invalid_request", func(q asked) bool {
			return q.ContentLength < 0
		})},
		{Name: "unknown-query-400", Description: "refuses query parameters that it does not know with 400", Source: "openapi.yaml: the create declares no query parameter", Layer: refused(http.StatusBadRequest, "invalid_request", func(q asked) bool {
			return q.URL.RawQuery != ""
		})},
		{Name: "descriptions-of-1000", Description: "refuses descriptions of more than 1,000 characters with 422", Source: "RFC 8259 section 9: an implementation may limit the length of strings", Layer: refused(http.StatusUnprocessableEntity, "unprocessable_content", func(q asked) bool {
			return len(description(q)) > 1000
		})},
		{Name: "repeated-groups-409", Description: "refuses a group that is named twice with 409", Source: "the contract does not say what comes of it", Layer: refused(http.StatusConflict, "conflict", func(q asked) bool {
			ids := groups(q)
			return len(ids) == 2 && ids[0] == ids[1]
		})},
		{Name: "empty-group-ignored", Description: "ignores a group of no characters", Source: "openapi.yaml: a group is a plain string", Layer: onDocument(func(document map[string]any) {
			changedMember(document, []string{"spec", "groupIDs", "*"}, func(old any) any {
				if old == "" {
					return gone()
				}
				return old
			})
		}, create, update)},
		{Name: "large-page-413", Description: "refuses large bodies with a page of its gateway", Source: "RFC 9110 section 15.5.14", Layer: onStatus(http.StatusRequestEntityTooLarge, page)},
		{Name: "large-reset", Description: "closes the connection over bodies of more than 2 MiB", Source: "RFC 9110 section 15.5.14: the server may close the connection", Layer: plain(dropping(func(q asked) bool { return len(q.text) > 2<<20 }))},
	}
}
