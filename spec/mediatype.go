package spec

import (
	"mime"
	"slices"
	"strings"
)

// others are the media types that findings call by name; every other one is "another media type".
var others = []string{
	"text/html", "text/plain", "text/json", "text/xml", "application/xml", "application/octet-stream",
	"application/problem+json", "application/jwt", "application/x-www-form-urlencoded",
}

// mediaType judges the values of Content-Type: application/json, where a charset is named in UTF-8 (RFC 8259 section
// 8.1), types and charsets in any case (RFC 9110 section 8.3).
func mediaType(values []string) []Finding {
	mismatch := func(keyword, seen string) []Finding {
		return []Finding{finding(AspectMediaType, "", keyword, "Content-Type application/json in UTF-8", seen)}
	}
	switch len(values) {
	case 0:
		return mismatch("missing", "no Content-Type")
	case 1:
	default:
		return mismatch("repeated", count(len(values), "Content-Type line"))
	}
	kind, parameters, err := mime.ParseMediaType(values[0])
	switch charset, named := parameters["charset"]; {
	case err != nil:
		return mismatch("malformed", "a media type that is not well-formed")
	case kind != "application/json" && slices.Contains(others, kind):
		return mismatch("type", kind)
	case kind != "application/json":
		return mismatch("type", "another media type")
	case named && !strings.EqualFold(charset, "utf-8"):
		return mismatch("charset", "another charset")
	}
	return nil
}
