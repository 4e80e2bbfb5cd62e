package mutant

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// contests take neither reading of a point where the contract contradicts itself.
func contests() []*Defect {
	const family = "contested points"
	const effect = "clients that know both readings know neither here"

	return prefixed("contested-", family,
		defective("malformed-413", "refuses what is not JSON with 413", effect, onStatus(http.StatusBadRequest, func(_ *http.Request, a *answer) {
			a.fail(http.StatusRequestEntityTooLarge, "request_entity_too_large")
		}, create), "contested.malformed.status"),
		defective("method-403", "refuses undeclared methods with 403", effect, onStatus(http.StatusMethodNotAllowed, func(_ *http.Request, a *answer) {
			a.fail(http.StatusForbidden, "forbidden")
		}), "contested.method.status", "method.undeclared.refused"),
		defective("id-empty", "answers a create with an empty id", effect, onMember("/metadata/id", always(""), create), "contested.id.form", "create.metadata.id"),
		defective("groups-object", "answers with groups as an object", effect, onMember("/spec/groupIDs", func(old any) any {
			ids, _ := old.([]any)
			object := map[string]any{}
			for _, id := range ids {
				if text, ok := id.(string); ok {
					object[text] = true
				}
			}
			return object
		}, create), "contested.groups.echo", "create.spec.groups", "create.spec.present"),
		defective("token-opaque", "issues tokens that are no JWT", effect, &Layer{Configure: func(c *reference.Config) {
			c.Hooks.Sign = func(token string) string {
				_, signature, _ := strings.Cut(token, ".")
				return "sat_" + signature[len(signature)-80:]
			}
		}}, "contested.token.kind", "token.kind.segments"),
		defective("unauthorized-code", "refuses a bad token with the error insufficient_scope", effect, onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) {
			a.edit(func(document any) any { return edited(document, "/error", always("insufficient_scope")) })
		}), "contested.unauthorized.code"),
	)
}
