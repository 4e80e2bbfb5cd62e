package spec

import (
	"mime"
	"slices"
)

// others are the media types that findings call by name; every other one is "another media type".
var others = []string{
	"text/html", "text/plain", "text/json", "text/xml", "application/xml", "application/octet-stream",
	"application/problem+json", "application/jwt", "application/x-www-form-urlencoded",
}

// mediaType judges the values of Content-Type: application/json in any letter case (RFC 9110 section 8.3). A charset has no
// effect on this type (RFC 8259 section 11), and is not looked at.
func mediaType(values []string) []Finding {
	mismatch := func(keyword, seen string) []Finding {
		return []Finding{finding(AspectMediaType, "", keyword, "Content-Type application/json", seen)}
	}
	switch len(values) {
	case 0:
		return mismatch("missing", "no Content-Type")
	case 1:
	default:
		return mismatch("repeated", count(len(values), "Content-Type line"))
	}
	kind, _, err := mime.ParseMediaType(values[0])
	switch {
	case err != nil:
		return mismatch("malformed", "a media type that is not well-formed")
	case kind != "application/json" && slices.Contains(others, kind):
		return mismatch("type", kind)
	case kind != "application/json":
		return mismatch("type", "another media type")
	}
	return nil
}
