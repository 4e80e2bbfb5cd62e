package tokens

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

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// TokenRelations hands out well-formed tokens that do not say what the response around them says.
func TokenRelations() []*mutant.Defect {
	const late, early = "clients renew the token too late, and fail in between", "clients that keep clocks refuse the token for minutes"
	const mistaken = "services take the account for another one"
	lifetime := func(d time.Duration) *mutant.Layer {
		return &mutant.Layer{Configure: func(c *reference.Config) { c.Lifetime = d }}
	}
	return mutant.InFamily("token relations",
		mutant.Defective("exp-minute-early", "lets exp of the token be a minute before status.expiry", late,
			mutant.WithClaims(movedOn("exp", -60)), "token.expiry.agrees"),
		mutant.Defective("exp-second-late", "lets exp of the token be a second after status.expiry", "the token works a second longer than promised",
			mutant.WithClaims(movedOn("exp", 1)), "token.expiry.agrees"),
		mutant.Defective("exp-hour-late", "writes exp in another time zone than status.expiry", late,
			mutant.WithClaims(movedOn("exp", 3600)), "token.expiry.agrees"),
		mutant.Defective("exp-minute-early-encrypted", "lets exp of an encrypted token be a minute before status.expiry", late,
			mutant.Encrypted(mutant.WithClaims(movedOn("exp", -60))), "token.expiry.agrees"),
		mutant.Defective("exp-off-after-rotate", "lets exp and status.expiry differ by a minute after rotate, and agree after create", late,
			mutant.OnRotation(movedOn("exp", 60)), "token.expiry.agrees"),
		mutant.Defective("exp-off-after-rotate-encrypted", "lets exp of an encrypted token be off after rotate only", late,
			mutant.Encrypted(mutant.OnRotation(movedOn("exp", 60))), "token.expiry.agrees"),
		mutant.Defective("exp-off-with-tags", "shows an expiry of accounts with tags that is a minute after exp of their tokens", late,
			expiringLater(), "token.every.agrees"),
		mutant.Defective("iat-future", "issues tokens ten minutes from now", early,
			mutant.WithClaims(movedOn("iat", 600)), "token.issued-at.past"),
		mutant.Defective("iat-future-after-rotate", "issues tokens ten minutes from now when an account is rotated", early,
			mutant.OnRotation(movedOn("iat", 600)), "token.issued-at.past"),
		mutant.Defective("iat-future-encrypted", "issues encrypted tokens ten minutes from now", early,
			mutant.Encrypted(mutant.WithClaims(movedOn("iat", 600))), "token.issued-at.past"),
		mutant.Defective("nbf-future", "issues tokens that are valid in ten minutes", early,
			mutant.WithClaims(movedOn("nbf", 600)), "token.not-before.past"),
		mutant.Defective("nbf-future-after-rotate", "issues tokens that are valid in ten minutes when an account is rotated", early,
			mutant.OnRotation(movedOn("nbf", 600)), "token.not-before.past"),
		mutant.Defective("exp-before-iat", "issues tokens of forty seconds by a clock that is fifty seconds ahead", "clients find the token expired before it was issued",
			mutant.Chain(lifetime(40*time.Second), mutant.WithClaims(movedOn("iat", 50))), "token.lifetime.positive"),
		mutant.Defective("lifetime-ten-years", "issues tokens that live ten years", "a token that leaks is of use for ten years",
			lifetime(3652*24*time.Hour), "token.lifetime.default"),
		mutant.Defective("lifetime-hundred-days", "issues tokens that live a hundred days", "a token that leaks is of use for longer than promised",
			lifetime(100*24*time.Hour), "token.lifetime.default"),
		mutant.Defective("lifetime-an-hour", "issues tokens that live an hour", "a machine that was set up once fails an hour later",
			lifetime(time.Hour), "token.lifetime.short"),
		mutant.Defective("sub-constant", "writes one sub into the tokens of all accounts", "services cannot tell accounts apart",
			mutant.WithClaim("sub", "service-account"), "token.subject.account"),
		mutant.Defective("sub-prefixed", "puts a prefix before the account's id in sub", "services do not find the account",
			mutant.WithClaims(func(claims map[string]any) { claims["sub"] = "serviceaccount:" + claims["sub"].(string) }), "token.subject.account"),
		mutant.Defective("sub-prefixed-encrypted", "puts a prefix before the account's id in sub of an encrypted token", "services do not find the account",
			mutant.Encrypted(mutant.WithClaims(func(claims map[string]any) { claims["sub"] = "serviceaccount:" + claims["sub"].(string) })), "token.subject.account"),
		mutant.Defective("sub-previous", "writes the id of the account before into the sub of every token", mistaken,
			previous("sub"), "token.subject.account"),
		mutant.Defective("iss-other", "names another issuer in its tokens than in its discovery", "services that check iss refuse every token",
			mutant.WithClaim("iss", "https://identity.example.com"), "token.issuer.discovered"),
		mutant.Defective("iss-slash", "names the issuer in its tokens with a slash at the end", "services that check iss refuse every token",
			mutant.WithClaims(func(claims map[string]any) { claims["iss"] = claims["iss"].(string) + "/" }), "token.issuer.discovered"),
		mutant.Defective("iss-scheme-encrypted", "names the issuer of encrypted tokens without encryption of the transport", "services that check iss refuse every token",
			mutant.Encrypted(mutant.WithClaims(func(claims map[string]any) {
				claims["iss"] = strings.Replace(claims["iss"].(string), "https:", "http:", 1)
			})), "token.issuer.discovered"),
		mutant.Defective("jti-constant", "gives all tokens one jti", "revoking one token by its jti revokes all",
			mutant.WithClaim("jti", "1"), "token.id.unique"),
		mutant.Defective("jti-account", "gives all tokens of an account the account's id as jti", "revoking the old token by its jti revokes the new one",
			mutant.WithClaims(func(claims map[string]any) { claims["jti"] = claims["sub"] }), "token.id.unique"),
		mutant.Defective("jti-counter", "counts jti from one to ten and begins again", "revoking one token by its jti revokes others",
			counted("jti", 10), "token.id.unique"),
		mutant.Defective("jti-constant-encrypted", "gives all encrypted tokens one jti", "revoking one token by its jti revokes all",
			mutant.Encrypted(mutant.WithClaim("jti", "1")), "token.id.unique"),
		mutant.Defective("kid-unknown", "signs tokens by a key that its JWKS does not hold", "nobody can verify a token",
			mutant.WithHeader("kid", "key-2019"), "token.key.known"),
		mutant.Defective("signature-zero", "fills the signature with zeros", "nobody can tell real tokens from others",
			mutant.WithToken(mutant.Octets(2, func(text string) string { return strings.Repeat("\x00", len(text)) })), "token.signature.verifies"),
		mutant.Defective("signature-swapped", "writes the two halves of the signature in the wrong order", "nobody can verify a token",
			mutant.WithToken(mutant.Octets(2, func(text string) string { return text[len(text)/2:] + text[:len(text)/2] })), "token.signature.verifies"),
		mutant.Defective("signature-other-key", "signs by another key than the one that it names", "nobody can verify a token",
			resigned(func(any) bool { return true }), "token.signature.verifies"),
		mutant.Defective("signature-other-key-after-rotate", "signs the tokens of rotations by another key than the one that it names", "accounts fail after their first rotation",
			resigned(nil), "token.signature.verifies"),
	)
}

