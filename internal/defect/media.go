package defect

import "net/http"

// mediaTypes answer a create with something that is, or says that it is, no JSON.
func mediaTypes() []Defect {
	const family = "media types"
	const effect = "clients that look at the media type do not parse the answer, and lose the token"
	contentType := func(values ...string) Layer {
		return onSuccess(func(_ *http.Request, a *answer) { a.header["Content-Type"] = values }, create)
	}
	var all []Defect
	for _, d := range []struct{ name, what, value string }{
		{"text", "text/plain", "text/plain; charset=utf-8"},
		{"vendor", "a media type of its own", "application/vnd.identity+json"},
		{"misspelt", "text/json", "text/json"},
	} {
		all = append(all, Defect{
			Name: "media-" + d.name, Family: family, Description: "says that the answer to a create is " + d.what,
			Effect: effect, Breaks: []string{"create.media-type.json"}, Layer: contentType(d.value),
		})
	}
	return append(all, Defect{
		Name: "media-none", Family: family, Description: "says nothing of the media type of the answer to a create",
		Effect: effect, Breaks: []string{"create.media-type.json"}, Layer: contentType(),
	}, Defect{
		Name: "media-of-described", Family: family, Description: "answers a create with tags as text/plain",
		Effect: effect, Breaks: []string{"create.every.schema"},
		Layer: perAnswer(func(v view, a *answer) {
			if lookup(v.request, "/metadata/tags") != nil {
				a.header.Set("Content-Type", "text/plain; charset=utf-8")
			}
		}),
	}, Defect{
		Name: "media-of-errors", Family: family, Description: "says that refusals are text/plain",
		Effect: "clients show a bare status in place of what is wrong", Breaks: []string{"errors.media-type.json"},
		Layer: onAnswer(func(_ *http.Request, a *answer) {
			if a.status/100 == 4 {
				a.header.Set("Content-Type", "text/plain; charset=utf-8")
			}
		}),
	}, Defect{
		Name: "media-of-problems", Family: family, Description: "says that a 401 is application/problem+json",
		Effect: "clients show a bare status in place of what is wrong", Breaks: []string{"errors.media-type.json"},
		Layer: onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", "application/problem+json")
		}),
	})
}
