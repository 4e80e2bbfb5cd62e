package defect

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// bypasses let creates in that show no good credentials.
func bypasses() []Defect {
	const anybody = "anybody can create accounts"
	const leaks = "tokens end up in logs and histories"
	return family("authentication bypasses",
		Defect{
			Name: "bypass-none", Description: "creates accounts without credentials",
			Effect: anybody, Breaks: []string{"auth.missing.refused"},
			Layer: admitting(func(r *http.Request) bool { return len(r.Header.Values("Authorization")) == 0 }, create),
		},
		Defect{
			Name: "bypass-none-anywhere", Description: "serves everybody who shows no credentials",
			Effect: anybody, Breaks: []string{"auth.missing.refused"},
			Layer: admitting(func(r *http.Request) bool { return len(r.Header.Values("Authorization")) == 0 }),
		},
		Defect{
			Name: "bypass-empty-header", Description: "creates accounts for an Authorization header without a value",
			Effect: anybody, Breaks: []string{"auth.empty.refused"}, Layer: authorization(func(value string, _ reference.Credentials) bool { return value == "" }),
		},
		Defect{
			Name: "bypass-scheme-only", Description: "creates accounts for the word Bearer alone",
			Effect: anybody, Breaks: []string{"auth.empty.refused"},
			Layer: authorization(func(value string, _ reference.Credentials) bool { return strings.TrimSpace(value) == "Bearer" }),
		},
		Defect{
			Name: "bypass-basic", Description: "creates accounts for any user and password",
			Effect: anybody, Breaks: []string{"auth.scheme.refused"},
			Layer: authorization(func(value string, _ reference.Credentials) bool { return strings.HasPrefix(value, "Basic ") }),
		},
		Defect{
			Name: "bypass-scheme-ignored", Description: "takes the last word of the Authorization header for the token",
			Effect: "tokens for other purposes are taken for bearer tokens", Breaks: []string{"auth.scheme.refused"},
			Layer: authorization(func(value string, known reference.Credentials) bool { return strings.HasSuffix(value, " "+known.Token) }),
		},
		Defect{
			Name: "bypass-query", Description: "takes tokens from the query",
			Effect: leaks, Breaks: []string{"auth.query.refused"},
			Layer: knowing(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}),
		},
		Defect{
			Name: "bypass-form", Description: "takes tokens from a form, and then misses the account in it",
			Effect: leaks, Breaks: []string{"auth.form.refused"},
			Layer: refusedCreate(func(known reference.Credentials, r *http.Request, a *answer) {
				form, _ := url.ParseQuery(string(bodyOf(r))) // what is none holds no token
				if isForm(r) && form.Get("access_token") == known.Token {
					a.fail(http.StatusUnprocessableEntity, "unprocessable_content")
				}
			}),
		},
		Defect{
			Name: "bypass-two-headers-first", Description: "looks at the first of two Authorization headers",
			Effect: "a proxy and the service see two callers", Breaks: []string{"auth.two-headers.refused"}, Layer: ofTwo(0),
		},
		Defect{
			Name: "bypass-two-headers-last", Description: "looks at the last of two Authorization headers",
			Effect: "a proxy and the service see two callers", Breaks: []string{"auth.two-headers.refused"}, Layer: ofTwo(1),
		},
		Defect{
			Name: "bypass-garbage", Description: "accepts any token that is no JWT",
			Effect: anybody, Breaks: []string{"auth.garbage.refused"},
			Layer: presented(func(token string, _ reference.Credentials) bool { return token != "" && !strings.Contains(token, ".") }),
		},
		Defect{
			Name: "bypass-two-segments", Description: "accepts a token of two segments without looking into it",
			Effect: anybody, Breaks: []string{"auth.segments.refused"}, Layer: unreadable(2),
		},
		Defect{
			Name: "bypass-three-segments", Description: "accepts a token of three segments without looking into it",
			Effect: anybody, Breaks: []string{"auth.segments.refused"}, Layer: unreadable(3),
		},
		Defect{
			Name: "bypass-four-segments", Description: "accepts a token of four segments without looking into it",
			Effect: anybody, Breaks: []string{"auth.segments.refused"}, Layer: unreadable(4),
		},
		Defect{
			Name: "bypass-five-segments", Description: "accepts a token of five segments, which it cannot decrypt",
			Effect: anybody, Breaks: []string{"auth.segments.refused"}, Layer: unreadable(5),
		},
		Defect{
			Name: "bypass-expired", Description: "does not look at exp",
			Effect: "a token that leaked is good for ever", Breaks: []string{"auth.expired.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool { return token == known.ExpiredToken }),
		},
		Defect{
			Name: "bypass-not-yet-valid", Description: "does not look at nbf",
			Effect: "a token for tomorrow works today", Breaks: []string{"auth.not-yet-valid.refused"},
			Layer: presented(func(token string, known reference.Credentials) bool { return token == known.NotYetValidToken }),
		},
		Defect{
			Name: "bypass-expired-elsewhere", Description: "looks at exp where accounts are created, and not where they are listed",
			Effect: "a token that leaked reads the list for ever", Breaks: []string{"guard.forged.refused"},
			Layer: elsewhere(func(token string, known reference.Credentials) bool { return token == known.ExpiredToken }, list),
		},
		Defect{
			Name: "bypass-query-elsewhere", Description: "takes tokens from the query where accounts are listed",
			Effect: leaks, Breaks: []string{"guard.forged.refused"},
			Layer: admittingTo(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}, list),
		},
		Defect{
			Name: "expired-forbidden", Description: "answers an expired token with 403",
			Effect: "clients do not learn that they have to renew it", Breaks: []string{"auth.expired.refused"},
			Layer: onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
				if bearerOf(r) != known.ExpiredToken {
					return r
				}
				return as(r, known.RestrictedToken)
			}, create),
		},
		Defect{
			Name: "bypass-created-all-the-same", Description: "creates first and looks at credentials afterwards",
			Effect: "anybody fills the organization with accounts, and sees nothing but refusals", Breaks: []string{"auth.refused.nothing-created"},
			Layer: createdAllTheSame(http.StatusUnauthorized, func(known reference.Credentials, r *http.Request) bool {
				return bearerOf(r) != known.Token
			}),
		},
	)
}

