package mutant

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// bypasses let creates in that show no good credentials.
func bypasses() []*Defect {
	const anybody = "anybody can create accounts"
	const leaks = "tokens end up in logs and histories"
	return inFamily("authentication bypasses",
		defective("bypass-none", "creates accounts without credentials", anybody,
			admitting(func(r *http.Request) bool { return len(r.Header.Values("Authorization")) == 0 }, create), "auth.missing.refused"),
		defective("bypass-none-anywhere", "serves everybody who shows no credentials", anybody,
			admitting(func(r *http.Request) bool { return len(r.Header.Values("Authorization")) == 0 }), "auth.missing.refused"),
		defective("bypass-empty-header", "creates accounts for an Authorization header without a value", anybody,
			authorization(func(value string, _ reference.Credentials) bool { return value == "" }), "auth.empty.refused"),
		defective("bypass-scheme-only", "creates accounts for the word Bearer alone", anybody,
			authorization(func(value string, _ reference.Credentials) bool { return strings.TrimSpace(value) == "Bearer" }), "auth.empty.refused"),
		defective("bypass-basic", "creates accounts for any user and password", anybody,
			authorization(func(value string, _ reference.Credentials) bool { return strings.HasPrefix(value, "Basic ") }), "auth.scheme.refused"),
		defective("bypass-scheme-ignored", "takes the last word of the Authorization header for the token", "tokens for other purposes are taken for bearer tokens",
			authorization(func(value string, known reference.Credentials) bool { return strings.HasSuffix(value, " "+known.Token) }), "auth.scheme.bearer-alone"),
		defective("bypass-query", "takes tokens from the query", leaks,
			knowing(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}), "auth.query.refused"),
		defective("bypass-query-anywhere", "takes tokens from the query, whatever is asked for", leaks,
			admittingTo(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}), "auth.query.refused"),
		defective("bypass-form", "takes tokens from a form, and answers 201 without an account", leaks,
			refusedCreate(func(known reference.Credentials, r *http.Request, a *answer) {
				form, _ := url.ParseQuery(string(bodyOf(r))) // what is none holds no token
				if isForm(r) && form.Get("access_token") == known.Token {
					a.status, a.body = http.StatusCreated, []byte("{}")
				}
			}), "auth.form.refused"),
		defective("query-beside-header", "passes over a token in the query where there is one in the header", "clients go on sending tokens where logs keep them",
			onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
				if bearerOf(r) == "" || r.URL.Query().Get("access_token") == "" {
					return r
				}
				changed := r.Clone(r.Context())
				changed.URL.RawQuery = ""
				return changed
			}, create), "auth.header-and-query.refused"),
		defective("bypass-two-headers-first", "looks at the first of two Authorization headers", "a proxy and the service see two callers",
			ofTwo(0), "auth.two-headers.refused"),
		defective("bypass-two-headers-last", "looks at the last of two Authorization headers", "a proxy and the service see two callers",
			ofTwo(1), "auth.two-headers.refused"),
		defective("bypass-garbage", "accepts any token that is no JWT", anybody,
			presented(func(token string, _ reference.Credentials) bool { return token != "" && !strings.Contains(token, ".") }), "auth.garbage.refused"),
		defective("bypass-two-segments", "accepts a token of two segments without looking into it", anybody,
			unreadable(2), "auth.segments.refused"),
		defective("bypass-three-segments", "accepts a token of three segments without looking into it", anybody,
			unreadable(3), "auth.segments.refused"),
		defective("bypass-four-segments", "accepts a token of four segments without looking into it", anybody,
			unreadable(4), "auth.segments.refused"),
		defective("bypass-five-segments", "accepts a token of five segments, which it cannot decrypt", anybody,
			unreadable(5), "auth.segments.refused"),
		defective("bypass-expired", "does not look at exp", "a token that leaked is good for ever",
			presented(func(token string, known reference.Credentials) bool { return token == known.ExpiredToken }), "auth.expired.refused"),
		defective("bypass-not-yet-valid", "does not look at nbf", "a token for tomorrow works today",
			presented(func(token string, known reference.Credentials) bool { return token == known.NotYetValidToken }), "auth.not-yet-valid.refused"),
		defective("bypass-expired-elsewhere", "looks at exp where accounts are created, and not where they are listed", "a token that leaked reads the list for ever",
			elsewhere(func(token string, known reference.Credentials) bool { return token == known.ExpiredToken }, list), "guard.forged.refused"),
		defective("bypass-query-elsewhere", "takes tokens from the query where accounts are listed", leaks,
			admittingTo(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}, list), "guard.forged.refused"),
		defective("expired-forbidden", "answers an expired token with 403", "clients do not learn that they have to renew it",
			onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
				if bearerOf(r) != known.ExpiredToken {
					return r
				}
				return as(r, known.RestrictedToken)
			}, create), "auth.expired.refused"),
		defective("bypass-created-all-the-same", "creates first and looks at credentials afterwards", "anybody fills the organization with accounts, and sees nothing but refusals",
			createdAllTheSame(http.StatusUnauthorized, func(known reference.Credentials, r *http.Request) bool {
				return bearerOf(r) != known.Token
			}), "auth.refused.nothing-created"),
	)
}

// knowing admits creates by what the server knows its operator by.
func knowing(admit func(known reference.Credentials, r *http.Request) bool) *Layer {
	return admittingTo(admit, create)
}

// elsewhere admits requests of other operations by the bearer token.
func elsewhere(admit func(token string, known reference.Credentials) bool, operations ...operation) *Layer {
	return admittingTo(func(known reference.Credentials, r *http.Request) bool { return admit(bearerOf(r), known) }, operations...)
}

func admittingTo(admit func(known reference.Credentials, r *http.Request) bool, operations ...operation) *Layer {
	return onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if !admit(known, r) {
			return r
		}
		admitted := as(r, known.Token)
		if admitted.URL.Query().Has("access_token") { // the server underneath refuses a token in both places
			admitted.URL.RawQuery = ""
		}
		return admitted
	}, operations...)
}

// authorization admits creates by the one Authorization header.
func authorization(admit func(value string, known reference.Credentials) bool) *Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		values := r.Header.Values("Authorization")
		return len(values) == 1 && admit(values[0], known)
	})
}

// presented admits creates by the bearer token.
func presented(admit func(token string, known reference.Credentials) bool) *Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		return len(r.Header.Values("Authorization")) == 1 && admit(bearerOf(r), known)
	})
}

// unreadable admits tokens of n segments that say nothing.
func unreadable(n int) *Layer {
	return presented(func(token string, _ reference.Credentials) bool {
		return strings.Count(token, ".") == n-1 && headerOf(token) == nil && claimsOf(token) == nil
	})
}

// ofTwo looks at one of two Authorization headers.
func ofTwo(i int) *Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		values := r.Header.Values("Authorization")
		return len(values) == 2 && values[i] == "Bearer "+known.Token
	})
}

// refusedCreate changes answers to creates that are no success. The body of the request can still be read.
func refusedCreate(change func(known reference.Credentials, r *http.Request, a *answer)) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return onAnswer(func(r *http.Request, a *answer) {
			if a.status/100 != 2 {
				change(known, r, a)
			}
		}, create).Wrap(known, rereading(next))
	}}
}

// createdAllTheSame makes the accounts that it refuses to some with a status.
func createdAllTheSame(status int, to func(known reference.Credentials, r *http.Request) bool) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
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
