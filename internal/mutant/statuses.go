package mutant

import "net/http"

// statuses answer with another status than the promised one.
func statuses() []*Defect {
	const family = "status codes"
	const again = "clients that wait for 201 treat a success as a failure and create again"
	status := func(code int) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) { a.status = code }
	}
	describedAs := func(code int) *Layer {
		return perAnswer(func(v view, a *answer) {
			if lookup(v.request, "/metadata/description") != nil || lookup(v.request, "/metadata/tags") != nil {
				a.status = code
			}
		})
	}
	return inFamily(family,
		defective("create-200", "answers a create with 200 OK", again,
			onSuccess(status(http.StatusOK), create), "create.status.created"),
		defective("create-204", "answers a create with 204 and no body", "the token of the account can never be read",
			onSuccess(func(_ *http.Request, a *answer) {
				a.status, a.body = http.StatusNoContent, nil
				a.header.Del("Content-Length")
				a.header.Del("Content-Type")
			}, create), "create.status.created"),
		defective("create-303", "answers a create with 303 and the place of the account", "the token of the account can never be read",
			onSuccess(status(http.StatusSeeOther), create), "create.status.created"),
		defective("create-described-200", "answers a create with a description or tags with 200 OK", again,
			describedAs(http.StatusOK), "create.status.described"),
		defective("create-grouped-202", "answers a create with groups with 202, as the groups follow later", again,
			perAnswer(func(v view, a *answer) {
				if ids, _ := lookup(v.request, "/spec/groupIDs").([]any); len(ids) > 0 {
					a.status = http.StatusAccepted
				}
			}), "create.status.grouped"),
		defective("create-grouped-403", "refuses a create that asks for two groups with 403", "no account can be put into the groups that it needs",
			refusing(http.StatusForbidden, "forbidden", func(q asked) bool {
				ids := groups(q)
				return len(ids) > 1 && ids[0] != ids[1]
			}), "create.status.grouped"),
	)
}
