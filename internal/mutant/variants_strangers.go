package mutant

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// strangerVariants refuse other credentials in other ways.
func strangerVariants() []Variant {
	const bearer = "RFC 6750 section 3.1: 401 for a malformed token is a SHOULD, and 400 is for a malformed request"
	unparsable := func(token string) bool {
		parts := strings.Split(token, ".")
		return token != "" && (len(parts) != 3 && len(parts) != 5 || headerOf(token) == nil || len(parts) == 3 && (claimsOf(token) == nil || parts[2] == ""))
	}
	malformed := func(change func(r *http.Request, a *answer)) *Layer {
		return onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
			if unparsable(bearerOf(r)) {
				a.fail(http.StatusBadRequest, "invalid_request")
				change(r, a)
			}
		})
	}
	return []Variant{
		{Name: "unparsable-token-400", Description: "answers 400 for a bearer token that cannot be parsed", Source: bearer, Layer: malformed(func(_ *http.Request, a *answer) {
			a.header.Set("WWW-Authenticate", `Bearer error="invalid_request"`)
		})},
		{Name: "damaged-token-400", Description: "answers 400 for every bearer token that it did not sign in this form, as a decoder in front of it does", Source: bearer, Layer: onDamaged()},
		{Name: "garbage-quoted", Description: "quotes a token that never was one in the description of the error", Source: "RFC 6750 section 5.3 is about clients and good tokens", Layer: onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
			if token := bearerOf(r); token != "" && !strings.Contains(token, ".") {
				a.edit(func(document any) any {
					return edited(document, "/error_description", always("the token "+token+" is malformed"))
				})
			}
		})},
		{Name: "another-scheme-too", Description: "takes a good token under the scheme Token, too", Source: "RFC 9110 section 11.1", Layer: authorization(func(value string, known reference.Credentials) bool {
			return value == "Token "+known.Token
		})},
		{Name: "another-scheme-400", Description: "answers 400 for credentials of a scheme that it does not know", Source: "RFC 9110 section 15.5.1", Layer: onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
			if value := r.Header.Get("Authorization"); value != "" && bearerOf(r) == "" && value != "Bearer" {
				a.fail(http.StatusBadRequest, "invalid_request")
			}
		})},
		{Name: "restricted-404", Description: "answers 404 where the caller may not create", Source: "RFC 9110 section 15.5.4", Layer: onStatus(http.StatusForbidden, func(_ *http.Request, a *answer) {
			a.header.Del("WWW-Authenticate")
			a.fail(http.StatusNotFound, "not_found")
		}, create)},
		{Name: "restricted-list-404", Description: "answers 404 to those who may not list everything", Source: "RFC 9110 section 15.5.4", Layer: onRequestRefused(func(known reference.Credentials, r *http.Request, a *answer) bool {
			return a.status == http.StatusOK && bearerOf(r) != known.Token
		}, http.StatusNotFound, "not_found", list)},
		{Name: "groups-before-permission", Description: "refuses the groups of a request with 422 before it looks at permissions", Source: "RFC 9110 section 15: the order of refusals is not said", Layer: refusedCreate(func(_ reference.Credentials, r *http.Request, a *answer) {
			if a.status == http.StatusForbidden && bearerOf(r) != "" && len(groupsOf(bodyOf(r))) > 0 {
				a.header.Del("WWW-Authenticate")
				a.fail(http.StatusUnprocessableEntity, "unprocessable_content")
			}
		})},
		{Name: "accounts-may-create", Description: "lets every account create accounts, its default role being what it is", Source: "the contract gives no rights to groups", Layer: insteadOf(create, func(u use, next http.Handler) *answer {
			return ask(next, as(u.Request, u.known.Token))
		})},
	}
}

// onDamaged answers 400 for every token that the server refuses and that its decoder finds something wrong with: all but
// those that are whole, and of which only the signature is another one.
func onDamaged() *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
			token, own := bearerOf(r), known.Token
			if token == "" || token == own {
				return
			}
			near := strings.EqualFold(token, own) || strings.HasPrefix(token, own) || strings.HasPrefix(own, token)
			if near {
				a.fail(http.StatusBadRequest, "invalid_request")
			}
		}).Wrap(known, next)
	}}
}
