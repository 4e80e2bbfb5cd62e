package access

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Refusals refuse those without credentials otherwise than promised.
func Refusals() []*mutant.Defect {
	const opaque = "clients show their users nothing but a number"
	body := func(mediaType, text string) *mutant.Layer {
		return mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Content-Type", mediaType)
			a.Body = []byte(text)
		})
	}
	code := func(text string) *mutant.Layer {
		return mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any { return mutant.Edited(document, "/error", mutant.Always(text)) })
		})
	}
	anybody := func(*http.Request, reference.Credentials) bool { return true }
	garbage := func(r *http.Request, _ reference.Credentials) bool {
		return mutant.BearerOf(r) != "" && !strings.Contains(mutant.BearerOf(r), ".")
	}
	return mutant.InFamily("refusals without credentials",
		mutant.Defective("unauthorized-empty", "answers 401 without a body", opaque,
			body("application/json", ""), "auth.error.body"),
		mutant.Defective("unauthorized-page", "answers 401 with a page for people", opaque,
			body("text/html; charset=utf-8", "<h1>401 Authorization Required</h1>\n"), "auth.error.body"),
		mutant.Defective("unauthorized-no-description", "answers 401 without error_description", opaque,
			body("application/json", `{"error":"access_denied"}`), "auth.error.body"),
		mutant.Defective("unauthorized-code-forbidden", "answers 401 with the error of a 403", "clients give up where they should authenticate",
			code("forbidden"), "auth.error.code"),
		mutant.Defective("unauthorized-code-server-error", "answers 401 with the error of a 500", "clients try again what cannot succeed",
			code("server_error"), "auth.error.code"),
		mutant.Defective("unauthorized-as-403", "answers those without good credentials with 403", "clients give up where they should authenticate",
			failingWithout(http.StatusForbidden, "forbidden", anybody), "auth.missing.refused"),
		mutant.Defective("unauthorized-as-200", "answers those without good credentials with 200 and an error in the body", "clients take the refusal for an account",
			failingWithout(http.StatusOK, "access_denied", anybody), "auth.missing.refused"),
		mutant.Defective("garbage-500", "fails over a token that is no JWT", "clients try again for ever, and people are called out",
			failingWithout(http.StatusInternalServerError, "server_error", garbage), "auth.garbage.refused"),
		mutant.Defective("garbage-400", "answers a token that is no JWT with 400", "clients do not learn that their token is bad",
			failingWithout(http.StatusBadRequest, "invalid_request", garbage), "auth.unparsable.unauthorized"),
		mutant.Defective("segments-500", "fails over a token of five segments that it cannot decrypt", "anybody can make it fail",
			failingWithout(http.StatusInternalServerError, "server_error", func(r *http.Request, _ reference.Credentials) bool {
				return strings.Count(mutant.BearerOf(r), ".") == 4
			}), "auth.segments.refused"),
		mutant.Defective("scheme-500", "fails over an Authorization header of another scheme", "anybody can make it fail",
			failingWithout(http.StatusInternalServerError, "server_error", func(r *http.Request, _ reference.Credentials) bool {
				return strings.HasPrefix(r.Header.Get("Authorization"), "Basic ")
			}), "auth.scheme.refused"),
		mutant.Defective("scheme-only-500", "fails over an Authorization header without a token", "anybody can make it fail",
			failingWithout(http.StatusInternalServerError, "server_error", func(r *http.Request, _ reference.Credentials) bool {
				return len(r.Header.Values("Authorization")) == 1 && !strings.Contains(r.Header.Get("Authorization"), " ")
			}), "auth.empty.refused"),
		mutant.Defective("nobody-400", "answers a token of nobody with 400, and one that is broken with 401", "those who guess learn how far their guess went",
			failingWithout(http.StatusBadRequest, "invalid_request", func(r *http.Request, known reference.Credentials) bool {
				sub, ok := mutant.ClaimsOf(mutant.BearerOf(r))["sub"].(string)
				return ok && len(sub) != len(known.Organization)
			}), "auth.uniform.status"),
		mutant.Defective("echo-body", "repeats the token that it refuses in the description of the error", "logs of responses hold tokens",
			echoing(func(a *mutant.Response, token string) {
				a.Edit(func(document any) any {
					return mutant.Edited(document, "/error_description", mutant.Always("unknown token "+token))
				})
			}), "auth.answer.no-token"),
		mutant.Defective("echo-challenge", "repeats the token that it refuses in the challenge", "logs of headers hold tokens",
			echoing(func(a *mutant.Response, token string) {
				a.Fields.Set("WWW-Authenticate", `Bearer realm="identity", error="invalid_token", error_description="unknown token `+token+`"`)
			}), "auth.answer.no-token"),
		mutant.Defective("echo-header", "repeats the token that it refuses in a header for debugging", "logs of headers hold tokens",
			echoing(func(a *mutant.Response, token string) { a.Fields.Set("X-Debug-Token", token) }), "auth.answer.no-token"),
		mutant.Defective("echo-garbage", "quotes a token that never was one in the description of the error", "a credential of another service is in the logs of this one",
			echoing(func(a *mutant.Response, token string) {
				if !strings.Contains(token, ".") {
					a.Edit(func(document any) any {
						return mutant.Edited(document, "/error_description", mutant.Always("the token "+token+" is malformed"))
					})
				}
			}), "auth.answer.no-garbage"),
		mutant.Defective("body-first-500", "reads the body before the credentials, and fails over one that is no JSON", "anybody can make it fail",
			readFirst(func(a *mutant.Response, _ []byte) { a.Fail(http.StatusInternalServerError, "server_error") }), "auth.order.before-body"),
		mutant.Defective("body-first-201", "answers a create whose body it cannot read with 201, whoever sends it", "clients take a failure for an account",
			readFirst(func(a *mutant.Response, _ []byte) {
				a.Status, a.Body = http.StatusCreated, []byte("{}")
			}), "auth.order.before-body"),
		mutant.Defective("body-first-empty-500", "fails over an empty body of somebody without credentials", "anybody can make it fail",
			readFirst(func(a *mutant.Response, body []byte) {
				if len(body) == 0 {
					a.Fail(http.StatusInternalServerError, "server_error")
				}
			}), "auth.order.before-body"),
	)
}

// echoing changes the refusal of a token.
func echoing(change func(a *mutant.Response, token string)) *mutant.Layer {
	return mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
		if token := mutant.BearerOf(r); token != "" {
			change(a, token)
		}
	})
}

// readFirst changes the refusal of creates whose body is not JSON and that show no credentials.
func readFirst(change func(a *mutant.Response, body []byte)) *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body := mutant.BodyOf(r)
			a := mutant.Ask(next, r)
			if mutant.OperationOf(r) == mutant.Create && a.Status == http.StatusUnauthorized && mutant.BearerOf(r) == "" && !IsForm(r) && !json.Valid(body) {
				change(a, body)
			}
			a.Send(w)
		})
	}}
}

// failingWithout answers creates that are refused for their credentials with something else.
func failingWithout(status int, code string, when func(r *http.Request, known reference.Credentials) bool) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
			if when(r, known) {
				a.Fail(status, code)
			}
		}, mutant.Create).Wrap(known, next)
	}}
}
