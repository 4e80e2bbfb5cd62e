package defect

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sa-conformance/conformance/internal/reference"
)

// tokenRelations hands out well-formed tokens that do not say what the answer around them says.
func tokenRelations() []Defect {
	const late, early = "clients renew the token too late, and fail in between", "clients that keep clocks refuse the token for minutes"
	const mistaken = "services take the account for another one"
	later := func(name string, seconds int64) func(map[string]any) {
		return func(claims map[string]any) { claims[name] = claims[name].(int64) + seconds }
	}
	lifetime := func(d time.Duration) Layer { return Layer{Configure: func(c *reference.Config) { c.Lifetime = d }} }
	return family("token relations",
		Defect{
			Name: "exp-minute-early", Description: "lets exp of the token be a minute before status.expiry",
			Effect: late, Breaks: []string{"token.expiry.agrees"}, Layer: withClaims(later("exp", -60)),
		},
		Defect{
			Name: "exp-second-late", Description: "lets exp of the token be a second after status.expiry",
			Effect: "the token works a second longer than promised", Breaks: []string{"token.expiry.agrees"}, Layer: withClaims(later("exp", 1)),
		},
		Defect{
			Name: "exp-hour-late", Description: "writes exp in another time zone than status.expiry",
			Effect: late, Breaks: []string{"token.expiry.agrees"}, Layer: withClaims(later("exp", 3600)),
		},
		Defect{
			Name: "exp-minute-early-encrypted", Description: "lets exp of an encrypted token be a minute before status.expiry",
			Effect: late, Breaks: []string{"token.expiry.agrees"}, Layer: encrypted(withClaims(later("exp", -60))),
		},
		Defect{
			Name: "exp-off-after-rotate", Description: "lets exp and status.expiry differ by a minute after rotate, and agree after create",
			Effect: late, Breaks: []string{"token.expiry.agrees"}, Layer: onRotation(later("exp", 60)),
		},
		Defect{
			Name: "exp-off-after-rotate-encrypted", Description: "lets exp of an encrypted token be off after rotate only",
			Effect: late, Breaks: []string{"token.expiry.agrees"}, Layer: encrypted(onRotation(later("exp", 60))),
		},
		Defect{
			Name: "exp-off-with-tags", Description: "shows an expiry of accounts with tags that is a minute after exp of their tokens",
			Effect: late, Breaks: []string{"token.every.agrees"}, Layer: expiringLater(),
		},
		Defect{
			Name: "iat-future", Description: "issues tokens ten minutes from now",
			Effect: early, Breaks: []string{"token.issued-at.past"}, Layer: withClaims(later("iat", 600)),
		},
		Defect{
			Name: "iat-future-after-rotate", Description: "issues tokens ten minutes from now when an account is rotated",
			Effect: early, Breaks: []string{"token.issued-at.past"}, Layer: onRotation(later("iat", 600)),
		},
		Defect{
			Name: "iat-future-encrypted", Description: "issues encrypted tokens ten minutes from now",
			Effect: early, Breaks: []string{"token.issued-at.past"}, Layer: encrypted(withClaims(later("iat", 600))),
		},
		Defect{
			Name: "nbf-future", Description: "issues tokens that are valid in ten minutes",
			Effect: early, Breaks: []string{"token.not-before.past"}, Layer: withClaims(later("nbf", 600)),
		},
		Defect{
			Name: "nbf-future-after-rotate", Description: "issues tokens that are valid in ten minutes when an account is rotated",
			Effect: early, Breaks: []string{"token.not-before.past"}, Layer: onRotation(later("nbf", 600)),
		},
		Defect{
			Name: "exp-before-iat", Description: "issues tokens of forty seconds by a clock that is fifty seconds ahead",
			Effect: "clients find the token expired before it was issued", Breaks: []string{"token.lifetime.positive"},
			Layer: Chain(lifetime(40*time.Second), withClaims(later("iat", 50))),
		},
		Defect{
			Name: "lifetime-ten-years", Description: "issues tokens that live ten years",
			Effect: "a token that leaks is of use for ten years", Breaks: []string{"token.lifetime.default"}, Layer: lifetime(3652 * 24 * time.Hour),
		},
		Defect{
			Name: "lifetime-hundred-days", Description: "issues tokens that live a hundred days",
			Effect: "a token that leaks is of use for longer than promised", Breaks: []string{"token.lifetime.default"}, Layer: lifetime(100 * 24 * time.Hour),
		},
		Defect{
			Name: "sub-constant", Description: "writes one sub into the tokens of all accounts",
			Effect: "services cannot tell accounts apart", Breaks: []string{"token.subject.account"}, Layer: withClaim("sub", "service-account"),
		},
		Defect{
			Name: "sub-prefixed", Description: "puts a prefix before the account's id in sub",
			Effect: "services do not find the account", Breaks: []string{"token.subject.account"},
			Layer: withClaims(func(claims map[string]any) { claims["sub"] = "serviceaccount:" + claims["sub"].(string) }),
		},
		Defect{
			Name: "sub-prefixed-encrypted", Description: "puts a prefix before the account's id in sub of an encrypted token",
			Effect: "services do not find the account", Breaks: []string{"token.subject.account"},
			Layer: encrypted(withClaims(func(claims map[string]any) { claims["sub"] = "serviceaccount:" + claims["sub"].(string) })),
		},
		Defect{
			Name: "sub-previous", Description: "writes the id of the account before into the sub of every token",
			Effect: mistaken, Breaks: []string{"token.subject.account"}, Layer: previous("sub"),
		},
		Defect{
			Name: "iss-other", Description: "names another issuer in its tokens than in its discovery",
			Effect: "services that check iss refuse every token", Breaks: []string{"token.issuer.discovered"},
			Layer: withClaim("iss", "https://identity.example.com"),
		},
		Defect{
			Name: "iss-slash", Description: "names the issuer in its tokens with a slash at the end",
			Effect: "services that check iss refuse every token", Breaks: []string{"token.issuer.discovered"},
			Layer: withClaims(func(claims map[string]any) { claims["iss"] = claims["iss"].(string) + "/" }),
		},
		Defect{
			Name: "iss-scheme-encrypted", Description: "names the issuer of encrypted tokens without encryption of the transport",
			Effect: "services that check iss refuse every token", Breaks: []string{"token.issuer.discovered"},
			Layer: encrypted(withClaims(func(claims map[string]any) {
				claims["iss"] = strings.Replace(claims["iss"].(string), "https:", "http:", 1)
			})),
		},
		Defect{
			Name: "jti-constant", Description: "gives all tokens one jti",
			Effect: "revoking one token by its jti revokes all", Breaks: []string{"token.id.unique"}, Layer: withClaim("jti", "1"),
		},
		Defect{
			Name: "jti-account", Description: "gives all tokens of an account the account's id as jti",
			Effect: "revoking the old token by its jti revokes the new one", Breaks: []string{"token.id.unique"},
			Layer: withClaims(func(claims map[string]any) { claims["jti"] = claims["sub"] }),
		},
		Defect{
			Name: "jti-counter", Description: "counts jti from one to ten and begins again",
			Effect: "revoking one token by its jti revokes others", Breaks: []string{"token.id.unique"}, Layer: counted("jti", 10),
		},
		Defect{
			Name: "jti-constant-encrypted", Description: "gives all encrypted tokens one jti",
			Effect: "revoking one token by its jti revokes all", Breaks: []string{"token.id.unique"}, Layer: encrypted(withClaim("jti", "1")),
		},
		Defect{
			Name: "kid-unknown", Description: "signs tokens by a key that its JWKS does not hold",
			Effect: "nobody can verify a token", Breaks: []string{"token.key.known"}, Layer: withHeader("kid", "key-2019"),
		},
		Defect{
			Name: "signature-zero", Description: "fills the signature with zeros",
			Effect: "nobody can tell real tokens from others", Breaks: []string{"token.signature.verifies"},
			Layer: withToken(octets(2, func(text string) string { return strings.Repeat("\x00", len(text)) })),
		},
		Defect{
			Name: "signature-swapped", Description: "writes the two halves of the signature in the wrong order",
			Effect: "nobody can verify a token", Breaks: []string{"token.signature.verifies"},
			Layer: withToken(octets(2, func(text string) string { return text[len(text)/2:] + text[:len(text)/2] })),
		},
		Defect{
			Name: "signature-other-key", Description: "signs by another key than the one that it names",
			Effect: "nobody can verify a token", Breaks: []string{"token.signature.verifies"}, Layer: resigned(func(any) bool { return true }),
		},
		Defect{
			Name: "signature-other-key-after-rotate", Description: "signs the tokens of rotations by another key than the one that it names",
			Effect: "accounts fail after their first rotation", Breaks: []string{"token.signature.verifies"}, Layer: resigned(nil),
		},
	)
}

