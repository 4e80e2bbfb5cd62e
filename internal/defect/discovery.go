package defect

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
func discovery() []Defect {
	const blind = "clients and services cannot be set up by themselves"
	const unverifiable = "nobody can verify a token"
	missing := func(op operation) Layer {
		return onAnswer(func(_ *http.Request, a *answer) { a.fail(http.StatusNotFound, "not_found") }, op)
	}
	page := func(op operation) Layer {
		return onAnswer(func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", "text/html; charset=utf-8")
			a.body = []byte("<!DOCTYPE html><title>Sign in</title>\n")
		}, op)
	}
	guarded := func(op operation) Layer {
		return onAnswer(func(r *http.Request, a *answer) {
			if bearerOf(r) == "" {
				a.fail(http.StatusUnauthorized, "access_denied")
				a.header.Set("WWW-Authenticate", `Bearer realm="identity"`)
			}
		}, op)
	}
	in := func(op operation, name string, change func(any) any) Layer { return onMember("/"+name, change, op) }
	text := func(change func(string) string) func(any) any { return onText(func(s string) any { return change(s) }) }
	relative := text(func(s string) string { return s[strings.LastIndex(s, "/oauth2"):] })
	more := func(suffix string) func(any) any { return text(func(s string) string { return s + suffix }) }
	return family("discovery",
		Defect{
			Name: "openid-missing", Description: "publishes no openid-configuration",
			Effect: blind, Breaks: []string{"discovery.openid.answers"}, Layer: missing(openid),
		},
		Defect{
			Name: "openid-page", Description: "answers openid-configuration with a page for people",
			Effect: blind, Breaks: []string{"discovery.openid.answers"}, Layer: page(openid),
		},
		Defect{
			Name: "openid-text", Description: "serves openid-configuration as plain text",
			Effect: "clients that heed media types do not read it", Breaks: []string{"discovery.openid.answers"},
			Layer: onSuccess(func(_ *http.Request, a *answer) { a.header.Set("Content-Type", "text/plain; charset=utf-8") }, openid),
		},
		Defect{
			Name: "openid-guarded", Description: "wants a token from those who read openid-configuration",
			Effect: "nobody finds out where to get a token", Breaks: []string{"discovery.openid.answers"}, Layer: guarded(openid),
		},
		Defect{
			Name: "openid-no-jwks", Description: "names no JWKS in openid-configuration",
			Effect: unverifiable, Breaks: []string{"discovery.openid.members"}, Layer: in(openid, "jwks_uri", always(gone())),
		},
		Defect{
			Name: "openid-no-token-endpoint", Description: "names no token endpoint in openid-configuration",
			Effect: blind, Breaks: []string{"discovery.openid.members"}, Layer: in(openid, "token_endpoint", always(gone())),
		},
		Defect{
			Name: "openid-no-issuer", Description: "does not say in openid-configuration who it is",
			Effect: "clients refuse the document", Breaks: []string{"discovery.openid.members"}, Layer: in(openid, "issuer", always(gone())),
		},
		Defect{
			Name: "openid-issuer-query", Description: "has an issuer with a query",
			Effect: "clients refuse the document", Breaks: []string{"discovery.openid.members"}, Layer: in(openid, "issuer", more("?tenant=a")),
		},
		Defect{
			Name: "openid-issuer-fragment", Description: "has an issuer with a fragment",
			Effect: "clients refuse the document", Breaks: []string{"discovery.openid.members"}, Layer: in(openid, "issuer", more("#")),
		},
		Defect{
			Name: "openid-issuer-list", Description: "writes the issuer as an array",
			Effect: "clients refuse the document", Breaks: []string{"discovery.openid.members"},
			Layer: in(openid, "issuer", func(old any) any { return []any{old} }),
		},
		Defect{
			Name: "openid-jwks-relative", Description: "names its JWKS by a path",
			Effect: unverifiable, Breaks: []string{"discovery.openid.members"}, Layer: in(openid, "jwks_uri", relative),
		},
		Defect{
			Name: "openid-userinfo-relative", Description: "names userinfo by a path",
			Effect: "clients do not find userinfo", Breaks: []string{"discovery.openid.members"}, Layer: in(openid, "userinfo_endpoint", relative),
		},
		Defect{
			Name: "jwks-missing", Description: "publishes no JWKS where it says",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.answers"}, Layer: missing(jwks),
		},
		Defect{
			Name: "jwks-page", Description: "answers the JWKS with a page for people",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.answers"}, Layer: page(jwks),
		},
		Defect{
			Name: "jwks-guarded", Description: "wants a token from those who read the JWKS",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.answers"}, Layer: guarded(jwks),
		},
		Defect{
			Name: "jwks-bare-array", Description: "publishes its keys as a bare array",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.answers"},
			Layer: onSuccess(func(_ *http.Request, a *answer) {
				a.edit(func(document any) any { return lookup(document, "/keys") })
			}, jwks),
		},
		Defect{
			Name: "jwks-empty", Description: "publishes a JWKS without keys",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.valid"}, Layer: in(jwks, "keys", always([]any{})),
		},
		Defect{
			Name: "jwks-private", Description: "publishes the private half of its key",
			Effect: "anybody can make tokens", Breaks: []string{"discovery.jwks.public"}, Layer: onKey("d", always(strings.Repeat("A", 88))),
		},
		Defect{
			Name: "jwks-symmetric", Description: "publishes a symmetric key beside the one for signatures",
			Effect: "anybody can make tokens", Breaks: []string{"discovery.jwks.public"},
			Layer: in(jwks, "keys", func(old any) any {
				keys, _ := old.([]any)
				return append(keys, map[string]any{"kty": "oct", "kid": "hmac", "alg": "HS512", "k": strings.Repeat("A", 86)})
			}),
		},
		Defect{
			Name: "jwks-off-curve", Description: "publishes a point that is not on the curve",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.valid"},
			Layer: onKey("y", text(func(s string) string { return s[:40] + string(s[40]^1) + s[41:] })),
		},
		Defect{
			Name: "jwks-short-coordinate", Description: "publishes a coordinate without its leading zeros",
			Effect: "one reader of two verifies no token", Breaks: []string{"discovery.jwks.valid"}, Layer: onKey("x", coordinate),
		},
		Defect{
			Name: "jwks-other-curve", Description: "publishes a key of P-521 as one of P-256",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.valid"}, Layer: onKey("crv", always("P-256")),
		},
		Defect{
			Name: "jwks-other-alg", Description: "publishes a key of P-521 for ES256",
			Effect: unverifiable, Breaks: []string{"discovery.jwks.valid"}, Layer: onKey("alg", always("ES256")),
		},
		Defect{
			Name: "jwks-kid-twice", Description: "publishes two keys of one kid",
			Effect: "readers verify with the wrong one", Breaks: []string{"discovery.jwks.valid"},
			Layer: in(jwks, "keys", func(old any) any {
				keys, _ := old.([]any)
				return append(keys, keys...)
			}),
		},
		Defect{
			Name: "jwks-no-kid", Description: "publishes a key without the kid that tokens name",
			Effect: unverifiable, Breaks: []string{"token.key.known"}, Layer: onKey("kid", always(gone())),
		},
		Defect{
			Name: "jwks-rotated-away", Description: "publishes the next key and no longer the one that tokens are signed by",
			Effect: unverifiable, Breaks: []string{"token.key.known"}, Layer: otherKey("next"),
		},
		Defect{
			Name: "jwks-other-key", Description: "publishes another key under the kid that tokens name",
			Effect: unverifiable, Breaks: []string{"token.signature.verifies"}, Layer: otherKey(""),
		},
		Defect{
			Name: "resource-missing", Description: "publishes no openid-protected-resource",
			Effect: blind, Breaks: []string{"discovery.resource.answers"}, Layer: missing(protected),
		},
		Defect{
			Name: "resource-page", Description: "answers openid-protected-resource with a page for people",
			Effect: blind, Breaks: []string{"discovery.resource.answers"}, Layer: page(protected),
		},
		Defect{
			Name: "resource-guarded", Description: "wants a token from those who read openid-protected-resource",
			Effect: "nobody finds out where to get a token", Breaks: []string{"discovery.resource.answers"}, Layer: guarded(protected),
		},
		Defect{
			Name: "resource-no-servers", Description: "names no authorization server",
			Effect: "nobody finds out where to get a token", Breaks: []string{"discovery.resource.members"},
			Layer: in(protected, "authorization_servers", always(gone())),
		},
		Defect{
			Name: "resource-servers-text", Description: "names its authorization server as a text and not in an array",
			Effect: "nobody finds out where to get a token", Breaks: []string{"discovery.resource.members"},
			Layer: in(protected, "authorization_servers", func(old any) any { return old.([]any)[0] }),
		},
		Defect{
			Name: "resource-host-only", Description: "names itself by host and without a scheme",
			Effect: "clients refuse the document", Breaks: []string{"discovery.resource.members"},
			Layer: in(protected, "resource", text(func(s string) string { return s[strings.Index(s, "//")+2:] })),
		},
		Defect{
			Name: "resource-no-header", Description: "does not say that tokens go into the header",
			Effect: "clients put them where they are not looked for", Breaks: []string{"discovery.resource.members"},
			Layer: in(protected, "bearer_methods_supported", always([]any{"body"})),
		},
		Defect{
			Name: "resource-query-too", Description: "says that tokens may go into the query",
			Effect: "tokens end up in logs", Breaks: []string{"discovery.resource.header-only"},
			Layer: in(protected, "bearer_methods_supported", always([]any{"header", "query"})),
		},
		Defect{
			Name: "resource-other-issuer", Description: "names an authorization server that is not the issuer",
			Effect: "clients get tokens that are refused", Breaks: []string{"discovery.resource.consistent"},
			Layer: in(protected, "authorization_servers", always([]any{"https://identity.example.com"})),
		},
		Defect{
			Name: "resource-issuer-slash", Description: "names the issuer with a slash at the end among the authorization servers",
			Effect: "clients that compare both refuse to go on", Breaks: []string{"discovery.resource.consistent"},
			Layer: in(protected, "authorization_servers", func(old any) any { return []any{more("/")(old.([]any)[0])} }),
		},
		Defect{
			Name: "userinfo-open", Description: "answers userinfo to anybody, as the operator",
			Effect: "anybody learns who the operator is", Breaks: []string{"discovery.userinfo.anonymous"},
			Layer: admitting(func(r *http.Request) bool { return r.Header.Get("Authorization") == "" }, userinfo),
		},
		Defect{
			Name: "userinfo-garbage", Description: "answers userinfo to any token that is no JWT, as the operator",
			Effect: "services that ask userinfo let anybody in", Breaks: []string{"discovery.userinfo.anonymous"},
			Layer: admitting(func(r *http.Request) bool {
				return bearerOf(r) != "" && !strings.Contains(bearerOf(r), ".")
			}, userinfo),
		},
		Defect{
			Name: "userinfo-empty", Description: "answers userinfo to anybody, with nothing in it",
			Effect: "a client without a token takes itself for authenticated", Breaks: []string{"discovery.userinfo.anonymous"},
			Layer: onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
				if r.Header.Get("Authorization") == "" {
					a.status = http.StatusOK
					a.set(map[string]any{})
				}
			}, userinfo),
		},
	)
}

// onKey changes a member of every published key.
func onKey(name string, change func(any) any) Layer {
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
func otherKey(kid string) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
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
