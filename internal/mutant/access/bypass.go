package access

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Bypasses let creates in that show no good credentials.
func Bypasses() []*mutant.Defect {
	const anybody = "anybody can create accounts"
	const leaks = "tokens end up in logs and histories"
	return mutant.InFamily("authentication bypasses",
		mutant.Defective("bypass-none", "creates accounts without credentials", anybody,
			mutant.Admitting(func(r *http.Request) bool { return len(r.Header.Values("Authorization")) == 0 }, mutant.Create), "auth.missing.refused"),
		mutant.Defective("bypass-none-anywhere", "serves everybody who shows no credentials", anybody,
			mutant.Admitting(func(r *http.Request) bool { return len(r.Header.Values("Authorization")) == 0 }), "auth.missing.refused"),
		mutant.Defective("bypass-empty-header", "creates accounts for an Authorization header without a value", anybody,
			Authorization(func(value string, _ reference.Credentials) bool { return value == "" }), "auth.empty.refused"),
		mutant.Defective("bypass-scheme-only", "creates accounts for the word Bearer alone", anybody,
			Authorization(func(value string, _ reference.Credentials) bool { return strings.TrimSpace(value) == "Bearer" }), "auth.empty.refused"),
		mutant.Defective("bypass-basic", "creates accounts for any user and password", anybody,
			Authorization(func(value string, _ reference.Credentials) bool { return strings.HasPrefix(value, "Basic ") }), "auth.scheme.refused"),
		mutant.Defective("bypass-scheme-ignored", "takes the last word of the Authorization header for the token", "tokens for other purposes are taken for bearer tokens",
			Authorization(func(value string, known reference.Credentials) bool { return strings.HasSuffix(value, " "+known.Token) }), "auth.scheme.bearer-alone"),
		mutant.Defective("bypass-query", "takes tokens from the query", leaks,
			knowing(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}), "auth.query.refused"),
		mutant.Defective("bypass-query-anywhere", "takes tokens from the query, whatever is asked for", leaks,
			admittingTo(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}), "auth.query.refused"),
		mutant.Defective("bypass-form", "takes tokens from a form, and answers 201 without an account", leaks,
			RefusedCreate(func(known reference.Credentials, r *http.Request, a *mutant.Response) {
				form, _ := url.ParseQuery(string(mutant.BodyOf(r))) // what is none holds no token
				if IsForm(r) && form.Get("access_token") == known.Token {
					a.Status, a.Body = http.StatusCreated, []byte("{}")
				}
			}), "auth.form.refused"),
		mutant.Defective("query-beside-header", "passes over a token in the query where there is one in the header", "clients go on sending tokens where logs keep them",
			mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
				if mutant.BearerOf(r) == "" || r.URL.Query().Get("access_token") == "" {
					return r
				}
				changed := r.Clone(r.Context())
				changed.URL.RawQuery = ""
				return changed
			}, mutant.Create), "auth.header-and-query.refused"),
		mutant.Defective("bypass-two-headers-first", "looks at the first of two Authorization headers", "a proxy and the service see two callers",
			ofTwo(0), "auth.two-headers.refused"),
		mutant.Defective("bypass-two-headers-last", "looks at the last of two Authorization headers", "a proxy and the service see two callers",
			ofTwo(1), "auth.two-headers.refused"),
		mutant.Defective("bypass-garbage", "accepts any token that is no JWT", anybody,
			AdmittingPresented(func(token string, _ reference.Credentials) bool { return token != "" && !strings.Contains(token, ".") }), "auth.garbage.refused"),
		mutant.Defective("bypass-two-segments", "accepts a token of two segments without looking into it", anybody,
			unreadable(2), "auth.segments.refused"),
		mutant.Defective("bypass-three-segments", "accepts a token of three segments without looking into it", anybody,
			unreadable(3), "auth.segments.refused"),
		mutant.Defective("bypass-four-segments", "accepts a token of four segments without looking into it", anybody,
			unreadable(4), "auth.segments.refused"),
		mutant.Defective("bypass-five-segments", "accepts a token of five segments, which it cannot decrypt", anybody,
			unreadable(5), "auth.segments.refused"),
		mutant.Defective("bypass-expired", "does not look at exp", "a token that leaked is good for ever",
			AdmittingPresented(func(token string, known reference.Credentials) bool { return token == known.ExpiredToken }), "auth.expired.refused"),
		mutant.Defective("bypass-not-yet-valid", "does not look at nbf", "a token for tomorrow works today",
			AdmittingPresented(func(token string, known reference.Credentials) bool { return token == known.NotYetValidToken }), "auth.not-yet-valid.refused"),
		mutant.Defective("bypass-expired-elsewhere", "looks at exp where accounts are created, and not where they are listed", "a token that leaked reads the list for ever",
			AdmittingElsewhere(func(token string, known reference.Credentials) bool { return token == known.ExpiredToken }, mutant.List), "guard.forged.refused"),
		mutant.Defective("bypass-query-elsewhere", "takes tokens from the query where accounts are listed", leaks,
			admittingTo(func(known reference.Credentials, r *http.Request) bool {
				return r.URL.Query().Get("access_token") == known.Token
			}, mutant.List), "guard.forged.refused"),
		mutant.Defective("expired-forbidden", "answers an expired token with 403", "clients do not learn that they have to renew it",
			mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
				if mutant.BearerOf(r) != known.ExpiredToken {
					return r
				}
				return mutant.WithBearer(r, known.RestrictedToken)
			}, mutant.Create), "auth.expired.refused"),
		mutant.Defective("bypass-created-all-the-same", "creates first and looks at credentials afterwards", "anybody fills the organization with accounts, and sees nothing but refusals",
			createdAllTheSame(http.StatusUnauthorized, func(known reference.Credentials, r *http.Request) bool {
				return mutant.BearerOf(r) != known.Token
			}), "auth.refused.nothing-created"),
	)
}

