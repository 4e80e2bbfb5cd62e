package tokens

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Discovery publishes documents that lead nowhere, or astray.
func Discovery() []*mutant.Defect {
	const blind = "clients and services cannot be set up by themselves"
	const unverifiable = "nobody can verify a token"
	missing := func(op mutant.Operation) *mutant.Layer {
		return mutant.OnResponse(func(_ *http.Request, a *mutant.Response) { a.Fail(http.StatusNotFound, "not_found") }, op)
	}
	page := func(op mutant.Operation) *mutant.Layer {
		return mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Content-Type", "text/html; charset=utf-8")
			a.Body = []byte("<!DOCTYPE html><title>Sign in</title>\n")
		}, op)
	}
	guarded := func(op mutant.Operation) *mutant.Layer {
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if mutant.BearerOf(r) == "" {
				a.Fail(http.StatusUnauthorized, "access_denied")
				a.Fields.Set("WWW-Authenticate", `Bearer realm="identity"`)
			}
		}, op)
	}
	in := func(op mutant.Operation, name string, change func(any) any) *mutant.Layer {
		return mutant.OnMember("/"+name, change, op)
	}
	text := func(change func(string) string) func(any) any {
		return mutant.OnText(func(s string) any { return change(s) })
	}
	relative := text(func(s string) string { return s[strings.LastIndex(s, "/oauth2"):] })
	more := func(suffix string) func(any) any { return text(func(s string) string { return s + suffix }) }
	return mutant.InFamily("discovery",
		mutant.Defective("openid-missing", "publishes no openid-configuration", blind,
			missing(mutant.Openid), "discovery.openid.answers"),
		mutant.Defective("openid-page", "answers openid-configuration with a page for people", blind,
			page(mutant.Openid), "discovery.openid.answers"),
		mutant.Defective("openid-text", "serves openid-configuration as plain text", "clients that heed media types do not read it",
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Fields.Set("Content-Type", "text/plain; charset=utf-8") }, mutant.Openid), "discovery.openid.answers"),
		mutant.Defective("openid-guarded", "wants a token from those who read openid-configuration", "nobody finds out where to get a token",
			guarded(mutant.Openid), "discovery.openid.answers"),
		mutant.Defective("openid-no-jwks", "names no JWKS in openid-configuration", unverifiable,
			in(mutant.Openid, "jwks_uri", mutant.Always(mutant.Gone())), "discovery.openid.members"),
		mutant.Defective("openid-no-token-endpoint", "names no token endpoint in openid-configuration", blind,
			in(mutant.Openid, "token_endpoint", mutant.Always(mutant.Gone())), "discovery.openid.members"),
		mutant.Defective("openid-no-authorization-endpoint", "names no authorization endpoint in openid-configuration", blind,
			in(mutant.Openid, "authorization_endpoint", mutant.Always(mutant.Gone())), "discovery.openid.authorization-endpoint"),
		mutant.Defective("openid-issuer-inside", "names its host inside the cluster as the issuer", "clients refuse the document",
			in(mutant.Openid, "issuer", mutant.Always("http://identity.unikorn.svc")), "discovery.openid.issuer"),
		mutant.Defective("openid-no-issuer", "does not say in openid-configuration who it is", "clients refuse the document",
			in(mutant.Openid, "issuer", mutant.Always(mutant.Gone())), "discovery.openid.members"),
		mutant.Defective("openid-issuer-query", "has an issuer with a query", "clients refuse the document",
			in(mutant.Openid, "issuer", more("?tenant=a")), "discovery.openid.members"),
		mutant.Defective("openid-issuer-fragment", "has an issuer with a fragment", "clients refuse the document",
			in(mutant.Openid, "issuer", more("#")), "discovery.openid.members"),
		mutant.Defective("openid-issuer-list", "writes the issuer as an array", "clients refuse the document",
			in(mutant.Openid, "issuer", func(old any) any { return []any{old} }), "discovery.openid.members"),
		mutant.Defective("openid-jwks-relative", "names its JWKS by a path", unverifiable,
			in(mutant.Openid, "jwks_uri", relative), "discovery.openid.members"),
		mutant.Defective("openid-userinfo-relative", "names userinfo by a path", "clients do not find userinfo",
			in(mutant.Openid, "userinfo_endpoint", relative), "discovery.openid.members"),
		mutant.Defective("jwks-missing", "publishes no JWKS where it says", unverifiable,
			missing(mutant.Jwks), "discovery.jwks.answers"),
		mutant.Defective("jwks-page", "answers the JWKS with a page for people", unverifiable,
			page(mutant.Jwks), "discovery.jwks.answers"),
		mutant.Defective("jwks-guarded", "wants a token from those who read the JWKS", unverifiable,
			guarded(mutant.Jwks), "discovery.jwks.answers"),
		mutant.Defective("jwks-bare-array", "publishes its keys as a bare array", unverifiable,
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
				a.Edit(func(document any) any { return mutant.Lookup(document, "/keys") })
			}, mutant.Jwks), "discovery.jwks.answers"),
		mutant.Defective("jwks-empty", "publishes a JWKS without keys", unverifiable,
			in(mutant.Jwks, "keys", mutant.Always([]any{})), "token.key.known"),
		mutant.Defective("jwks-private", "publishes the private half of its key", "anybody can make tokens",
			onKey("d", mutant.Always(strings.Repeat("A", 88))), "discovery.jwks.public"),
		mutant.Defective("jwks-symmetric", "publishes a symmetric key beside the one for signatures", "anybody can make tokens",
			in(mutant.Jwks, "keys", func(old any) any {
				keys, _ := old.([]any)
				return append(keys, map[string]any{"kty": "oct", "kid": "hmac", "alg": "HS512", "k": strings.Repeat("A", 86)})
			}), "discovery.jwks.public"),
		mutant.Defective("jwks-off-curve", "publishes a point that is not on the curve", unverifiable,
			onKey("y", text(func(s string) string { return s[:40] + string(s[40]^1) + s[41:] })), "discovery.jwks.valid"),
		mutant.Defective("jwks-short-coordinate", "publishes a coordinate without its leading zeros", "one reader of two verifies no token",
			onKey("x", coordinate), "discovery.jwks.valid"),
		mutant.Defective("jwks-other-curve", "publishes a key of P-521 as one of P-256", unverifiable,
			onKey("crv", mutant.Always("P-256")), "discovery.jwks.valid"),
		mutant.Defective("jwks-other-alg", "publishes a key of P-521 for ES256", unverifiable,
			onKey("alg", mutant.Always("ES256")), "discovery.jwks.valid"),
		mutant.Defective("jwks-kid-twice", "publishes two keys of one kid", "readers verify with the wrong one",
			in(mutant.Jwks, "keys", func(old any) any {
				keys, _ := old.([]any)
				return append(keys, keys...)
			}), "discovery.jwks.distinct"),
		mutant.Defective("jwks-other-use", "publishes its key for a use that it made up", unverifiable,
			onKey("use", mutant.Always("token")), "discovery.jwks.use"),
		mutant.Defective("jwks-no-kid", "publishes a key without the kid that tokens name", unverifiable,
			onKey("kid", mutant.Always(mutant.Gone())), "token.key.known"),
		mutant.Defective("jwks-rotated-away", "publishes the next key and no longer the one that tokens are signed by", unverifiable,
			otherKey("next"), "token.key.known"),
		mutant.Defective("jwks-other-key", "publishes another key under the kid that tokens name", unverifiable,
			otherKey(""), "token.signature.verifies"),
		mutant.Defective("resource-missing", "publishes no openid-protected-resource", blind,
			missing(mutant.Protected), "discovery.resource.answers"),
		mutant.Defective("resource-page", "answers openid-protected-resource with a page for people", blind,
			page(mutant.Protected), "discovery.resource.answers"),
		mutant.Defective("resource-guarded", "wants a token from those who read openid-protected-resource", "nobody finds out where to get a token",
			guarded(mutant.Protected), "discovery.resource.answers"),
		mutant.Defective("resource-no-servers", "names no authorization server", "nobody finds out where to get a token",
			in(mutant.Protected, "authorization_servers", mutant.Always(mutant.Gone())), "discovery.resource.members"),
		mutant.Defective("resource-servers-text", "names its authorization server as a text and not in an array", "nobody finds out where to get a token",
			in(mutant.Protected, "authorization_servers", func(old any) any { return old.([]any)[0] }), "discovery.resource.members"),
		mutant.Defective("resource-host-only", "names itself by host and without a scheme", "clients refuse the document",
			in(mutant.Protected, "resource", text(func(s string) string { return s[strings.Index(s, "//")+2:] })), "discovery.resource.members"),
		mutant.Defective("resource-inside", "names its host inside the cluster as the resource", "clients refuse the document",
			in(mutant.Protected, "resource", mutant.Always("http://identity.unikorn.svc")), "discovery.resource.matches"),
		mutant.Defective("resource-scopes-text", "writes its scopes as one string", "clients ask for no scope, or for one that is none",
			in(mutant.Protected, "scopes_supported", mutant.Always("openid email")), "discovery.resource.scopes"),
		mutant.Defective("resource-no-header", "does not say that tokens go into the header", "clients put them where they are not looked for",
			in(mutant.Protected, "bearer_methods_supported", mutant.Always([]any{"body"})), "discovery.resource.members"),
		mutant.Defective("resource-query-too", "says that tokens may go into the query", "tokens end up in logs",
			in(mutant.Protected, "bearer_methods_supported", mutant.Always([]any{"header", "query"})), "discovery.resource.header-only"),
		mutant.Defective("resource-other-issuer", "names an authorization server that is not the issuer", "clients get tokens that are refused",
			in(mutant.Protected, "authorization_servers", mutant.Always([]any{"https://identity.example.com"})), "discovery.resource.consistent"),
		mutant.Defective("resource-issuer-slash", "names the issuer with a slash at the end among the authorization servers", "clients that compare both refuse to go on",
			in(mutant.Protected, "authorization_servers", func(old any) any { return []any{more("/")(old.([]any)[0])} }), "discovery.resource.consistent"),
		mutant.Defective("userinfo-without-challenge", "refuses userinfo without a challenge", "clients that wait for a challenge do not ask for credentials",
			mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) { a.Fields.Del("WWW-Authenticate") }, mutant.Userinfo), "discovery.userinfo.challenge"),
		mutant.Defective("userinfo-open", "answers userinfo to anybody, as the operator", "anybody learns who the operator is",
			mutant.Admitting(func(r *http.Request) bool { return r.Header.Get("Authorization") == "" }, mutant.Userinfo), "discovery.userinfo.anonymous"),
		mutant.Defective("userinfo-garbage", "answers userinfo to any token that is no JWT, as the operator", "services that ask userinfo let anybody in",
			mutant.Admitting(func(r *http.Request) bool {
				return mutant.BearerOf(r) != "" && !strings.Contains(mutant.BearerOf(r), ".")
			}, mutant.Userinfo), "discovery.userinfo.anonymous"),
		mutant.Defective("userinfo-empty", "answers userinfo to anybody, with nothing in it", "a client without a token takes itself for authenticated",
			mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
				if r.Header.Get("Authorization") == "" {
					a.Status = http.StatusOK
					a.Set(map[string]any{})
				}
			}, mutant.Userinfo), "discovery.userinfo.anonymous"),
	)
}

