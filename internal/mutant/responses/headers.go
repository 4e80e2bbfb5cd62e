package responses

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Headers leave out what protects a response, or tell too much.
func Headers() []*mutant.Defect {
	const family = "headers"
	const cached = "a proxy on the way keeps the token, and hands it to the next who asks"
	set := func(name string, values ...string) *mutant.Layer {
		return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Fields[http.CanonicalHeaderKey(name)] = values }, mutant.Create)
	}
	withToken := func(name string, text func(token string) string) *mutant.Layer {
		return mutant.PerResponse(func(v mutant.View, a *mutant.Response) {
			if token, ok := mutant.Lookup(v.Account, "/status/accessToken").(string); ok {
				a.Fields.Set(name, text(token))
			}
		})
	}
	shared := func(origin func(r *http.Request) string, operations ...mutant.Operation) *mutant.Layer {
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if r.Header.Get("Origin") == "" {
				return
			}
			a.Fields.Set("Access-Control-Allow-Origin", origin(r))
			a.Fields.Set("Access-Control-Allow-Credentials", "true")
			a.Fields.Set("Access-Control-Allow-Headers", "authorization, content-type")
		}, operations...)
	}
	reflected := func(r *http.Request) string { return r.Header.Get("Origin") }

	return mutant.Prefixed("header-", family,
		mutant.Defective("no-cache", "answers a create with Cache-Control: no-cache, and so lets it be stored", cached, set("Cache-Control", "no-cache"), "headers.cache.no-store"),
		mutant.Defective("cache-none", "answers a create without Cache-Control", cached, set("Cache-Control"), "contested.cache.directive", "headers.cache.no-store"),
		mutant.Defective("rotation-fresh", "tells caches that a rotation stays fresh for five minutes", cached, mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Cache-Control", "private, max-age=300")
		}, mutant.Rotate), "headers.cache.not-fresh"),
		mutant.Defective("coding-lies", "calls plain bodies gzip where gzip is accepted", "a client that accepts gzip can read nothing", mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && len(a.Body) > 0 {
				a.Fields.Set("Content-Encoding", "gzip")
			}
		}), "state.request.answered"),
		mutant.Defective("nosniff-missing", "lets browsers guess the type of a response", "a browser runs what it was to show", set("X-Content-Type-Options"), "headers.content-type.nosniff"),
		mutant.Defective("hsts-missing", "answers over TLS without Strict-Transport-Security", "a browser can be led to the service without TLS", set("Strict-Transport-Security"), "headers.transport.strict"),
		mutant.Defective("date-missing", "answers without a Date", "nobody can tell whose clock is wrong", mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			a.Fields["Date"] = nil
		}), "headers.date.present"),
		mutant.Defective("token-cookie", "sets the token as a cookie", "a browser sends the token along with every request", withToken("Set-Cookie", func(t string) string {
			return "access_token=" + t + "; Path=/; Secure"
		}), "headers.token.absent"),
		mutant.Defective("token-location", "writes the token into the query of Location", "the token is in the logs of everybody on the way", withToken("Location", func(t string) string {
			return "/api/v1/self?access_token=" + t
		}), "headers.token.absent"),
		mutant.Defective("origin-reflected", "lets every origin in, together with credentials", "any page reads a user's accounts", shared(reflected), "headers.origin.no-credentials"),
		mutant.Defective("origin-preflight", "lets every origin in, in the response to a preflight alone", "any page reads a user's accounts", shared(reflected, mutant.AnythingElse), "headers.origin.no-credentials"),
	)
}