// knowing admits creates by what the server knows its operator by.
func knowing(admit func(known reference.Credentials, r *http.Request) bool) *mutant.Layer {
	return admittingTo(admit, mutant.Create)
}

// AdmittingElsewhere admits requests of other operations by the bearer token.
func AdmittingElsewhere(admit func(token string, known reference.Credentials) bool, operations ...mutant.Operation) *mutant.Layer {
	return admittingTo(func(known reference.Credentials, r *http.Request) bool { return admit(mutant.BearerOf(r), known) }, operations...)
}

func admittingTo(admit func(known reference.Credentials, r *http.Request) bool, operations ...mutant.Operation) *mutant.Layer {
	return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if !admit(known, r) {
			return r
		}
		admitted := mutant.WithBearer(r, known.Token)
		if admitted.URL.Query().Has("access_token") { // the server underneath refuses a token in both places
			admitted.URL.RawQuery = ""
		}
		return admitted
	}, operations...)
}

// Authorization admits creates by the one Authorization header.
func Authorization(admit func(value string, known reference.Credentials) bool) *mutant.Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		values := r.Header.Values("Authorization")
		return len(values) == 1 && admit(values[0], known)
	})
}

// AdmittingPresented admits creates by the bearer token.
func AdmittingPresented(admit func(token string, known reference.Credentials) bool) *mutant.Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		return len(r.Header.Values("Authorization")) == 1 && admit(mutant.BearerOf(r), known)
	})
}

// unreadable admits tokens of n segments that say nothing.
func unreadable(n int) *mutant.Layer {
	return AdmittingPresented(func(token string, _ reference.Credentials) bool {
		return strings.Count(token, ".") == n-1 && mutant.HeaderOf(token) == nil && mutant.ClaimsOf(token) == nil
	})
}

// ofTwo looks at one of two Authorization headers.
func ofTwo(i int) *mutant.Layer {
	return knowing(func(known reference.Credentials, r *http.Request) bool {
		values := r.Header.Values("Authorization")
		return len(values) == 2 && values[i] == "Bearer "+known.Token
	})
}

// RefusedCreate changes answers to creates that are no success. The body of the request can still be read.
func RefusedCreate(change func(known reference.Credentials, r *http.Request, a *mutant.Response)) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if a.Status/100 != 2 {
				change(known, r, a)
			}
		}, mutant.Create).Wrap(known, rereading(next))
	}}
}

// createdAllTheSame makes the accounts that it refuses to some with a status.
func createdAllTheSame(status int, to func(known reference.Credentials, r *http.Request) bool) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return RefusedCreate(func(_ reference.Credentials, r *http.Request, a *mutant.Response) {
			if a.Status == status && to(known, r) {
				mutant.Ask(next, mutant.WithBearer(r, known.Token))
			}
		}).Wrap(known, next)
	}}
}

func IsForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// rereading leaves the body of a request to be read again when it was served.
func rereading(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := mutant.BodyOf(r)
		next.ServeHTTP(w, r)
		*r = *mutant.WithBody(r, body)
	})
}
