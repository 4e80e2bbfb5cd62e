package defect

import "net/http"

// statuses answer with another status than the promised one.
func statuses() []Defect {
	const family = "status codes"
	const again = "clients that wait for 201 treat a success as a failure and create again"
	status := func(code int) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) { a.status = code }
	}
	describedAs := func(code int) Layer {
		return perAnswer(func(v view, a *answer) {
			if lookup(v.request, "/metadata/description") != nil || lookup(v.request, "/metadata/tags") != nil {
				a.status = code
			}
		})
	}
	return []Defect{
		{
			Name: "create-200", Family: family, Description: "answers a create with 200 OK",
			Effect: again, Breaks: []string{"create.status.created"}, Layer: onSuccess(status(http.StatusOK), create),
		},
		{
			Name: "create-204", Family: family, Description: "answers a create with 204 and no body",
			Effect: "the token of the account can never be read",
			Breaks: []string{"create.status.created"},
			Layer: onSuccess(func(_ *http.Request, a *answer) {
				a.status, a.body = http.StatusNoContent, nil
				a.header.Del("Content-Length")
				a.header.Del("Content-Type")
			}, create),
		},
		{
			Name: "create-303", Family: family, Description: "answers a create with 303 and the place of the account",
			Effect: "the token of the account can never be read",
			Breaks: []string{"create.status.created"}, Layer: onSuccess(status(http.StatusSeeOther), create),
		},
		{
			Name: "create-described-200", Family: family, Description: "answers a create with a description or tags with 200 OK",
			Effect: again, Breaks: []string{"create.status.described"}, Layer: describedAs(http.StatusOK),
		},
		{
			Name: "create-grouped-202", Family: family, Description: "answers a create with groups with 202, as the groups follow later",
			Effect: again, Breaks: []string{"create.status.grouped"},
			Layer: perAnswer(func(v view, a *answer) {
				if ids, _ := lookup(v.request, "/spec/groupIDs").([]any); len(ids) > 0 {
					a.status = http.StatusAccepted
				}
			}),
		},
		{
			Name: "create-grouped-403", Family: family, Description: "refuses a create that asks for two groups with 403",
			Effect: "no account can be put into the groups that it needs", Breaks: []string{"create.status.grouped"},
			Layer: refusing(http.StatusForbidden, "forbidden", func(q asked) bool {
				ids := groups(q)
				return len(ids) > 1 && ids[0] != ids[1]
			}),
		},
	}
}
