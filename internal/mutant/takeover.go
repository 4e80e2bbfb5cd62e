package mutant

// takeovers let a request write what only the server may.
func takeovers() []*Defect {
	const family = "read-only members"
	taken := func(pointer string) *Layer {
		return overlaid(func(v view) map[string]any {
			if value := lookup(v.request, pointer); value != nil {
				return map[string]any{pointer: value}
			}
			return nil
		})
	}
	d := func(name, effect string, l *Layer, breaks ...string) *Defect {
		return of(family, defective("takes-"+name, "takes the "+name+" of an account over from the request", effect,
			l, breaks...))
	}
	return []*Defect{
		d("id", "a caller takes the place of another account", renamed(func(v view, id string) string {
			if wanted, ok := lookup(v.request, "/metadata/id").(string); ok {
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