// expiringLater shows another expiry of the accounts with tags than their tokens say.
func expiringLater() Layer {
	shift := func(account any) any {
		if items, _ := lookup(account, "/metadata/tags").([]any); len(items) == 0 {
			return account
		}
		return edited(account, "/status/expiry", onText(func(text string) any {
			expiry, _ := time.Parse(time.RFC3339, text) // of the reference
			return expiry.Add(time.Minute).Format(time.RFC3339)
		}))
	}
	return Chain(
		onSuccess(func(_ *http.Request, a *answer) { a.edit(shift) }, create, update, rotate),
		onItems(func(account map[string]any) { shift(account) }),
	)
}

// previous gives every token the claim of the token before it.
func previous(name string) Layer {
	return hooked(func() reference.Hooks {
		var mu sync.Mutex
		var last any = "nobody"
		return reference.Hooks{Claims: func(claims map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			claims[name], last = last, claims[name]
		}}
	})
}

// counted numbers tokens from one to n, over and over.
func counted(name string, n int) Layer {
	return hooked(func() reference.Hooks {
		var mu sync.Mutex
		count := 0
		return reference.Hooks{Claims: func(claims map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			claims[name], count = string(marshalled(count%n+1)), count+1
		}}
	})
}

// resigned signs tokens of some accounts by a key that nobody publishes; nil means those that had a token before.
func resigned(when func(subject any) bool) Layer {
	return hooked(func() reference.Hooks {
		key, _ := ecdsa.GenerateKey(elliptic.P521(), rand.Reader) // never fails: see crypto/rand
		chosen := when
		if chosen == nil {
			chosen = seen()
		}
		return reference.Hooks{Sign: func(token string) string {
			if !chosen(claimsOf(token)["sub"]) {
				return token
			}
			input := token[:strings.LastIndexByte(token, '.')]
			signature, _ := jwt.SigningMethodES512.Sign(input, key) // the key is of the right curve
			return input + "." + base64.RawURLEncoding.EncodeToString(signature)
		}}
	})
}
