package probe

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

var (
	// named is the value of a member that holds an access token, also where the body breaks off within it.
	named = regexp.MustCompile(`(?i)"access_?token"\s*:\s*"((?:[^"\\]|\\.)*)`)
	// compact is a JWS or a JWE in compact form: its first segment is a JSON object in base64url.
	compact = regexp.MustCompile(`\be(?:y[A-L]|w[k-r])[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){2,4}`)
)

// tokensIn finds the access tokens of an answer, wherever they stand and whether or not the body is JSON as a whole: what
// is not found here, no report would hide.
func tokensIn(e *exchange.Exchange) []string {
	if e.Response == nil {
		return nil
	}
	var found []string
	document, _ := e.Document()
	found = appendTokens(found, document)
	for _, match := range namedIn(e.Response.Body) {
		found = append(found, string(match[1]))
		var text string
		if json.Unmarshal([]byte(`"`+string(match[1])+`"`), &text) == nil {
			found = append(found, text)
		}
	}
	if body := e.Response.Body; bytes.Contains(body, []byte("ey")) || bytes.Contains(body, []byte("ew")) {
		for _, match := range compact.FindAll(body, -1) {
			found = append(found, string(match))
		}
	}
	for _, values := range e.Response.Header {
		for _, value := range values {
			found = append(found, compact.FindAllString(value, -1)...)
		}
	}
	return found
}

// namedIn finds what named does. Most answers hold no such member, which is told at far less cost.
func namedIn(body []byte) [][][]byte {
	if !bytes.Contains(body, []byte("oken")) && !bytes.Contains(body, []byte("OKEN")) {
		return nil
	}
	return named.FindAllSubmatch(body, -1)
}

// appendTokens walks a decoded document.
func appendTokens(found []string, value any) []string {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			found = appendTokens(found, item)
		}
	case map[string]any:
		for name, member := range v {
			if text, ok := member.(string); ok && (strings.EqualFold(name, "accessToken") || strings.EqualFold(name, "access_token")) {
				found = append(found, text)
			}
			found = appendTokens(found, member)
		}
	}
	return found
}
