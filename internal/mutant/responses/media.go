package responses

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// MediaTypes answer a create with something that is, or says that it is, no JSON.
func MediaTypes() []*mutant.Defect {
	const family = "media types"
	const effect = "clients that look at the media type do not parse the response, and lose the token"
	contentType := func(values ...string) *mutant.Layer {
		return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Fields["Content-Type"] = values }, mutant.Create)
	}
	var all []*mutant.Defect
	for _, d := range []struct{ name, what, value string }{
		{"text", "text/plain", "text/plain; charset=utf-8"},
		{"vendor", "a media type of its own", "application/vnd.identity+json"},
		{"misspelt", "text/json", "text/json"},
	} {
		all = append(all, mutant.Defective("media-"+d.name, "says that the response to a create is "+d.what, effect,
			contentType(d.value), "create.media-type.json"))
	}
	return mutant.InFamily(family, append(all,
		mutant.Defective("media-none", "says nothing of the media type of the response to a create", effect,
			contentType(), "create.media-type.json"),
		mutant.Defective("media-of-described", "answers a create with tags as text/plain", effect,
			mutant.PerResponse(func(v mutant.View, a *mutant.Response) {
				if mutant.Lookup(v.Request, "/metadata/tags") != nil {
					a.Fields.Set("Content-Type", "text/plain; charset=utf-8")
				}
			}), "create.every.schema"),
		mutant.Defective("media-of-errors", "says that refusals are text/plain", "clients show a bare status in place of what is wrong",
			mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
				if a.Status/100 == 4 {
					a.Fields.Set("Content-Type", "text/plain; charset=utf-8")
				}
			}), "errors.media-type.json"),
		mutant.Defective("media-of-problems", "says that a 401 is application/problem+json", "clients show a bare status in place of what is wrong",
			mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) {
				a.Fields.Set("Content-Type", "application/problem+json")
			}), "errors.media-type.json"),
	)...)
}
