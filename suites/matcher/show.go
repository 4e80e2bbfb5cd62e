package matcher

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/redact"
)

const (
	shown  = 120 // bytes of a value
	hidden = "(a token)"
)

// compact is what looks like a JWS or a JWE in compact form: its first segment is a JSON object in base64url.
var compact = regexp.MustCompile(`\be(?:y[A-L]|w[k-r])[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){2,4}`)

// Show renders a value of a response for people: JSON, quoted, and cut if it is long. It hides access tokens, which a
// cut would make unknown to the filter of secrets.
func Show(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return quote(v, shown)
	case *exchange.Exchange:
		return "exchange " + v.ID
	}
	text, err := json.Marshal(withoutTokens(value))
	if err != nil {
		return fmt.Sprintf("a %T", value)
	}
	if len(text) > shown {
		return strings.ToValidUTF8(string(text[:shown]), "") + fmt.Sprintf("… (%d bytes)", len(text))
	}
	return string(text)
}

// quote shows at most limit bytes of a text.
func quote(text string, limit int) string {
	masked := mask(text)
	if len(masked) > limit {
		return strconv.Quote(strings.ToValidUTF8(masked[:limit], "")) + fmt.Sprintf("… (%d bytes)", len(masked))
	}
	return strconv.Quote(masked)
}

// placeholder is what a recording has in the place of a token.
var placeholder = regexp.MustCompile(`redacted-token\.v1\.[A-Za-z0-9_-]*`)

// mask hides what looks like a token or another credential, or like what stands for one in a recording: the same words come
// of both.
func mask(text string) string {
	text = placeholder.ReplaceAllStringFunc(compact.ReplaceAllString(text, hidden), func(word string) string {
		facts, ok := jwt.ParsePlaceholder(word)
		if !ok || facts.Kind != jwt.Unknown {
			return hidden
		}
		return redact.Opaque(facts.Characters)
	})
	return redact.Mask(text)
}

// withoutTokens copies a decoded JSON value and hides the access tokens in it.
func withoutTokens(value any) any {
	switch v := value.(type) {
	case string:
		return mask(v)
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = withoutTokens(v[i])
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			if members[name] = withoutTokens(member); namesToken(name) {
				members[name] = hidden
			}
		}
		return members
	default:
		return value
	}
}

// namesToken reports whether a member name, or a pointer that ends in one, is that of an access token.
func namesToken(pointer string) bool {
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	return strings.EqualFold(name, "accessToken") || strings.EqualFold(name, "access_token")
}

// a names the JSON type of a value, with its article.
func a(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case json.Number, float64:
		return "a number"
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	default:
		return fmt.Sprintf("a %T", value)
	}
}
