package mutant

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// refusalVariants refuse in another order, with other statuses or in other words.
func refusalVariants() []Variant {
	const order = "RFC 9110 section 15: the order of refusals is not said"
	challenge := func(values ...string) *Layer {
		return onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) { a.header["Www-Authenticate"] = values })
	}
	return []Variant{
		{Name: "other-organization-404", Description: "answers 404 for organizations that are closed to the caller", Source: observed, Layer: closedAs404(func(reference.Credentials, string) bool { return true })},
		{Name: "unknown-organization-404", Description: "answers 404 for organizations that do not exist, and 403 for those that do", Source: observed, Layer: closedAs404(func(known reference.Credentials, organization string) bool {
			return !strings.EqualFold(organization, known.OtherOrganization)
		})},
		{Name: "method-404", Description: "answers 404 for a method that is not declared", Source: "RFC 9110 section 15.5.5", Layer: onStatus(http.StatusMethodNotAllowed, func(_ *http.Request, a *answer) {
			a.header.Del("Allow")
			a.fail(http.StatusNotFound, "not_found")
		})},
		{Name: "path-before-credentials", Description: "answers 400 for an organization that is no UUID, before it looks at credentials", Source: order, Layer: &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if operationOf(r) != anythingElse && organizationOf(r) != "" && !anyID.MatchString(strings.ToLower(organizationOf(r))) {
					a := &answer{header: http.Header{}}
					a.fail(http.StatusBadRequest, "invalid_request")
					a.send(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		}}},
		{Name: "body-before-permission", Description: "answers 400 for a body that is no JSON, before it looks at permissions", Source: order, Layer: bodyFirst(http.StatusForbidden)},
		{Name: "body-before-credentials", Description: "answers 400 for a body that is no JSON, before it looks at credentials", Source: order, Layer: bodyFirst(http.StatusUnauthorized, http.StatusForbidden)},
		{Name: "upper-case-organization-400", Description: "refuses an organization in upper case with 400", Source: observed, Layer: refusingUpperCase(http.StatusBadRequest, "invalid_request")},
		{Name: "upper-case-organization-404", Description: "does not find an organization in upper case", Source: observed, Layer: refusingUpperCase(http.StatusNotFound, "not_found")},
		{Name: "foreign-accounts-404", Description: "answers 404 for accounts that the caller may not manage", Source: "RFC 9110 section 15.5.4", Layer: onStatus(http.StatusForbidden, func(_ *http.Request, a *answer) {
			a.header.Del("WWW-Authenticate")
			a.fail(http.StatusNotFound, "not_found")
		}, update, rotate, remove)},
		{Name: "invalid-token", Description: "calls a bad token invalid_token in the body too", Source: "RFC 6750 section 3.1", Layer: onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
			if r.Header.Get("Authorization") != "" {
				a.edit(func(document any) any { return edited(document, "/error", always("invalid_token")) })
			}
		})},
		{Name: "access-denied-challenge", Description: "says access_denied in the challenge", Source: observed, Layer: onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
			if r.Header.Get("Authorization") != "" {
				a.header.Set("WWW-Authenticate", `Bearer error="access_denied", error_description="token validation failed"`)
			}
		})},
		{Name: "bare-challenge", Description: "challenges with the name of the scheme alone", Source: "RFC 9110 section 11.6.1", Layer: challenge("Bearer")},
		{Name: "several-challenges", Description: "offers Basic and Bearer, in one header", Source: "RFC 9110 section 11.6.1", Layer: challenge(`Basic realm="a, \"b\"", charset="UTF-8" , ,bearer Realm=identity`)},
		{Name: "two-challenge-headers", Description: "offers Negotiate and Bearer, in two headers", Source: "RFC 9110 section 11.6.1", Layer: challenge("Negotiate YWJj==", `Bearer realm="identity"`)},
		{Name: "forbidden-without-challenge", Description: "answers 403 without a challenge", Source: "RFC 9110 section 15.5.4", Layer: onStatus(http.StatusForbidden, func(_ *http.Request, a *answer) { a.header.Del("WWW-Authenticate") })},
	}
}

// closedAs404 answers 404 in place of 403 for some organizations other than the caller's.
func closedAs404(hidden func(known reference.Credentials, organization string) bool) *Layer {
	return onRequestRefused(func(known reference.Credentials, r *http.Request, a *answer) bool {
		organization := organizationOf(r)
		if a.status != http.StatusForbidden || strings.EqualFold(organization, known.Organization) || !hidden(known, organization) {
			return false
		}
		a.header.Del("WWW-Authenticate")
		return true
	}, http.StatusNotFound, "not_found", create, list, update, rotate, remove)
}

// bodyFirst answers 400 for a body that is no JSON where one of the statuses would be answered.
func bodyFirst(statuses ...int) *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if operationOf(r) != create {
				next.ServeHTTP(w, r)
				return
			}
			malformed := !json.Valid(bodyOf(r)) && r.Header.Get("Content-Type") == "application/json"
			a := ask(next, r)
			for _, status := range statuses {
				if malformed && a.status == status {
					a.header.Del("WWW-Authenticate")
					a.fail(http.StatusBadRequest, "invalid_request")
				}
			}
			a.send(w)
		})
	}}
}

func refusingUpperCase(status int, code string) *Layer {
	return around(func(_ reference.Credentials, next http.Handler, r *http.Request) *answer {
		if organizationOf(r) == strings.ToLower(organizationOf(r)) {
			return ask(next, r)
		}
		a := &answer{header: http.Header{}}
		a.fail(status, code)
		return a
	}, create, list)
}
