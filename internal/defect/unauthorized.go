package defect

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// refusals refuse those without credentials otherwise than promised.
func refusals() []Defect {
	const opaque = "clients show their users nothing but a number"
	body := func(mediaType, text string) Layer {
		return onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", mediaType)
			a.body = []byte(text)
		})
	}
	code := func(text string) Layer {
		return onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) {
			a.edit(func(document any) any { return edited(document, "/error", always(text)) })
		})
	}
	failing := func(status int, code string, when func(r *http.Request, known reference.Credentials) bool) Layer {
		return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
				if when(r, known) {
					a.fail(status, code)
				}
			}, create).Wrap(known, next)
		}}
	}
	anybody := func(*http.Request, reference.Credentials) bool { return true }
	garbage := func(r *http.Request, _ reference.Credentials) bool {
		return bearerOf(r) != "" && !strings.Contains(bearerOf(r), ".")
	}
	return family("refusals without credentials",
		Defect{
			Name: "unauthorized-empty", Description: "answers 401 without a body",
			Effect: opaque, Breaks: []string{"auth.error.body"}, Layer: body("application/json", ""),
		},
		Defect{
			Name: "unauthorized-page", Description: "answers 401 with a page for people",
			Effect: opaque, Breaks: []string{"auth.error.body"}, Layer: body("text/html; charset=utf-8", "<h1>401 Authorization Required</h1>\n"),
		},
		Defect{
			Name: "unauthorized-no-description", Description: "answers 401 without error_description",
			Effect: opaque, Breaks: []string{"auth.error.body"},
			Layer: body("application/json", `{"error":"access_denied"}`),
		},
		Defect{
			Name: "unauthorized-code-forbidden", Description: "answers 401 with the error of a 403",
			Effect: "clients give up where they should authenticate", Breaks: []string{"auth.error.code"}, Layer: code("forbidden"),
		},
		Defect{
			Name: "unauthorized-code-server-error", Description: "answers 401 with the error of a 500",
			Effect: "clients try again what cannot succeed", Breaks: []string{"auth.error.code"}, Layer: code("server_error"),
		},
		Defect{
			Name: "unauthorized-as-403", Description: "answers those without good credentials with 403",
			Effect: "clients give up where they should authenticate", Breaks: []string{"auth.missing.refused"},
			Layer: failing(http.StatusForbidden, "forbidden", anybody),
		},
		Defect{
			Name: "unauthorized-as-200", Description: "answers those without good credentials with 200 and an error in the body",
			Effect: "clients take the refusal for an account", Breaks: []string{"auth.missing.refused"},
			Layer: failing(http.StatusOK, "access_denied", anybody),
		},
		Defect{
			Name: "garbage-500", Description: "fails over a token that is no JWT",
			Effect: "clients try again for ever, and people are called out", Breaks: []string{"auth.garbage.refused"},
			Layer: failing(http.StatusInternalServerError, "server_error", garbage),
		},
		Defect{
			Name: "garbage-400", Description: "answers a token that is no JWT with 400",
			Effect: "clients do not learn that their token is bad", Breaks: []string{"auth.garbage.refused"},
			Layer: failing(http.StatusBadRequest, "invalid_request", garbage),
		},
		Defect{
			Name: "segments-500", Description: "fails over a token of five segments that it cannot decrypt",
			Effect: "anybody can make it fail", Breaks: []string{"auth.segments.refused"},
			Layer: failing(http.StatusInternalServerError, "server_error", func(r *http.Request, _ reference.Credentials) bool {
				return strings.Count(bearerOf(r), ".") == 4
			}),
		},
		Defect{
			Name: "scheme-500", Description: "fails over an Authorization header of another scheme",
			Effect: "anybody can make it fail", Breaks: []string{"auth.scheme.refused"},
			Layer: failing(http.StatusInternalServerError, "server_error", func(r *http.Request, _ reference.Credentials) bool {
				return strings.HasPrefix(r.Header.Get("Authorization"), "Basic ")
			}),
		},
		Defect{
			Name: "scheme-only-500", Description: "fails over an Authorization header without a token",
			Effect: "anybody can make it fail", Breaks: []string{"auth.empty.refused"},
			Layer: failing(http.StatusInternalServerError, "server_error", func(r *http.Request, _ reference.Credentials) bool {
				return len(r.Header.Values("Authorization")) == 1 && !strings.Contains(r.Header.Get("Authorization"), " ")
			}),
		},
		Defect{
			Name: "nobody-400", Description: "answers a token of nobody with 400, and one that is broken with 401",
			Effect: "those who guess learn how far their guess went", Breaks: []string{"auth.uniform.status"},
			Layer: failing(http.StatusBadRequest, "invalid_request", func(r *http.Request, known reference.Credentials) bool {
				sub, ok := claimsOf(bearerOf(r))["sub"].(string)
				return ok && len(sub) != len(known.Organization)
			}),
		},
		Defect{
			Name: "echo-body", Description: "repeats the token that it refuses in the description of the error",
			Effect: "logs of answers hold tokens", Breaks: []string{"auth.answer.no-token"},
			Layer: echoing(func(a *answer, token string) {
				a.edit(func(document any) any { return edited(document, "/error_description", always("unknown token "+token)) })
			}),
		},
		Defect{
			Name: "echo-challenge", Description: "repeats the token that it refuses in the challenge",
			Effect: "logs of headers hold tokens", Breaks: []string{"auth.answer.no-token"},
			Layer: echoing(func(a *answer, token string) {
				a.header.Set("WWW-Authenticate", `Bearer realm="identity", error="invalid_token", error_description="unknown token `+token+`"`)
			}),
		},
		Defect{
			Name: "echo-header", Description: "repeats the token that it refuses in a header for debugging",
			Effect: "logs of headers hold tokens", Breaks: []string{"auth.answer.no-token"},
			Layer: echoing(func(a *answer, token string) { a.header.Set("X-Debug-Token", token) }),
		},
		Defect{
			Name: "body-first-500", Description: "reads the body before the credentials, and fails over one that is no JSON",
			Effect: "anybody can make it fail", Breaks: []string{"auth.order.before-body"},
			Layer: readFirst(func(a *answer, _ []byte) { a.fail(http.StatusInternalServerError, "server_error") }),
		},
		Defect{
			Name: "body-first-201", Description: "answers a create whose body it cannot read with 201, whoever sends it",
			Effect: "clients take a failure for an account", Breaks: []string{"auth.order.before-body"},
			Layer: readFirst(func(a *answer, _ []byte) {
				a.status, a.body = http.StatusCreated, []byte("{}")
			}),
		},
		Defect{
			Name: "body-first-empty-500", Description: "fails over an empty body of somebody without credentials",
			Effect: "anybody can make it fail", Breaks: []string{"auth.order.before-body"},
			Layer: readFirst(func(a *answer, body []byte) {
				if len(body) == 0 {
					a.fail(http.StatusInternalServerError, "server_error")
				}
			}),
		},
	)
}

// echoing changes the refusal of a token.
func echoing(change func(a *answer, token string)) Layer {
	return onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
		if token := bearerOf(r); token != "" {
			change(a, token)
		}
	})
}

// readFirst changes the refusal of creates whose body is not JSON and that show no credentials.
func readFirst(change func(a *answer, body []byte)) Layer {
	return Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body := bodyOf(r)
			a := ask(next, r)
			if operationOf(r) == create && a.status == http.StatusUnauthorized && bearerOf(r) == "" && !isForm(r) && !json.Valid(body) {
				change(a, body)
			}
			a.send(w)
		})
	}}
}
