package variants

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// refusalVariants refuse in another order, with other statuses or in other words.
func refusalVariants() []mutant.Variant {
	const order = "RFC 9110 section 15: the order of refusals is not said"
	challenge := func(values ...string) *mutant.Layer {
		return mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) { a.Fields["Www-Authenticate"] = values })
	}
	return []mutant.Variant{
		{Name: "other-organization-404", About: mutant.Refusals, Description: "answers 404 for organizations that are closed to the caller", Source: observed, Layer: closedAs404(func(reference.Credentials, string) bool { return true })},
		{Name: "unknown-organization-404", About: mutant.Refusals, Description: "answers 404 for organizations that do not exist, and 403 for those that do", Source: observed, Layer: closedAs404(func(known reference.Credentials, organization string) bool {
			return !strings.EqualFold(organization, known.OtherOrganization)
		})},
		{Name: "method-404", Description: "answers 404 for a method that is not declared", Source: "RFC 9110 section 15.5.5", Layer: mutant.OnStatus(http.StatusMethodNotAllowed, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Del("Allow")
			a.Fail(http.StatusNotFound, "not_found")
		})},
		{Name: "path-before-credentials", About: mutant.Reading, Description: "answers 400 for an organization that is no UUID, before it looks at credentials", Source: order, Layer: &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if mutant.OperationOf(r) != mutant.AnythingElse && mutant.OrganizationOf(r) != "" && !anyID.MatchString(strings.ToLower(mutant.OrganizationOf(r))) {
					a := &mutant.Response{Fields: http.Header{}}
					a.Fail(http.StatusBadRequest, "invalid_request")
					a.Send(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		}}},
		{Name: "body-before-permission", About: mutant.Reading, Description: "answers 400 for a body that is no JSON, before it looks at permissions", Source: order, Layer: bodyFirst(http.StatusForbidden)},
		{Name: "body-before-credentials", About: mutant.Reading, Description: "answers 400 for a body that is no JSON, before it looks at credentials", Source: order, Layer: bodyFirst(http.StatusUnauthorized, http.StatusForbidden)},
		{Name: "upper-case-organization-400", About: mutant.Refusals, Description: "refuses an organization in upper case with 400", Source: observed, Layer: refusingUpperCase(http.StatusBadRequest, "invalid_request")},
		{Name: "upper-case-organization-404", About: mutant.Refusals, Description: "does not find an organization in upper case", Source: observed, Layer: refusingUpperCase(http.StatusNotFound, "not_found")},
		{Name: "foreign-accounts-404", About: mutant.Refusals, Description: "answers 404 for accounts that the caller may not manage", Source: "RFC 9110 section 15.5.4", Layer: mutant.OnStatus(http.StatusForbidden, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Del("WWW-Authenticate")
			a.Fail(http.StatusNotFound, "not_found")
		}, mutant.Update, mutant.Rotate, mutant.Remove)},
		{Name: "invalid-token", About: mutant.Refusals, Description: "calls a bad token invalid_token in the body too", Source: "RFC 6750 section 3.1", Layer: mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
			if r.Header.Get("Authorization") != "" {
				a.Edit(func(document any) any { return mutant.Edited(document, "/error", mutant.Always("invalid_token")) })
			}
		})},
		{Name: "access-denied-challenge", About: mutant.Refusals, Description: "says access_denied in the challenge", Source: observed, Layer: mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
			if r.Header.Get("Authorization") != "" {
				a.Fields.Set("WWW-Authenticate", `Bearer error="access_denied", error_description="token validation failed"`)
			}
		})},
		{Name: "bare-challenge", About: mutant.Refusals, Description: "challenges with the name of the scheme alone", Source: "RFC 9110 section 11.6.1", Layer: challenge("Bearer")},
		{Name: "several-challenges", About: mutant.Refusals, Description: "offers Basic and Bearer, in one header", Source: "RFC 9110 section 11.6.1", Layer: challenge(`Basic realm="a, \"b\"", charset="UTF-8" , ,bearer Realm=identity`)},
		{Name: "two-challenge-headers", About: mutant.Refusals, Description: "offers Negotiate and Bearer, in two headers", Source: "RFC 9110 section 11.6.1", Layer: challenge("Negotiate YWJj==", `Bearer realm="identity"`)},
		{Name: "forbidden-without-challenge", About: mutant.Refusals, Description: "answers 403 without a challenge", Source: "RFC 9110 section 15.5.4", Layer: mutant.OnStatus(http.StatusForbidden, func(_ *http.Request, a *mutant.Response) { a.Fields.Del("WWW-Authenticate") })},
	}
}

// closedAs404 answers 404 in place of 403 for some organizations other than the caller's.
func closedAs404(hidden func(known reference.Credentials, organization string) bool) *mutant.Layer {
	return onRequestRefused(func(known reference.Credentials, r *http.Request, a *mutant.Response) bool {
		organization := mutant.OrganizationOf(r)
		if a.Status != http.StatusForbidden || strings.EqualFold(organization, known.Organization) || !hidden(known, organization) {
			return false
		}
		a.Fields.Del("WWW-Authenticate")
		return true
	}, http.StatusNotFound, "not_found", mutant.Create, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove)
}

// bodyFirst answers 400 for a body that is no JSON where one of the statuses would be answered.
func bodyFirst(statuses ...int) *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if mutant.OperationOf(r) != mutant.Create {
				next.ServeHTTP(w, r)
				return
			}
			malformed := !json.Valid(mutant.BodyOf(r)) && r.Header.Get("Content-Type") == "application/json"
			a := mutant.Ask(next, r)
			for _, status := range statuses {
				if malformed && a.Status == status {
					a.Fields.Del("WWW-Authenticate")
					a.Fail(http.StatusBadRequest, "invalid_request")
				}
			}
			a.Send(w)
		})
	}}
}

func refusingUpperCase(status int, code string) *mutant.Layer {
	return mutant.Around(func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		if mutant.OrganizationOf(r) == strings.ToLower(mutant.OrganizationOf(r)) {
			return mutant.Ask(next, r)
		}
		a := &mutant.Response{Fields: http.Header{}}
		a.Fail(status, code)
		return a
	}, mutant.Create, mutant.List)
}
