package responses

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Statuses answer with another status than the promised one.
func Statuses() []*mutant.Defect {
	const family = "status codes"
	const again = "clients that wait for 201 treat a success as a failure and create again"
	status := func(code int) func(*http.Request, *mutant.Response) {
		return func(_ *http.Request, a *mutant.Response) { a.Status = code }
	}
	describedAs := func(code int) *mutant.Layer {
		return mutant.PerResponse(func(v mutant.View, a *mutant.Response) {
			if mutant.Lookup(v.Request, "/metadata/description") != nil || mutant.Lookup(v.Request, "/metadata/tags") != nil {
				a.Status = code
			}
		})
	}
	return mutant.InFamily(family,
		mutant.Defective("create-200", "answers a create with 200 OK", again,
			mutant.OnSuccess(status(http.StatusOK), mutant.Create), "create.status.created"),
		mutant.Defective("create-204", "answers a create with 204 and no body", "the token of the account can never be read",
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
				a.Status, a.Body = http.StatusNoContent, nil
				a.Fields.Del("Content-Length")
				a.Fields.Del("Content-Type")
			}, mutant.Create), "create.status.created"),
		mutant.Defective("create-303", "answers a create with 303 and the place of the account", "the token of the account can never be read",
			mutant.OnSuccess(status(http.StatusSeeOther), mutant.Create), "create.status.created"),
		mutant.Defective("create-described-200", "answers a create with a description or tags with 200 OK", again,
			describedAs(http.StatusOK), "create.status.described"),
		mutant.Defective("create-grouped-202", "answers a create with groups with 202, as the groups follow later", again,
			mutant.PerResponse(func(v mutant.View, a *mutant.Response) {
				if ids, _ := mutant.Lookup(v.Request, "/spec/groupIDs").([]any); len(ids) > 0 {
					a.Status = http.StatusAccepted
				}
			}), "create.status.grouped"),
		mutant.Defective("create-grouped-403", "refuses a create that asks for two groups with 403", "no account can be put into the groups that it needs",
			mutant.Refusing(http.StatusForbidden, "forbidden", func(q mutant.ParsedRequest) bool {
				ids := mutant.RequestedGroups(q)
				return len(ids) > 1 && ids[0] != ids[1]
			}), "create.status.grouped"),
	)
}
