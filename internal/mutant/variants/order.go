package variants

import (
	"encoding/json"
	"net/http"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/access"
	"github.com/sa-conformance/conformance/internal/reference"
)

// orderVariants look at the body before they look at the caller, as frameworks do that parse it first.
func orderVariants() []mutant.Variant {
	const order = "RFC 9110 section 15: the order of refusals is not said"
	first := func(status int, code string) *mutant.Layer {
		change := func(_ reference.Credentials, r *http.Request, a *mutant.Response) {
			if (a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden) && (access.IsForm(r) || !json.Valid(mutant.BodyOf(r))) {
				a.Fields.Del("WWW-Authenticate")
				a.Fail(status, code)
			}
		}
		return access.RefusedCreate(change)
	}
	return []mutant.Variant{
		{Name: "body-first-415", About: mutant.Reading, Description: "answers 415 for a body that it does not take for JSON, before it looks at credentials", Source: order, Layer: first(http.StatusUnsupportedMediaType, "unsupported_media_type")},
		{Name: "body-first-422", About: mutant.Reading, Description: "answers 422 for a body that it cannot read, before it looks at credentials", Source: order, Layer: first(http.StatusUnprocessableEntity, "unprocessable_content")},
		{Name: "body-first-413", About: mutant.Reading, Description: "answers 413 for a body that it cannot read, before it looks at credentials", Source: order, Layer: first(http.StatusRequestEntityTooLarge, "request_entity_too_large")},
		{Name: "anonymous-broken-body-403", About: mutant.Reading, Description: "answers 403 where a broken body comes without credentials, as a web application firewall does", Source: order, Layer: access.RefusedCreate(func(_ reference.Credentials, r *http.Request, a *mutant.Response) {
			if a.Status == http.StatusUnauthorized && mutant.BearerOf(r) == "" && !json.Valid(mutant.BodyOf(r)) && !access.IsForm(r) {
				a.Fields.Del("WWW-Authenticate")
				a.Fail(http.StatusForbidden, "forbidden")
			}
		})},
	}
}
