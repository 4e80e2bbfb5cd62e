package variants

import (
	"bytes"
	"net/http"
	"strings"
	"unicode"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/requests"
	"github.com/sa-conformance/conformance/internal/mutant/states"
)

// parserVariants accept bodies that a parser may accept, or refuse what a gateway may refuse.
func parserVariants() []mutant.Variant {
	const extensions, media = "RFC 8259 section 9: a parser may accept extensions", "RFC 9110 section 15.5.16 describes a refusal and orders none"
	replaced := func(old, by string) *mutant.Layer {
		return mutant.Repairing(func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(by)) })
	}
	one := func(accept func(mediaType string) bool) *mutant.Layer {
		return requests.TakingForJSON(func(mediaType []string) bool { return len(mediaType) == 1 && accept(mediaType[0]) })
	}
	return []mutant.Variant{
		{Name: "second-text-ignored", About: mutant.Reading, Description: "reads the first JSON text of a body, as stream decoders do", Source: extensions, Layer: mutant.Repairing(func(body []byte) []byte { return requests.FirstText(body, true) })},
		{Name: "trailing-garbage-ignored", About: mutant.Reading, Description: "stops reading where the JSON text ends", Source: extensions, Layer: mutant.Repairing(func(body []byte) []byte { return requests.FirstText(body, false) })},
		{Name: "comments-read", About: mutant.Reading, Description: "reads JSON with comments", Source: extensions, Layer: mutant.Repairing(func(body []byte) []byte { return requests.Comment.ReplaceAll(body, nil) })},
		{Name: "trailing-comma-read", About: mutant.Reading, Description: "reads JSON with a comma after the last member", Source: extensions, Layer: mutant.Repairing(func(body []byte) []byte {
			return requests.TrailingComma.ReplaceAll(body, []byte("$1"))
		})},
		{Name: "single-quotes-read", About: mutant.Reading, Description: "reads strings in single quotes", Source: extensions, Layer: replaced("'", `"`)},
		{Name: "nan-read", About: mutant.Reading, Description: "reads NaN as a number", Source: extensions, Layer: replaced("NaN", "null")},
		{Name: "utf-16-read", About: mutant.Reading, Description: "recognizes the encoding of a body", Source: extensions, Layer: mutant.Repairing(requests.FromUTF16)},
		{Name: "invalid-utf-8-dropped", About: mutant.Reading, Description: "leaves out bytes that are not UTF-8", Source: extensions, Layer: mutant.Rewriting(func(body []byte) []byte {
			return bytes.ToValidUTF8(body, nil)
		}, mutant.Create, mutant.Update)},
		{Name: "controls-refused", Description: "refuses descriptions with control characters", Source: "RFC 8259 section 9: limits on the character contents of strings", Layer: refusingDescriptions(func(text string) bool {
			return strings.ContainsFunc(text, unicode.IsControl)
		})},
		{Name: "plain-text-read", About: mutant.Reading, Description: "reads text/plain as JSON", Source: media, Layer: one(func(m string) bool { return strings.HasPrefix(m, "text/plain") })},
		{Name: "suffix-json-read", About: mutant.Reading, Description: "reads every media type that ends in +json", Source: media, Layer: one(func(m string) bool { return strings.HasSuffix(m, "+json") })},
		{Name: "media-type-ignored", About: mutant.Tokens, Description: "does not look at Content-Type", Source: media, Layer: requests.TakingForJSON(func([]string) bool { return true })},
		{Name: "media-type-searched", About: mutant.Tokens, Description: "accepts every Content-Type that holds the word json", Source: "RFC 9110 section 2.4: a recipient may recover from an invalid protocol element", Layer: one(func(m string) bool {
			return strings.Contains(m, "json")
		})},
	}
}

// limitVariants refuse requests that a server, a gateway or a database may refuse.
func limitVariants() []mutant.Variant {
	refused := func(status int, code string, when func(q mutant.ParsedRequest) bool) *mutant.Layer {
		return mutant.Refusing(status, code, when)
	}
	return []mutant.Variant{
		{Name: "length-required", About: mutant.Reading, Description: "refuses a body without a Content-Length with 411", Source: "RFC 9112 section 6.3", Layer: lengthRequired()},
		{Name: "unknown-query-400", Description: "refuses query parameters that it does not know with 400", Source: "openapi.yaml: the create declares no query parameter", Layer: refused(http.StatusBadRequest, "invalid_request", func(q mutant.ParsedRequest) bool {
			return q.URL.RawQuery != ""
		})},
		{Name: "descriptions-of-1000", Description: "refuses descriptions of more than 1,000 characters with 422", Source: "RFC 8259 section 9: an implementation may limit the length of strings", Layer: refused(http.StatusUnprocessableEntity, "unprocessable_content", func(q mutant.ParsedRequest) bool {
			return len(mutant.RequestedDescription(q)) > 1000
		})},
		{Name: "repeated-groups-409", About: mutant.Groups, Description: "refuses a group that is named twice with 409", Source: "the contract does not say what comes of it", Layer: refused(http.StatusConflict, "conflict", func(q mutant.ParsedRequest) bool {
			ids := mutant.RequestedGroups(q)
			return len(ids) == 2 && ids[0] == ids[1]
		})},
		{Name: "empty-group-ignored", About: mutant.Reading, Description: "ignores a group of no characters", Source: "openapi.yaml: a group is a plain string", Layer: mutant.OnDocument(func(document map[string]any) {
			mutant.ChangedMember(document, []string{"spec", "groupIDs", "*"}, func(old any) any {
				if old == "" {
					return mutant.Gone()
				}
				return old
			})
		}, mutant.Create, mutant.Update)},
		{Name: "large-page-413", About: mutant.Reading, Description: "refuses large bodies with a page of its gateway", Source: "RFC 9110 section 15.5.14", Layer: mutant.OnStatus(http.StatusRequestEntityTooLarge, mutant.HTMLPage)},
		{Name: "large-reset", About: mutant.Reading, Description: "closes the connection over bodies of more than 2 MiB", Source: "RFC 9110 section 15.5.14: the server may close the connection", Layer: states.PlainServer(mutant.Dropping(func(q mutant.ParsedRequest) bool { return len(q.Text) > 2<<20 }))},
	}
}

// refusingDescriptions refuses creates and updates of the operator's by their descriptions.
func refusingDescriptions(when func(text string) bool) *mutant.Layer {
	return mutant.OnParsed(func(w http.ResponseWriter, q mutant.ParsedRequest) bool {
		if !q.Permitted || !when(mutant.RequestedDescription(q)) {
			return false
		}
		a := &mutant.Response{Fields: http.Header{}}
		a.Fail(http.StatusBadRequest, "invalid_request")
		a.Send(w)
		return true
	}, mutant.Create, mutant.Update)
}
