package mutant

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// WithHooks changes how tokens are made. The hooks are built anew for each server, so that they may hold state.
func WithHooks(build func() reference.Hooks) *Layer {
	return &Layer{Configure: func(c *reference.Config) { c.Hooks = build() }}
}

// WithClaims changes the claims of every token before it is signed.
func WithClaims(change func(claims map[string]any)) *Layer {
	return WithHooks(func() reference.Hooks { return reference.Hooks{Claims: change} })
}

// WithClaim sets one claim of every token.
func WithClaim(name string, value any) *Layer {
	return WithClaims(func(claims map[string]any) { claims[name] = value })
}

// OnRotation is withClaims for the tokens that are not the first of their account.
func OnRotation(change func(claims map[string]any)) *Layer {
	return WithHooks(func() reference.Hooks {
		again := SeenBefore()
		return reference.Hooks{Claims: func(claims map[string]any) {
			if again(claims["sub"]) {
				change(claims)
			}
		}}
	})
}

// WithHeader sets one member of the header that clients can read; gone removes it.
func WithHeader(name string, value any) *Layer {
	return WithHooks(func() reference.Hooks {
		return reference.Hooks{Header: func(header map[string]any) {
			if header[name] = value; value == Gone() {
				delete(header, name)
			}
		}}
	})
}

// WithInput changes a JWS before it is signed, segment by segment.
func WithInput(change func(string) string) *Layer {
	return WithHooks(func() reference.Hooks { return reference.Hooks{Input: change} })
}

// WithToken changes every token when it is finished.
func WithToken(change func(token string) string) *Layer {
	return WithHooks(func() reference.Hooks { return reference.Hooks{Sign: change} })
}

// Encrypted is a layer around a server of JWE tokens.
func Encrypted(l *Layer) *Layer {
	return Chain(&Layer{Configure: func(c *reference.Config) { c.Tokens = reference.JWE }}, l)
}

// Segment changes the text of one segment, counted from zero.
func Segment(i int, change func(text string) string) func(token string) string {
	return func(token string) string {
		parts := strings.Split(token, ".")
		parts[i] = change(parts[i])
		return strings.Join(parts, ".")
	}
}

// Octets changes what one segment encodes.
func Octets(i int, change func(text string) string) func(token string) string {
	return Segment(i, func(text string) string {
		decoded, _ := base64.RawURLEncoding.DecodeString(text) // the reference made it
		return base64.RawURLEncoding.EncodeToString([]byte(change(string(decoded))))
	})
}

// Replacing puts one text in the place of another.
func Replacing(text string) func(string) string { return func(string) string { return text } }

// FirstBytes keeps the first n bytes.
func FirstBytes(n int) func(string) string { return func(text string) string { return text[:n] } }

// HeaderBeginning inserts members at the beginning of a JSON object.
func HeaderBeginning(members string) func(string) string {
	return func(object string) string { return "{" + members + "," + strings.TrimPrefix(object, "{") }
}

// SeenBefore returns a function that reports whether it met a value before.
func SeenBefore() func(any) bool {
	var mu sync.Mutex
	met := map[any]bool{}
	return func(value any) bool {
		mu.Lock()
		defer mu.Unlock()
		before := met[value]
		met[value] = true
		return before
	}
}

// ClaimsOf reads what a JWS says, whoever signed it; nil if it says nothing.
func ClaimsOf(token string) map[string]any { return spoken(token, 1) }

// HeaderOf reads the header of a token.
func HeaderOf(token string) map[string]any { return spoken(token, 0) }

func spoken(token string, i int) map[string]any {
	parts := strings.Split(token, ".")
	if len(parts) <= i {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[i])
	var object map[string]any
	if err != nil || json.Unmarshal(text, &object) != nil {
		return nil
	}
	return object
}

// WithBearer is the same request of somebody else.
func WithBearer(r *http.Request, token string) *http.Request {
	changed := r.Clone(r.Context())
	changed.Header.Set("Authorization", "Bearer "+token)
	return changed
}

// Disguised shows clients other tokens than those that the server underneath knows, and knows them by what was shown. Of
// two that look alike, the later one counts.
func Disguised(build func() func(account, token string) string) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		dress := build()
		var real sync.Map
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if token, ok := real.Load(BearerOf(r)); ok {
				r = WithBearer(r, token.(string))
			}
			a := Ask(next, r)
			if op := OperationOf(r); a.Status/100 == 2 && (op == Create || op == Rotate) {
				a.Edit(func(document any) any {
					account, _ := Lookup(document, "/metadata/id").(string)
					return Edited(document, "/status/accessToken", OnText(func(token string) any {
						shown := dress(account, token)
						real.Store(shown, token)
						return shown
					}))
				})
			}
			a.Send(w)
		})
	}}
}
