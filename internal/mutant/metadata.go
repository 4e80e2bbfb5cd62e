package mutant

import "fmt"

// metadata leave members out of the response to a create, or give them another type or value.
func metadata() []*Defect {
	const family = "metadata"
	const broken = "typed clients fail to decode the response, and lose the token"
	var all []*Defect
	for _, wrong := range []struct {
		member, name, what string
		value              any
	}{
		{"name", "missing", "without %s", gone()},
		{"id", "missing", "without %s", gone()},
		{"creationTime", "missing", "without %s", gone()},
		{"provisioningStatus", "missing", "without %s", gone()},
		{"healthStatus", "missing", "without %s", gone()},
		{"organizationId", "missing", "without %s", gone()},
		{"id", "number", "with a number for %s", 7},
		{"provisioningStatus", "array", "with %s inside an array", []any{"pending"}},
	} {
		all = append(all, defective("metadata-"+kebab(wrong.member)+"-"+wrong.name, "answers a create "+fmt.Sprintf(wrong.what, "metadata."+wrong.member), broken,
			onMember("/metadata/"+wrong.member, always(wrong.value), create), "create.metadata.members", "create.body.schema"))
	}
	for _, optional := range []struct {
		member, name, what, breaks string
		value                      any
	}{
		{"createdBy", "number", "a number for metadata.createdBy", "create.metadata.created-by", 12},
		{"modifiedBy", "null", "null for metadata.modifiedBy", "create.metadata.modified-by", nil},
		{"modifiedTime", "null", "null for metadata.modifiedTime, as nothing was modified", "create.metadata.modified-time", nil},
		{"deletionTime", "impossible", "30 February for metadata.deletionTime", "create.metadata.deletion-time", "2026-02-30T03:04:05Z"},
		{"provisioningStatusDetail", "text", "a string for metadata.provisioningStatusDetail", "create.metadata.provisioning-detail", "all is well"},
		{"healthStatusDetail", "null", "null for metadata.healthStatusDetail", "create.metadata.health-detail", nil},
		{"description", "null", "null for a description that was not given", "create.body.schema", nil},
		{"tags", "null", "null for tags that were not given", "create.body.schema", nil},
	} {
		absent := func(old any) any {
			if old != nil {
				return old // was given
			}
			return optional.value
		}
		if optional.member == "createdBy" {
			absent = always(optional.value)
		}
		all = append(all, defective("metadata-"+kebab(optional.member)+"-"+optional.name, "answers a create with "+optional.what, broken,
			onMember("/metadata/"+optional.member, absent, create), optional.breaks, "create.body.schema"))
	}
	return inFamily(family, append(all, changedMetadata()...)...)
}

// changedMetadata answer with another value than that which was asked for.
func changedMetadata() []*Defect {
	const family = "metadata"
	nameless := func(v view) { edited(v.account, "/metadata/tags", always(nil)) }
	return inFamily(family,
		defective("metadata-name-decorated", "puts the prefix sa- before names", "the account is not found under its name",
			onMember("/metadata/name", onText(func(name string) any { return "sa-" + name }), create, list, rotate), "create.metadata.name", "create.keeps.name"),
		defective("metadata-tags-null-when-described", "answers with null for tags where there is a description and no tag", "typed clients fail to decode the response, and lose the token",
			onCreated(func(v view) {
				if lookup(v.account, "/metadata/description") != nil && lookup(v.account, "/metadata/tags") == nil {
					nameless(v)
				}
			}), "create.every.schema"),
		defective("metadata-organization-other", "answers a create with the id of the newest organization in place of the one in the path", "clients that follow the response work in somebody else's organization",
			onMember("/metadata/organizationId", always("0b6f8a4e-2f1d-4c55-9d0e-6a1b2c3d4e5f"), create), "create.metadata.organization", "create.every.organization"),
		defective("metadata-organization-name", "answers a create with the name of the organization in place of its id", "clients build addresses that lead nowhere",
			onMember("/metadata/organizationId", always("acme"), create), "create.metadata.organization", "create.every.organization"),
		defective("metadata-organization-of-tagged", "takes the organization of accounts with tags from a cache that mixes organizations up", "an account appears to belong to somebody else",
			onCreated(func(v view) {
				if lookup(v.account, "/metadata/tags") != nil {
					edited(v.account, "/metadata/organizationId", always("0b6f8a4e-2f1d-4c55-9d0e-6a1b2c3d4e5f"))
				}
			}), "create.every.organization"),
	)
}
