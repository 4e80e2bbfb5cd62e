package report

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/redact"
)

// bodyLimit is the length in bytes up to which bodies are shown.
const bodyLimit = 8 << 10

var (
	// schemeOnly is a value that has a known scheme and nothing else, and so no secret.
	schemeOnly = regexp.MustCompile(`^(?i:bearer|basic|digest|negotiate|token|dpop)?[ \t]*$`)
	// named is what the registry of secrets puts in place of one.
	named = regexp.MustCompile(`^\[redacted:[^\[\]]*\]$`)
)

// View turns an exchange into what reports show of it. Every string of it has passed hide; credentials and cookies in
// headers are hidden whether hide knows them or not. Bytes that are not UTF-8 are escaped, as \xff is. Bodies are cut
// at 8 KiB.
func View(e *exchange.Exchange, hide func(string) string, known ...redact.Variable) Exchange {
	show := func(s string) string { return validUTF8(hide(s)) }
	v := Exchange{
		ID:        show(e.ID),
		Probe:     show(e.Probe),
		Step:      show(e.Step),
		Operation: show(e.Operation),
		Identity:  show(e.Identity),
		StartedAt: e.StartedAt.UTC(),
		Seconds:   e.Timings.Total.Seconds(),
		Request: Message{
			Method:  show(e.Request.Method),
			URL:     show(e.Request.URL),
			Headers: headerLines(e.Request.Header, hide),
		},
		Curl: Curl(e, hide, known...),
	}
	v.Request.setBody(e.Request.Body, len(e.Request.Body), show)
	if answer := e.Response; answer != nil {
		v.Response = &Message{
			Status:  answer.Status,
			Proto:   show(answer.Proto),
			Headers: headerLines(answer.Header, hide),
		}
		v.Response.setBody(answer.Body, answer.Size(), show)
		v.Response.BodyTruncated = v.Response.BodyTruncated || answer.Truncated
	}
	if e.Failure != nil {
		v.Failure = show(fmt.Sprintf("%s: %s", e.Failure.Kind, e.Failure.Message))
	}
	return v
}

// longest is more, in bytes, than any form of a secret takes in a body.
const longest = 1 << 20

// window is how much of a body is looked through for secrets: more than what is shown, so that none is cut in two. A long
// run of one byte ends it, as no secret goes on in one.
func window(body []byte) int {
	if len(body) > bodyLimit+longestRun && run(body[bodyLimit:]) > longestRun {
		return bodyLimit + longestRun
	}
	return min(len(body), bodyLimit+longest)
}

// longestRun is more, in bytes, than any form of a secret holds of one byte in a row.
const longestRun = 4096

// setBody hides secrets before it cuts, so that none is cut in two.
func (m *Message) setBody(body []byte, size int, show func(string) string) {
	m.BodyBytes = size
	looked := window(body)
	m.Body, m.BodyTruncated = show(string(body[:looked])), looked < len(body)
	if len(m.Body) <= bodyLimit {
		return
	}
	end := bodyLimit
	for !utf8.RuneStart(m.Body[end]) {
		end--
	}
	m.Body, m.BodyTruncated = m.Body[:end], true
}

// headerLines returns "Name: value" lines in the order of their names.
func headerLines(header http.Header, hide func(string) string) []string {
	out := []string{}
	for name, values := range header {
		for _, value := range values {
			out = append(out, validUTF8(hide(name)+": "+headerValue(name, value, hide)))
		}
	}
	slices.SortStableFunc(out, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, ":")
		nameB, _, _ := strings.Cut(b, ":")
		return strings.Compare(nameA, nameB)
	})
	return out
}

// headerValue is a header's value without secrets.
func headerValue(name, value string, hide func(string) string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization":
		scheme, credential := splitCredentials(value)
		if credential == "" {
			return hide(scheme)
		}
		if known := hide(credential); named.MatchString(known) {
			return hide(scheme) + known
		}
		return hide(scheme) + redact.Opaque(len(credential))
	}
	return redact.MaskHeader(name, hide(value))
}

// splitCredentials parts the scheme of credentials, with the space after it, from what is secret (RFC 9110 section 11.4).
func splitCredentials(value string) (scheme, secret string) {
	if schemeOnly.MatchString(value) {
		return value, ""
	}
	end := strings.IndexAny(value, " \t")
	if end < 1 || end > longestScheme || strings.ContainsFunc(value[:end], inNoScheme) || value[0] == '-' || value[0] <= '9' {
		return "", value
	}
	secret = strings.TrimLeft(value[end:], " \t")
	return value[:len(value)-len(secret)], secret
}

// longestScheme is the number of characters up to which a word before credentials is taken for their scheme.
const longestScheme = 20

func inNoScheme(c rune) bool {
	return c != '-' && (c < '0' || '9' < c) && (c < 'A' || 'Z' < c) && (c < 'a' || 'z' < c)
}

// validUTF8 escapes the bytes that are not UTF-8.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, c := range s {
		if c != utf8.RuneError {
			b.WriteRune(c)
			continue
		}
		if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}
