package probe

import (
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
	for _, match := range named.FindAllSubmatch(e.Response.Body, -1) {
		found = append(found, string(match[1]))
		var text string
		if json.Unmarshal([]byte(`"`+string(match[1])+`"`), &text) == nil {
			found = append(found, text)
		}
	}
	for _, match := range compact.FindAll(e.Response.Body, -1) {
		found = append(found, string(match))
	}
	for _, values := range e.Response.Header {
		for _, value := range values {
			found = append(found, compact.FindAllString(value, -1)...)
		}
	}
	return found
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
