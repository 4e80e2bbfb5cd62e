package mutant

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

// tokenRelations hands out well-formed tokens that do not say what the response around them says.
func tokenRelations() []*Defect {
	const late, early = "clients renew the token too late, and fail in between", "clients that keep clocks refuse the token for minutes"
	const mistaken = "services take the account for another one"
	lifetime := func(d time.Duration) *Layer { return &Layer{Configure: func(c *reference.Config) { c.Lifetime = d }} }
	return inFamily("token relations",
		defective("exp-minute-early", "lets exp of the token be a minute before status.expiry", late,
			withClaims(movedOn("exp", -60)), "token.expiry.agrees"),
		defective("exp-second-late", "lets exp of the token be a second after status.expiry", "the token works a second longer than promised",
			withClaims(movedOn("exp", 1)), "token.expiry.agrees"),
		defective("exp-hour-late", "writes exp in another time zone than status.expiry", late,
			withClaims(movedOn("exp", 3600)), "token.expiry.agrees"),
		defective("exp-minute-early-encrypted", "lets exp of an encrypted token be a minute before status.expiry", late,
			encrypted(withClaims(movedOn("exp", -60))), "token.expiry.agrees"),
		defective("exp-off-after-rotate", "lets exp and status.expiry differ by a minute after rotate, and agree after create", late,
			onRotation(movedOn("exp", 60)), "token.expiry.agrees"),
		defective("exp-off-after-rotate-encrypted", "lets exp of an encrypted token be off after rotate only", late,
			encrypted(onRotation(movedOn("exp", 60))), "token.expiry.agrees"),
		defective("exp-off-with-tags", "shows an expiry of accounts with tags that is a minute after exp of their tokens", late,
			expiringLater(), "token.every.agrees"),
		defective("iat-future", "issues tokens ten minutes from now", early,
			withClaims(movedOn("iat", 600)), "token.issued-at.past"),
		defective("iat-future-after-rotate", "issues tokens ten minutes from now when an account is rotated", early,
			onRotation(movedOn("iat", 600)), "token.issued-at.past"),
		defective("iat-future-encrypted", "issues encrypted tokens ten minutes from now", early,
			encrypted(withClaims(movedOn("iat", 600))), "token.issued-at.past"),
		defective("nbf-future", "issues tokens that are valid in ten minutes", early,
			withClaims(movedOn("nbf", 600)), "token.not-before.past"),
		defective("nbf-future-after-rotate", "issues tokens that are valid in ten minutes when an account is rotated", early,
			onRotation(movedOn("nbf", 600)), "token.not-before.past"),
		defective("exp-before-iat", "issues tokens of forty seconds by a clock that is fifty seconds ahead", "clients find the token expired before it was issued",
			Chain(lifetime(40*time.Second), withClaims(movedOn("iat", 50))), "token.lifetime.positive"),
		defective("lifetime-ten-years", "issues tokens that live ten years", "a token that leaks is of use for ten years",
			lifetime(3652*24*time.Hour), "token.lifetime.default"),
		defective("lifetime-hundred-days", "issues tokens that live a hundred days", "a token that leaks is of use for longer than promised",
			lifetime(100*24*time.Hour), "token.lifetime.default"),
		defective("lifetime-an-hour", "issues tokens that live an hour", "a machine that was set up once fails an hour later",
			lifetime(time.Hour), "token.lifetime.short"),
		defective("sub-constant", "writes one sub into the tokens of all accounts", "services cannot tell accounts apart",
			withClaim("sub", "service-account"), "token.subject.account"),
		defective("sub-prefixed", "puts a prefix before the account's id in sub", "services do not find the account",
			withClaims(func(claims map[string]any) { claims["sub"] = "serviceaccount:" + claims["sub"].(string) }), "token.subject.account"),
		defective("sub-prefixed-encrypted", "puts a prefix before the account's id in sub of an encrypted token", "services do not find the account",
			encrypted(withClaims(func(claims map[string]any) { claims["sub"] = "serviceaccount:" + claims["sub"].(string) })), "token.subject.account"),
		defective("sub-previous", "writes the id of the account before into the sub of every token", mistaken,
			previous("sub"), "token.subject.account"),
		defective("iss-other", "names another issuer in its tokens than in its discovery", "services that check iss refuse every token",
			withClaim("iss", "https://identity.example.com"), "token.issuer.discovered"),
		defective("iss-slash", "names the issuer in its tokens with a slash at the end", "services that check iss refuse every token",
			withClaims(func(claims map[string]any) { claims["iss"] = claims["iss"].(string) + "/" }), "token.issuer.discovered"),
		defective("iss-scheme-encrypted", "names the issuer of encrypted tokens without encryption of the transport", "services that check iss refuse every token",
			encrypted(withClaims(func(claims map[string]any) {
				claims["iss"] = strings.Replace(claims["iss"].(string), "https:", "http:", 1)
			})), "token.issuer.discovered"),
		defective("jti-constant", "gives all tokens one jti", "revoking one token by its jti revokes all",
			withClaim("jti", "1"), "token.id.unique"),
		defective("jti-account", "gives all tokens of an account the account's id as jti", "revoking the old token by its jti revokes the new one",
			withClaims(func(claims map[string]any) { claims["jti"] = claims["sub"] }), "token.id.unique"),
		defective("jti-counter", "counts jti from one to ten and begins again", "revoking one token by its jti revokes others",
			counted("jti", 10), "token.id.unique"),
		defective("jti-constant-encrypted", "gives all encrypted tokens one jti", "revoking one token by its jti revokes all",
			encrypted(withClaim("jti", "1")), "token.id.unique"),
		defective("kid-unknown", "signs tokens by a key that its JWKS does not hold", "nobody can verify a token",
			withHeader("kid", "key-2019"), "token.key.known"),
		defective("signature-zero", "fills the signature with zeros", "nobody can tell real tokens from others",
			withToken(octets(2, func(text string) string { return strings.Repeat("\x00", len(text)) })), "token.signature.verifies"),
		defective("signature-swapped", "writes the two halves of the signature in the wrong order", "nobody can verify a token",
			withToken(octets(2, func(text string) string { return text[len(text)/2:] + text[:len(text)/2] })), "token.signature.verifies"),
		defective("signature-other-key", "signs by another key than the one that it names", "nobody can verify a token",
			resigned(func(any) bool { return true }), "token.signature.verifies"),
		defective("signature-other-key-after-rotate", "signs the tokens of rotations by another key than the one that it names", "accounts fail after their first rotation",
			resigned(nil), "token.signature.verifies"),
	)
}

// expiringLater shows another expiry of the accounts with tags than their tokens say.
func expiringLater() *Layer {
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
func previous(name string) *Layer {
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
func counted(name string, n int) *Layer {
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
func resigned(when func(subject any) bool) *Layer {
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

// movedOn moves a claim that is a time by some seconds.
func movedOn(name string, seconds int64) func(claims map[string]any) {
	return func(claims map[string]any) { claims[name] = claims[name].(int64) + seconds }
}
