package probe

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

var (
	// named is the value of a member that holds an access token, also if the body breaks off within it.
	named = regexp.MustCompile(`(?i)"access_?token"\s*:\s*"((?:[^"\\]|\\.)*)`)
	// compact is a JWS or a JWE in compact form, from where it begins: its first segment is a JSON object in base64url.
	compact = regexp.MustCompile(`^e(?:y[A-L]|w[k-r])[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){2,4}`)
)

// tokensIn finds the access tokens of a response, wherever they stand and whether or not the body is JSON as a whole: what
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
	found = appendCompact(found, string(e.Response.Body))
	for _, values := range e.Response.Header {
		for _, value := range values {
			found = appendCompact(found, value)
		}
	}
	return found
}

// appendCompact finds what compact does, at every start of a word. It looks only where a token can begin: a search for the
// expression cost a twentieth of a run.
func appendCompact(found []string, text string) []string {
	for at := 0; at < len(text); {
		next := strings.IndexByte(text[at:], 'e')
		if next < 0 {
			break
		}
		at += next
		if at+1 < len(text) && (text[at+1] == 'y' || text[at+1] == 'w') && (at == 0 || !tracking.InWord(text[at-1])) {
			if token := compact.FindString(text[at:]); token != "" {
				found = append(found, token)
				at += len(token)
				continue
			}
		}
		at++
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
