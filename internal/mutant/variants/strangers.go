package variants

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/access"
	"github.com/sa-conformance/conformance/internal/mutant/tokens"
	"github.com/sa-conformance/conformance/internal/reference"
)

// strangerVariants refuse other credentials in other ways.
func strangerVariants() []mutant.Variant {
	const bearer = "RFC 6750 section 3.1: 401 for a malformed token is a SHOULD, and 400 is for a malformed request"
	unparsable := func(token string) bool {
		parts := strings.Split(token, ".")
		return token != "" && (len(parts) != 3 && len(parts) != 5 || mutant.HeaderOf(token) == nil || len(parts) == 3 && (mutant.ClaimsOf(token) == nil || parts[2] == ""))
	}
	malformed := func(change func(r *http.Request, a *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
			if unparsable(mutant.BearerOf(r)) {
				a.Fail(http.StatusBadRequest, "invalid_request")
				change(r, a)
			}
		})
	}
	return []mutant.Variant{
		{Name: "unparsable-token-400", About: mutant.Refusals, Description: "answers 400 for a bearer token that cannot be parsed", Source: bearer, Layer: malformed(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("WWW-Authenticate", `Bearer error="invalid_request"`)
		})},
		{Name: "damaged-token-400", About: mutant.Refusals, Description: "answers 400 for every bearer token that it did not sign in this form, as a decoder in front of it does", Source: bearer, Layer: onDamaged()},
		{Name: "garbage-quoted", About: mutant.Refusals, Description: "quotes a token that never was one in the description of the error", Source: "RFC 6750 section 5.3 is about clients and good tokens", Layer: mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
			if token := mutant.BearerOf(r); token != "" && !strings.Contains(token, ".") {
				a.Edit(func(document any) any {
					return mutant.Edited(document, "/error_description", mutant.Always("the token "+token+" is malformed"))
				})
			}
		})},
		{Name: "another-scheme-too", About: mutant.Refusals, Description: "takes a good token under the scheme Token, too", Source: "RFC 9110 section 11.1", Layer: access.Authorization(func(value string, known reference.Credentials) bool {
			return value == "Token "+known.Token
		})},
		{Name: "another-scheme-400", About: mutant.Refusals, Description: "answers 400 for credentials of a scheme that it does not know", Source: "RFC 9110 section 15.5.1", Layer: mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
			if value := r.Header.Get("Authorization"); value != "" && mutant.BearerOf(r) == "" && value != "Bearer" {
				a.Fail(http.StatusBadRequest, "invalid_request")
			}
		})},
		{Name: "restricted-404", About: mutant.Refusals, Description: "answers 404 where the caller may not create", Source: "RFC 9110 section 15.5.4", Layer: mutant.OnStatus(http.StatusForbidden, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Del("WWW-Authenticate")
			a.Fail(http.StatusNotFound, "not_found")
		}, mutant.Create)},
		{Name: "restricted-list-404", About: mutant.Refusals, Description: "answers 404 to those who may not list everything", Source: "RFC 9110 section 15.5.4", Layer: onRequestRefused(func(known reference.Credentials, r *http.Request, a *mutant.Response) bool {
			return a.Status == http.StatusOK && mutant.BearerOf(r) != known.Token
		}, http.StatusNotFound, "not_found", mutant.List)},
		{Name: "groups-before-permission", About: mutant.Refusals, Description: "refuses the groups of a request with 422 before it looks at permissions", Source: "RFC 9110 section 15: the order of refusals is not said", Layer: access.RefusedCreate(func(_ reference.Credentials, r *http.Request, a *mutant.Response) {
			if a.Status == http.StatusForbidden && mutant.BearerOf(r) != "" && len(access.GroupsOf(mutant.BodyOf(r))) > 0 {
				a.Fields.Del("WWW-Authenticate")
				a.Fail(http.StatusUnprocessableEntity, "unprocessable_content")
			}
		})},
		{Name: "accounts-may-create", About: mutant.Refusals, Description: "lets every account create accounts, its default role being what it is", Source: "the contract gives no rights to groups", Layer: tokens.InsteadOf(mutant.Create, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
			return mutant.Ask(next, mutant.WithBearer(u.Request, u.Known.Token))
		})},
	}
}

// onDamaged answers 400 for every token that the server refuses and that its decoder finds something wrong with: all but
// those that are whole, and of which only the signature is another one.
func onDamaged() *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
			token, own := mutant.BearerOf(r), known.Token
			if token == "" || token == own {
				return
			}
			near := strings.EqualFold(token, own) || strings.HasPrefix(token, own) || strings.HasPrefix(own, token)
			if near {
				a.Fail(http.StatusBadRequest, "invalid_request")
			}
		}).Wrap(known, next)
	}}
}
