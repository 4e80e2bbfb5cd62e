package mutant

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// discovery publishes documents that lead nowhere, or astray.
func discovery() []*Defect {
	const blind = "clients and services cannot be set up by themselves"
	const unverifiable = "nobody can verify a token"
	missing := func(op operation) *Layer {
		return onAnswer(func(_ *http.Request, a *answer) { a.fail(http.StatusNotFound, "not_found") }, op)
	}
	page := func(op operation) *Layer {
		return onAnswer(func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", "text/html; charset=utf-8")
			a.body = []byte("<!DOCTYPE html><title>Sign in</title>\n")
		}, op)
	}
	guarded := func(op operation) *Layer {
		return onAnswer(func(r *http.Request, a *answer) {
			if bearerOf(r) == "" {
				a.fail(http.StatusUnauthorized, "access_denied")
				a.header.Set("WWW-Authenticate", `Bearer realm="identity"`)
			}
		}, op)
	}
	in := func(op operation, name string, change func(any) any) *Layer { return onMember("/"+name, change, op) }
	text := func(change func(string) string) func(any) any { return onText(func(s string) any { return change(s) }) }
	relative := text(func(s string) string { return s[strings.LastIndex(s, "/oauth2"):] })
	more := func(suffix string) func(any) any { return text(func(s string) string { return s + suffix }) }
	return inFamily("discovery",
		defective("openid-missing", "publishes no openid-configuration", blind,
			missing(openid), "discovery.openid.answers"),
		defective("openid-page", "answers openid-configuration with a page for people", blind,
			page(openid), "discovery.openid.answers"),
		defective("openid-text", "serves openid-configuration as plain text", "clients that heed media types do not read it",
			onSuccess(func(_ *http.Request, a *answer) { a.header.Set("Content-Type", "text/plain; charset=utf-8") }, openid), "discovery.openid.answers"),
		defective("openid-guarded", "wants a token from those who read openid-configuration", "nobody finds out where to get a token",
			guarded(openid), "discovery.openid.answers"),
		defective("openid-no-jwks", "names no JWKS in openid-configuration", unverifiable,
			in(openid, "jwks_uri", always(gone())), "discovery.openid.members"),
		defective("openid-no-token-endpoint", "names no token endpoint in openid-configuration", blind,
			in(openid, "token_endpoint", always(gone())), "discovery.openid.members"),
		defective("openid-no-authorization-endpoint", "names no authorization endpoint in openid-configuration", blind,
			in(openid, "authorization_endpoint", always(gone())), "discovery.openid.authorization-endpoint"),
		defective("openid-issuer-inside", "names its host inside the cluster as the issuer", "clients refuse the document",
			in(openid, "issuer", always("http://identity.unikorn.svc")), "discovery.openid.issuer"),
		defective("openid-no-issuer", "does not say in openid-configuration who it is", "clients refuse the document",
			in(openid, "issuer", always(gone())), "discovery.openid.members"),
		defective("openid-issuer-query", "has an issuer with a query", "clients refuse the document",
			in(openid, "issuer", more("?tenant=a")), "discovery.openid.members"),
		defective("openid-issuer-fragment", "has an issuer with a fragment", "clients refuse the document",
			in(openid, "issuer", more("#")), "discovery.openid.members"),
		defective("openid-issuer-list", "writes the issuer as an array", "clients refuse the document",
			in(openid, "issuer", func(old any) any { return []any{old} }), "discovery.openid.members"),
		defective("openid-jwks-relative", "names its JWKS by a path", unverifiable,
			in(openid, "jwks_uri", relative), "discovery.openid.members"),
		defective("openid-userinfo-relative", "names userinfo by a path", "clients do not find userinfo",
			in(openid, "userinfo_endpoint", relative), "discovery.openid.members"),
		defective("jwks-missing", "publishes no JWKS where it says", unverifiable,
			missing(jwks), "discovery.jwks.answers"),
		defective("jwks-page", "answers the JWKS with a page for people", unverifiable,
			page(jwks), "discovery.jwks.answers"),
		defective("jwks-guarded", "wants a token from those who read the JWKS", unverifiable,
			guarded(jwks), "discovery.jwks.answers"),
		defective("jwks-bare-array", "publishes its keys as a bare array", unverifiable,
			onSuccess(func(_ *http.Request, a *answer) {
				a.edit(func(document any) any { return lookup(document, "/keys") })
			}, jwks), "discovery.jwks.answers"),
		defective("jwks-empty", "publishes a JWKS without keys", unverifiable,
			in(jwks, "keys", always([]any{})), "token.key.known"),
		defective("jwks-private", "publishes the private half of its key", "anybody can make tokens",
			onKey("d", always(strings.Repeat("A", 88))), "discovery.jwks.public"),
		defective("jwks-symmetric", "publishes a symmetric key beside the one for signatures", "anybody can make tokens",
			in(jwks, "keys", func(old any) any {
				keys, _ := old.([]any)
				return append(keys, map[string]any{"kty": "oct", "kid": "hmac", "alg": "HS512", "k": strings.Repeat("A", 86)})
			}), "discovery.jwks.public"),
		defective("jwks-off-curve", "publishes a point that is not on the curve", unverifiable,
			onKey("y", text(func(s string) string { return s[:40] + string(s[40]^1) + s[41:] })), "discovery.jwks.valid"),
		defective("jwks-short-coordinate", "publishes a coordinate without its leading zeros", "one reader of two verifies no token",
			onKey("x", coordinate), "discovery.jwks.valid"),
		defective("jwks-other-curve", "publishes a key of P-521 as one of P-256", unverifiable,
			onKey("crv", always("P-256")), "discovery.jwks.valid"),
		defective("jwks-other-alg", "publishes a key of P-521 for ES256", unverifiable,
			onKey("alg", always("ES256")), "discovery.jwks.valid"),
		defective("jwks-kid-twice", "publishes two keys of one kid", "readers verify with the wrong one",
			in(jwks, "keys", func(old any) any {
				keys, _ := old.([]any)
				return append(keys, keys...)
			}), "discovery.jwks.distinct"),
		defective("jwks-other-use", "publishes its key for a use that it made up", unverifiable,
			onKey("use", always("token")), "discovery.jwks.use"),
		defective("jwks-no-kid", "publishes a key without the kid that tokens name", unverifiable,
			onKey("kid", always(gone())), "token.key.known"),
		defective("jwks-rotated-away", "publishes the next key and no longer the one that tokens are signed by", unverifiable,
			otherKey("next"), "token.key.known"),
		defective("jwks-other-key", "publishes another key under the kid that tokens name", unverifiable,
			otherKey(""), "token.signature.verifies"),
		defective("resource-missing", "publishes no openid-protected-resource", blind,
			missing(protected), "discovery.resource.answers"),
		defective("resource-page", "answers openid-protected-resource with a page for people", blind,
			page(protected), "discovery.resource.answers"),
		defective("resource-guarded", "wants a token from those who read openid-protected-resource", "nobody finds out where to get a token",
			guarded(protected), "discovery.resource.answers"),
		defective("resource-no-servers", "names no authorization server", "nobody finds out where to get a token",
			in(protected, "authorization_servers", always(gone())), "discovery.resource.members"),
		defective("resource-servers-text", "names its authorization server as a text and not in an array", "nobody finds out where to get a token",
			in(protected, "authorization_servers", func(old any) any { return old.([]any)[0] }), "discovery.resource.members"),
		defective("resource-host-only", "names itself by host and without a scheme", "clients refuse the document",
			in(protected, "resource", text(func(s string) string { return s[strings.Index(s, "//")+2:] })), "discovery.resource.members"),
		defective("resource-inside", "names its host inside the cluster as the resource", "clients refuse the document",
			in(protected, "resource", always("http://identity.unikorn.svc")), "discovery.resource.matches"),
		defective("resource-scopes-text", "writes its scopes as one string", "clients ask for no scope, or for one that is none",
			in(protected, "scopes_supported", always("openid email")), "discovery.resource.scopes"),
		defective("resource-no-header", "does not say that tokens go into the header", "clients put them where they are not looked for",
			in(protected, "bearer_methods_supported", always([]any{"body"})), "discovery.resource.members"),
		defective("resource-query-too", "says that tokens may go into the query", "tokens end up in logs",
			in(protected, "bearer_methods_supported", always([]any{"header", "query"})), "discovery.resource.header-only"),
		defective("resource-other-issuer", "names an authorization server that is not the issuer", "clients get tokens that are refused",
			in(protected, "authorization_servers", always([]any{"https://identity.example.com"})), "discovery.resource.consistent"),
		defective("resource-issuer-slash", "names the issuer with a slash at the end among the authorization servers", "clients that compare both refuse to go on",
			in(protected, "authorization_servers", func(old any) any { return []any{more("/")(old.([]any)[0])} }), "discovery.resource.consistent"),
		defective("userinfo-without-challenge", "refuses userinfo without a challenge", "clients that wait for a challenge do not ask for credentials",
			onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) { a.header.Del("WWW-Authenticate") }, userinfo), "discovery.userinfo.challenge"),
		defective("userinfo-open", "answers userinfo to anybody, as the operator", "anybody learns who the operator is",
			admitting(func(r *http.Request) bool { return r.Header.Get("Authorization") == "" }, userinfo), "discovery.userinfo.anonymous"),
		defective("userinfo-garbage", "answers userinfo to any token that is no JWT, as the operator", "services that ask userinfo let anybody in",
			admitting(func(r *http.Request) bool {
				return bearerOf(r) != "" && !strings.Contains(bearerOf(r), ".")
			}, userinfo), "discovery.userinfo.anonymous"),
		defective("userinfo-empty", "answers userinfo to anybody, with nothing in it", "a client without a token takes itself for authenticated",
			onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
				if r.Header.Get("Authorization") == "" {
					a.status = http.StatusOK
					a.set(map[string]any{})
				}
			}, userinfo), "discovery.userinfo.anonymous"),
	)
}

