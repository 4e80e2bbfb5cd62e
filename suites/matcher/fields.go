package matcher

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// HaveWellFormedFields accepts a response whose fields that are not lists stand there once, and have the form that RFC 9110 gives
// them. Fields that are absent are accepted.
func HaveWellFormedFields() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		for _, field := range singles {
			values := e.Response.Header.Values(field.name)
			switch {
			case len(values) == 0:
			case len(values) > 1:
				return &Mismatch{Expected: "one field " + field.name, Seen: headerSeen(field.name, values)}
			case !field.formed(values[0]):
				return &Mismatch{Expected: field.name + ": " + field.form, Seen: headerSeen(field.name, values)}
			}
		}
		date, dateErr := http.ParseTime(e.Response.Header.Get("Date"))
		modified, modifiedErr := http.ParseTime(e.Response.Header.Get("Last-Modified"))
		if dateErr == nil && modifiedErr == nil && modified.After(date.Add(ClockTolerance)) { // RFC 9110 section 8.8.2.1; a gateway may date by its own clock
			return &Mismatch{Expected: "a Last-Modified that is not later than Date", Seen: headerSeen("Last-Modified", e.Response.Header.Values("Last-Modified"))}
		}
		return nil
	})
}

var (
	entityTag = regexp.MustCompile(`^(W/)?"[^"\x00-\x20\x7f]*"$`)
	seconds   = regexp.MustCompile(`^[0-9]+$`)
	mediaType = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*(;.*)?$")
)

// singles are fields that a response has at most once (RFC 9110 section 5.3), each with its form.
var singles = []struct {
	name, form string
	formed     func(value string) bool
}{
	{"Content-Type", "a media type", mediaType.MatchString},
	{"Etag", `an entity tag in quotation marks`, entityTag.MatchString},
	{"Last-Modified", "a time of HTTP", isTime},
	{"Location", "a reference to a resource", func(value string) bool {
		_, err := url.Parse(value)
		return err == nil && value != "" && !strings.ContainsAny(value, " <>\"{}|\\^`")
	}},
	{"Retry-After", "seconds or a time of HTTP", func(value string) bool { return seconds.MatchString(value) || isTime(value) }},
}

// isTime accepts the forms of times that a recipient reads (RFC 9110 section 5.6.7).
func isTime(value string) bool {
	_, err := http.ParseTime(value)
	return err == nil
}