// knowing admits creates by what the server knows its operator by.
func knowing(admit func(known reference.Credentials, r *http.Request) bool) Layer {
	return admittingTo(admit, create)
}

// elsewhere admits requests of other operations by the bearer token.
func elsewhere(admit func(token string, known reference.Credentials) bool, operations ...operation) Layer {
	return admittingTo(func(known reference.Credentials, r *http.Request) bool { return admit(bearerOf(r), known) }, operations...)
}

func admittingTo(admit func(known reference.Credentials, r *http.Request) bool, operations ...operation) Layer {
	return onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if !admit(known, r) {
			return r
		}
		return as(r, known.Token)
	}, operations...)
}

// authorization admits creates by the one Authorization header.
func authorization(admit func(value string, known reference.Credentials) bool) Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		values := r.Header.Values("Authorization")
		return len(values) == 1 && admit(values[0], known)
	})
}

// presented admits creates by the bearer token.
func presented(admit func(token string, known reference.Credentials) bool) Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		return len(r.Header.Values("Authorization")) == 1 && admit(bearerOf(r), known)
	})
}

// unreadable admits tokens of n segments that say nothing.
func unreadable(n int) Layer {
	return presented(func(token string, _ reference.Credentials) bool {
		return strings.Count(token, ".") == n-1 && headerOf(token) == nil && claimsOf(token) == nil
	})
}

// ofTwo looks at one of two Authorization headers.
func ofTwo(i int) Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		values := r.Header.Values("Authorization")
		return len(values) == 2 && values[i] == "Bearer "+known.Token
	})
}

// refusedCreate changes answers to creates that are no success. The body of the request can still be read.
func refusedCreate(change func(known reference.Credentials, r *http.Request, a *answer)) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return onAnswer(func(r *http.Request, a *answer) {
			if a.status/100 != 2 {
				change(known, r, a)
			}
		}, create).Wrap(known, rereading(next))
	}}
}

// createdAllTheSame makes the accounts that it refuses to some with a status.
func createdAllTheSame(status int, to func(known reference.Credentials, r *http.Request) bool) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return refusedCreate(func(_ reference.Credentials, r *http.Request, a *answer) {
			if a.status == status && to(known, r) {
				ask(next, as(r, known.Token))
			}
		}).Wrap(known, next)
	}}
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// rereading leaves the body of a request to be read again when it was served.
func rereading(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := bodyOf(r)
		next.ServeHTTP(w, r)
		*r = *withBody(r, body)
	})
}