// onKey changes a member of every published key.
func onKey(name string, change func(any) any) *Layer {
	return onMember("/keys", func(old any) any {
		keys, _ := old.([]any)
		for _, key := range keys {
			edited(key, "/"+name, change)
		}
		return keys
	}, jwks)
}

// coordinate takes the first byte away, as those do who take a coordinate for a number; it is zero in one of two.
func coordinate(old any) any {
	text, _ := old.(string)
	number, _ := base64.RawURLEncoding.DecodeString(text)
	return base64.RawURLEncoding.EncodeToString(number[1:])
}

// otherKey publishes another key than the one of the server; under its kid where none is given.
func otherKey(kid string) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		key, _ := ecdsa.GenerateKey(elliptic.P521(), rand.Reader) // never fails: see crypto/rand
		point, _ := key.PublicKey.Bytes()
		half := len(point) / 2
		return onMember("/keys", func(old any) any {
			keys, _ := old.([]any)
			for _, k := range keys {
				edited(k, "/x", always(base64.RawURLEncoding.EncodeToString(point[1:half+1])))
				edited(k, "/y", always(base64.RawURLEncoding.EncodeToString(point[half+1:])))
				if kid != "" {
					edited(k, "/kid", always(kid))
				}
			}
			return keys
		}, jwks).Wrap(known, next)
	}}
}