// onKey changes a member of every published key.
func onKey(name string, change func(any) any) *mutant.Layer {
	return mutant.OnMember("/keys", func(old any) any {
		keys, _ := old.([]any)
		for _, key := range keys {
			mutant.Edited(key, "/"+name, change)
		}
		return keys
	}, mutant.Jwks)
}

// coordinate takes the first byte away, as those do who take a coordinate for a number; it is zero in one of two.
func coordinate(old any) any {
	text, _ := old.(string)
	number, _ := base64.RawURLEncoding.DecodeString(text)
	return base64.RawURLEncoding.EncodeToString(number[1:])
}

// otherKey publishes another key than the one of the server; under its kid if none is given.
func otherKey(kid string) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		key, _ := ecdsa.GenerateKey(elliptic.P521(), rand.Reader) // never fails: see crypto/rand
		point, _ := key.PublicKey.Bytes()
		half := len(point) / 2
		return mutant.OnMember("/keys", func(old any) any {
			keys, _ := old.([]any)
			for _, k := range keys {
				mutant.Edited(k, "/x", mutant.Always(base64.RawURLEncoding.EncodeToString(point[1:half+1])))
				mutant.Edited(k, "/y", mutant.Always(base64.RawURLEncoding.EncodeToString(point[half+1:])))
				if kid != "" {
					mutant.Edited(k, "/kid", mutant.Always(kid))
				}
			}
			return keys
		}, mutant.Jwks).Wrap(known, next)
	}}
}
