package mutant

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// hooked changes how tokens are made. The hooks are built anew for each server, so that they may hold state.
func hooked(build func() reference.Hooks) *Layer {
	return &Layer{Configure: func(c *reference.Config) { c.Hooks = build() }}
}

// withClaims changes the claims of every token before it is signed.
func withClaims(change func(claims map[string]any)) *Layer {
	return hooked(func() reference.Hooks { return reference.Hooks{Claims: change} })
}

// withClaim sets one claim of every token.
func withClaim(name string, value any) *Layer {
	return withClaims(func(claims map[string]any) { claims[name] = value })
}

// onRotation is withClaims for the tokens that are not the first of their account.
func onRotation(change func(claims map[string]any)) *Layer {
	return hooked(func() reference.Hooks {
		again := seen()
		return reference.Hooks{Claims: func(claims map[string]any) {
			if again(claims["sub"]) {
				change(claims)
			}
		}}
	})
}

// withHeader sets one member of the header that clients can read; gone removes it.
func withHeader(name string, value any) *Layer {
	return hooked(func() reference.Hooks {
		return reference.Hooks{Header: func(header map[string]any) {
			if header[name] = value; value == gone() {
				delete(header, name)
			}
		}}
	})
}

// withInput changes a JWS before it is signed, segment by segment.
func withInput(change func(string) string) *Layer {
	return hooked(func() reference.Hooks { return reference.Hooks{Input: change} })
}

// withToken changes every token when it is finished.
func withToken(change func(token string) string) *Layer {
	return hooked(func() reference.Hooks { return reference.Hooks{Sign: change} })
}

// encrypted is a layer around a server of JWE tokens.
func encrypted(l *Layer) *Layer {
	return Chain(&Layer{Configure: func(c *reference.Config) { c.Tokens = reference.JWE }}, l)
}

// segment changes the text of one segment, counted from zero.
func segment(i int, change func(text string) string) func(token string) string {
	return func(token string) string {
		parts := strings.Split(token, ".")
		parts[i] = change(parts[i])
		return strings.Join(parts, ".")
	}
}

// octets changes what one segment encodes.
func octets(i int, change func(text string) string) func(token string) string {
	return segment(i, func(text string) string {
		decoded, _ := base64.RawURLEncoding.DecodeString(text) // the reference made it
		return base64.RawURLEncoding.EncodeToString([]byte(change(string(decoded))))
	})
}

// instead puts one text in the place of another.
func instead(text string) func(string) string { return func(string) string { return text } }

// first keeps the first n bytes.
func first(n int) func(string) string { return func(text string) string { return text[:n] } }

// beginning inserts members at the beginning of a JSON object.
func beginning(members string) func(string) string {
	return func(object string) string { return "{" + members + "," + strings.TrimPrefix(object, "{") }
}

// seen returns a function that reports whether it met a value before.
func seen() func(any) bool {
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

// claimsOf reads what a JWS says, whoever signed it; nil where it says nothing.
func claimsOf(token string) map[string]any { return spoken(token, 1) }

// headerOf reads the header of a token.
func headerOf(token string) map[string]any { return spoken(token, 0) }

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

// as is the same request of somebody else.
func as(r *http.Request, token string) *http.Request {
	changed := r.Clone(r.Context())
	changed.Header.Set("Authorization", "Bearer "+token)
	return changed
}

// dressed shows clients other tokens than those that the server underneath knows, and knows them by what was shown. Of
// two that look alike, the later one counts.
func dressed(build func() func(account, token string) string) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		dress := build()
		var real sync.Map
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if token, ok := real.Load(bearerOf(r)); ok {
				r = as(r, token.(string))
			}
			a := ask(next, r)
			if op := operationOf(r); a.status/100 == 2 && (op == create || op == rotate) {
				a.edit(func(document any) any {
					account, _ := lookup(document, "/metadata/id").(string)
					return edited(document, "/status/accessToken", onText(func(token string) any {
						shown := dress(account, token)
						real.Store(shown, token)
						return shown
					}))
				})
			}
			a.send(w)
		})
	}}
}