// expiringLater shows another expiry of the accounts with tags than their tokens say.
func expiringLater() *mutant.Layer {
	shift := func(account any) any {
		if items, _ := mutant.Lookup(account, "/metadata/tags").([]any); len(items) == 0 {
			return account
		}
		return mutant.Edited(account, "/status/expiry", mutant.OnText(func(text string) any {
			expiry, _ := time.Parse(time.RFC3339, text) // of the reference
			return expiry.Add(time.Minute).Format(time.RFC3339)
		}))
	}
	return mutant.Chain(
		mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Edit(shift) }, mutant.Create, mutant.Update, mutant.Rotate),
		mutant.OnItems(func(account map[string]any) { shift(account) }),
	)
}

// previous gives every token the claim of the token before it.
func previous(name string) *mutant.Layer {
	return mutant.WithHooks(func() reference.Hooks {
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
func counted(name string, n int) *mutant.Layer {
	return mutant.WithHooks(func() reference.Hooks {
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
func resigned(when func(subject any) bool) *mutant.Layer {
	return mutant.WithHooks(func() reference.Hooks {
		key, _ := ecdsa.GenerateKey(elliptic.P521(), rand.Reader) // never fails: see crypto/rand
		chosen := when
		if chosen == nil {
			chosen = mutant.SeenBefore()
		}
		return reference.Hooks{Sign: func(token string) string {
			if !chosen(mutant.ClaimsOf(token)["sub"]) {
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
