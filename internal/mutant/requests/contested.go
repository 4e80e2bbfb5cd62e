package requests

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Contests take neither reading of a point where the contract contradicts itself.
func Contests() []*mutant.Defect {
	const family = "contested points"
	const effect = "clients that know both readings know neither here"

	return mutant.Prefixed("contested-", family,
		mutant.Defective("malformed-413", "refuses what is not JSON with 413", effect, mutant.OnStatus(http.StatusBadRequest, func(_ *http.Request, a *mutant.Response) {
			a.Fail(http.StatusRequestEntityTooLarge, "request_entity_too_large")
		}, mutant.Create), "contested.malformed.status"),
		mutant.Defective("method-403", "refuses undeclared methods with 403", effect, mutant.OnStatus(http.StatusMethodNotAllowed, func(_ *http.Request, a *mutant.Response) {
			a.Fail(http.StatusForbidden, "forbidden")
		}), "contested.method.status", "method.undeclared.refused"),
		mutant.Defective("id-empty", "answers a create with an empty id", effect, mutant.OnMember("/metadata/id", mutant.Always(""), mutant.Create), "contested.id.form", "create.metadata.id"),
		mutant.Defective("groups-object", "answers with groups as an object", effect, mutant.OnMember("/spec/groupIDs", func(old any) any {
			ids, _ := old.([]any)
			object := map[string]any{}
			for _, id := range ids {
				if text, ok := id.(string); ok {
					object[text] = true
				}
			}
			return object
		}, mutant.Create), "contested.groups.echo", "create.spec.groups", "create.spec.present"),
		mutant.Defective("token-opaque", "issues tokens that are no JWT", effect, &mutant.Layer{Configure: func(c *reference.Config) {
			c.Hooks.Sign = func(token string) string {
				_, signature, _ := strings.Cut(token, ".")
				return "sat_" + signature[len(signature)-80:]
			}
		}}, "contested.token.kind", "token.kind.segments"),
		mutant.Defective("unauthorized-code", "refuses a bad token with the error insufficient_scope", effect, mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any { return mutant.Edited(document, "/error", mutant.Always("insufficient_scope")) })
		}), "contested.unauthorized.code"),
	)
}
