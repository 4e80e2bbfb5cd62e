package mutant

import "net/http"

// mediaTypes answer a create with something that is, or says that it is, no JSON.
func mediaTypes() []*Defect {
	const family = "media types"
	const effect = "clients that look at the media type do not parse the response, and lose the token"
	contentType := func(values ...string) *Layer {
		return onSuccess(func(_ *http.Request, a *answer) { a.header["Content-Type"] = values }, create)
	}
	var all []*Defect
	for _, d := range []struct{ name, what, value string }{
		{"text", "text/plain", "text/plain; charset=utf-8"},
		{"vendor", "a media type of its own", "application/vnd.identity+json"},
		{"misspelt", "text/json", "text/json"},
	} {
		all = append(all, defective("media-"+d.name, "says that the response to a create is "+d.what, effect,
			contentType(d.value), "create.media-type.json"))
	}
	return inFamily(family, append(all,
		defective("media-none", "says nothing of the media type of the response to a create", effect,
			contentType(), "create.media-type.json"),
		defective("media-of-described", "answers a create with tags as text/plain", effect,
			perAnswer(func(v view, a *answer) {
				if lookup(v.request, "/metadata/tags") != nil {
					a.header.Set("Content-Type", "text/plain; charset=utf-8")
				}
			}), "create.every.schema"),
		defective("media-of-errors", "says that refusals are text/plain", "clients show a bare status in place of what is wrong",
			onAnswer(func(_ *http.Request, a *answer) {
				if a.status/100 == 4 {
					a.header.Set("Content-Type", "text/plain; charset=utf-8")
				}
			}), "errors.media-type.json"),
		defective("media-of-problems", "says that a 401 is application/problem+json", "clients show a bare status in place of what is wrong",
			onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) {
				a.header.Set("Content-Type", "application/problem+json")
			}), "errors.media-type.json"),
	)...)
}
