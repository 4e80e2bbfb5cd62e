package access

import "github.com/sa-conformance/conformance/internal/mutant"

// Takeovers let a request write what only the server may.
func Takeovers() []*mutant.Defect {
	const family = "read-only members"
	taken := func(pointer string) *mutant.Layer {
		return mutant.Overlaid(func(v mutant.View) map[string]any {
			if value := mutant.Lookup(v.Request, pointer); value != nil {
				return map[string]any{pointer: value}
			}
			return nil
		})
	}
	d := func(name, effect string, l *mutant.Layer, breaks ...string) *mutant.Defect {
		return mutant.WithFamily(family, mutant.Defective("takes-"+name, "takes the "+name+" of an account over from the request", effect,
			l, breaks...))
	}
	return []*mutant.Defect{
		d("id", "a caller takes the place of another account", mutant.WithOtherIDs(func(v mutant.View, id string) string {
			if wanted, ok := mutant.Lookup(v.Request, "/metadata/id").(string); ok {
				return wanted
			}
			return id
		}), "create.ignores.id"),
		d("organization", "a caller makes an account that appears to belong to somebody else", taken("/metadata/organizationId"), "create.ignores.organization"),
		d("creation-time", "an account is kept out of every clean-up by age", taken("/metadata/creationTime"), "create.ignores.creation-time"),
		d("creator", "a caller signs with another name", taken("/metadata/createdBy"), "create.ignores.created-by"),
		d("expiry", "a caller believes in a token for a century", taken("/status/expiry"), "create.ignores.expiry"),
		d("token", "a caller chooses a token that others can guess", taken("/status/accessToken"), "create.ignores.token"),
	}
}
