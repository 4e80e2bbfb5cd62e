package mutant

import "net/http"

// headers leave out what protects a response, or tell too much.
func headers() []*Defect {
	const family = "headers"
	const cached = "a proxy on the way keeps the token, and hands it to the next who asks"
	set := func(name string, values ...string) *Layer {
		return onSuccess(func(_ *http.Request, a *answer) { a.header[http.CanonicalHeaderKey(name)] = values }, create)
	}
	withToken := func(name string, text func(token string) string) *Layer {
		return perAnswer(func(v view, a *answer) {
			if token, ok := lookup(v.account, "/status/accessToken").(string); ok {
				a.header.Set(name, text(token))
			}
		})
	}
	shared := func(origin func(r *http.Request) string, operations ...operation) *Layer {
		return onAnswer(func(r *http.Request, a *answer) {
			if r.Header.Get("Origin") == "" {
				return
			}
			a.header.Set("Access-Control-Allow-Origin", origin(r))
			a.header.Set("Access-Control-Allow-Credentials", "true")
			a.header.Set("Access-Control-Allow-Headers", "authorization, content-type")
		}, operations...)
	}
	reflected := func(r *http.Request) string { return r.Header.Get("Origin") }

	return prefixed("header-", family,
		defective("no-cache", "answers a create with Cache-Control: no-cache, and so lets it be stored", cached, set("Cache-Control", "no-cache"), "headers.cache.no-store"),
		defective("cache-none", "answers a create without Cache-Control", cached, set("Cache-Control"), "contested.cache.directive", "headers.cache.no-store"),
		defective("nosniff-missing", "lets browsers guess the type of a response", "a browser runs what it was to show", set("X-Content-Type-Options"), "headers.content-type.nosniff"),
		defective("hsts-missing", "answers over TLS without Strict-Transport-Security", "a browser can be led to the service without TLS", set("Strict-Transport-Security"), "headers.transport.strict"),
		defective("date-missing", "answers without a Date", "nobody can tell whose clock is wrong", onAnswer(func(_ *http.Request, a *answer) {
			a.header["Date"] = nil
		}), "headers.date.present"),
		defective("token-cookie", "sets the token as a cookie", "a browser sends the token along with every request", withToken("Set-Cookie", func(t string) string {
			return "access_token=" + t + "; Path=/; Secure"
		}), "headers.token.absent"),
		defective("token-location", "writes the token into the query of Location", "the token is in the logs of everybody on the way", withToken("Location", func(t string) string {
			return "/api/v1/self?access_token=" + t
		}), "headers.token.absent"),
		defective("origin-reflected", "lets every origin in, together with credentials", "any page reads a user's accounts", shared(reflected), "headers.origin.no-credentials"),
		defective("origin-preflight", "lets every origin in, in the response to a preflight alone", "any page reads a user's accounts", shared(reflected, anythingElse), "headers.origin.no-credentials"),
	)
}
