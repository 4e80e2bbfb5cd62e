package mutant

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// variety refuses requests that the contract allows.
func variety() []*Defect {
	const family = "variety refused"
	const effect = "a correct client cannot create the account that it needs"
	bad := func(when func(q asked) bool) *Layer { return refusing(http.StatusBadRequest, "invalid_request", when) }
	unprocessable := func(when func(q asked) bool) *Layer {
		return refusing(http.StatusUnprocessableEntity, "unprocessable_content", when)
	}
	unsupported := func(when func(q asked) bool) *Layer {
		return refusing(http.StatusUnsupportedMediaType, "unsupported_media_type", when)
	}
	holds := func(pointer string, refused func(value any) bool) func(asked) bool {
		return func(q asked) bool {
			value := q.member(pointer)
			return value != nil && refused(value)
		}
	}
	json := func(q asked) bool {
		mediaType, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
		return err == nil && mediaType == "application/json"
	}
	d := func(name, what string, l *Layer, breaks ...string) *Defect {
		return of(family, defective("refuses-"+name, "refuses "+what, effect, l, breaks...))
	}
	return []*Defect{
		d("short-names", "names of one character", bad(func(q asked) bool { return len(name(q)) == 1 }), "create.accepts.name-shortest"),
		d("names-of-63", "names of 63 characters", bad(func(q asked) bool { return len(name(q)) == 63 }), "create.accepts.name-longest"),
		d("upper-case-names", "names with upper-case letters", bad(func(q asked) bool {
			return strings.ToLower(name(q)) != name(q)
		}), "create.accepts.name-characters"),
		d("empty-descriptions", "empty descriptions", bad(holds("/metadata/description", func(v any) bool { return v == "" })), "create.accepts.description-empty"),
		d("long-descriptions", "descriptions of more than 4000 characters", bad(func(q asked) bool { return len(description(q)) > 4000 }), "create.accepts.description-long"),
		d("unicode-descriptions", "descriptions beyond ASCII", bad(func(q asked) bool {
			return utf8.RuneCountInString(description(q)) < len(description(q))
		}), "create.accepts.description-unicode"),
		d("lines-in-descriptions", "descriptions of more than one line", unprocessable(func(q asked) bool {
			return strings.ContainsFunc(description(q), unicode.IsControl)
		}), "create.accepts.description-unicode"),
		d("empty-tags", "an empty list of tags", bad(holds("/metadata/tags", func(v any) bool {
			items, ok := v.([]any)
			return ok && len(items) == 0
		})), "create.accepts.tags-empty"),
		d("five-tags", "more than four tags", bad(func(q asked) bool { return len(tags(q)) > 4 }), "create.accepts.tags-several"),
		d("one-group", "a single group", bad(func(q asked) bool { return len(groups(q)) == 1 }), "create.accepts.groups-one"),
		d("repeated-groups", "a group that is named twice", bad(func(q asked) bool {
			ids := groups(q)
			return len(ids) == 2 && ids[0] == ids[1]
		}), "create.accepts.groups-duplicated"),
		d("unknown-members", "members that the schema does not know", bad(func(q asked) bool {
			return hasUnknown(q.document, "metadata", "spec", "status")
		}), "create.accepts.unknown-members"),
		d("ids-in-requests", "a request that names an id", bad(holds("/metadata/id", func(any) bool { return true })), "create.accepts.read-only-members"),
		d("white-space", "a body that begins with white space", bad(func(q asked) bool {
			return len(q.text) > 0 && unicode.IsSpace(rune(q.text[0]))
		}), "create.accepts.white-space"),
		d("charset", "application/json with a charset", unsupported(func(q asked) bool {
			return json(q) && strings.Contains(q.Header.Get("Content-Type"), ";")
		}), "create.accepts.charset"),
		d("media-type-case", "a media type in upper case", unsupported(func(q asked) bool {
			return json(q) && !strings.HasPrefix(q.Header.Get("Content-Type"), "application/json")
		}), "create.accepts.media-type-case"),
		d("bearer-case", "the authentication scheme in lower case", refusing(http.StatusUnauthorized, "access_denied", func(q asked) bool {
			return strings.HasPrefix(q.Header.Get("Authorization"), "bearer ")
		}), "create.accepts.bearer-case"),
		d("chunked", "a body without a Content-Length", refusing(http.StatusLengthRequired, "invalid_request", func(q asked) bool {
			return q.ContentLength < 0
		}), "create.accepts.chunked"),
		d("query", "a query string", bad(func(q asked) bool { return q.URL.RawQuery != "" && bearerOf(q.Request) != "" }), "create.accepts.query"),
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
