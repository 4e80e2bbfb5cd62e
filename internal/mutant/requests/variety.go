package requests

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Variety refuses requests that the contract allows.
func Variety() []*mutant.Defect {
	const family = "variety refused"
	const effect = "a correct client cannot create the account that it needs"
	bad := func(when func(q mutant.ParsedRequest) bool) *mutant.Layer {
		return mutant.Refusing(http.StatusBadRequest, "invalid_request", when)
	}
	unprocessable := func(when func(q mutant.ParsedRequest) bool) *mutant.Layer {
		return mutant.Refusing(http.StatusUnprocessableEntity, "unprocessable_content", when)
	}
	unsupported := func(when func(q mutant.ParsedRequest) bool) *mutant.Layer {
		return mutant.Refusing(http.StatusUnsupportedMediaType, "unsupported_media_type", when)
	}
	holds := func(pointer string, refused func(value any) bool) func(mutant.ParsedRequest) bool {
		return func(q mutant.ParsedRequest) bool {
			value := q.Member(pointer)
			return value != nil && refused(value)
		}
	}
	json := func(q mutant.ParsedRequest) bool {
		mediaType, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
		return err == nil && mediaType == "application/json"
	}
	d := func(name, what string, l *mutant.Layer, breaks ...string) *mutant.Defect {
		return mutant.WithFamily(family, mutant.Defective("refuses-"+name, "refuses "+what, effect, l, breaks...))
	}
	return []*mutant.Defect{
		d("short-names", "names of one character", bad(func(q mutant.ParsedRequest) bool { return len(mutant.RequestedName(q)) == 1 }), "create.accepts.name-shortest"),
		d("names-of-63", "names of 63 characters", bad(func(q mutant.ParsedRequest) bool { return len(mutant.RequestedName(q)) == 63 }), "create.accepts.name-longest"),
		d("upper-case-names", "names with upper-case letters", bad(func(q mutant.ParsedRequest) bool {
			return strings.ToLower(mutant.RequestedName(q)) != mutant.RequestedName(q)
		}), "create.accepts.name-characters"),
		d("empty-descriptions", "empty descriptions", bad(holds("/metadata/description", func(v any) bool { return v == "" })), "create.accepts.description-empty"),
		d("long-descriptions", "descriptions of more than 4000 characters", bad(func(q mutant.ParsedRequest) bool { return len(mutant.RequestedDescription(q)) > 4000 }), "create.accepts.description-long"),
		d("unicode-descriptions", "descriptions beyond ASCII", bad(func(q mutant.ParsedRequest) bool {
			return utf8.RuneCountInString(mutant.RequestedDescription(q)) < len(mutant.RequestedDescription(q))
		}), "create.accepts.description-unicode"),
		d("empty-tags", "an empty list of tags", bad(holds("/metadata/tags", func(v any) bool {
			items, ok := v.([]any)
			return ok && len(items) == 0
		})), "create.accepts.tags-empty"),
		d("five-tags", "more than four tags", unprocessable(func(q mutant.ParsedRequest) bool { return len(mutant.RequestedTags(q)) > 4 }), "create.accepts.tags-several"),
		d("one-group", "a single group", bad(func(q mutant.ParsedRequest) bool { return len(mutant.RequestedGroups(q)) == 1 }), "create.accepts.groups-one"),
		d("repeated-groups", "a group that is named twice", bad(func(q mutant.ParsedRequest) bool {
			ids := mutant.RequestedGroups(q)
			return len(ids) == 2 && ids[0] == ids[1]
		}), "create.accepts.groups-duplicated"),
		d("unknown-members", "members that the schema does not know", bad(func(q mutant.ParsedRequest) bool {
			return hasUnknown(q.Document, "metadata", "spec", "status")
		}), "create.accepts.unknown-members"),
		d("ids-in-requests", "a request that names an id", bad(holds("/metadata/id", func(any) bool { return true })), "create.accepts.read-only-members"),
		d("white-space", "a body that begins with white space", bad(func(q mutant.ParsedRequest) bool {
			return len(q.Text) > 0 && unicode.IsSpace(rune(q.Text[0]))
		}), "create.accepts.white-space"),
		d("charset", "application/json with a charset", unsupported(func(q mutant.ParsedRequest) bool {
			return json(q) && strings.Contains(q.Header.Get("Content-Type"), ";")
		}), "create.accepts.charset"),
		d("media-type-case", "a media type in upper case", unsupported(func(q mutant.ParsedRequest) bool {
			return json(q) && !strings.HasPrefix(q.Header.Get("Content-Type"), "application/json")
		}), "create.accepts.media-type-case"),
		d("bearer-case", "the authentication scheme in lower case", mutant.Refusing(http.StatusUnauthorized, "access_denied", func(q mutant.ParsedRequest) bool {
			return strings.HasPrefix(q.Header.Get("Authorization"), "bearer ")
		}), "create.accepts.bearer-case"),
		d("chunked", "a body without a Content-Length", mutant.Refusing(http.StatusLengthRequired, "invalid_request", func(q mutant.ParsedRequest) bool {
			return q.ContentLength < 0
		}), "create.accepts.chunked"),
		d("query", "a query string", bad(func(q mutant.ParsedRequest) bool { return q.URL.RawQuery != "" && mutant.BearerOf(q.Request) != "" }), "create.accepts.query"),
	}
}

func hasUnknown(object map[string]any, known ...string) bool {
	for member := range object {
		if !slices.Contains(known, member) {
			return true
		}
	}
	return false
}
