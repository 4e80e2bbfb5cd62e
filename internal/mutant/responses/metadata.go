// Package responses holds mutants whose single responses are wrong: status, headers, members, times, ids and errors. One
// response is enough to see each of them.
package responses

import (
	"fmt"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Metadata leave members out of the response to a create, or give them another type or value.
func Metadata() []*mutant.Defect {
	const family = "metadata"
	const broken = "typed clients fail to decode the response, and lose the token"
	var all []*mutant.Defect
	for _, wrong := range []struct {
		member, name, what string
		value              any
	}{
		{"name", "missing", "without %s", mutant.Gone()},
		{"id", "missing", "without %s", mutant.Gone()},
		{"creationTime", "missing", "without %s", mutant.Gone()},
		{"provisioningStatus", "missing", "without %s", mutant.Gone()},
		{"healthStatus", "missing", "without %s", mutant.Gone()},
		{"organizationId", "missing", "without %s", mutant.Gone()},
		{"id", "number", "with a number for %s", 7},
		{"provisioningStatus", "array", "with %s inside an array", []any{"pending"}},
	} {
		all = append(all, mutant.Defective("metadata-"+mutant.Kebab(wrong.member)+"-"+wrong.name, "answers a create "+fmt.Sprintf(wrong.what, "metadata."+wrong.member), broken,
			mutant.OnMember("/metadata/"+wrong.member, mutant.Always(wrong.value), mutant.Create), "create.metadata.members", "create.body.schema"))
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
			absent = mutant.Always(optional.value)
		}
		all = append(all, mutant.Defective("metadata-"+mutant.Kebab(optional.member)+"-"+optional.name, "answers a create with "+optional.what, broken,
			mutant.OnMember("/metadata/"+optional.member, absent, mutant.Create), optional.breaks, "create.body.schema"))
	}
	return mutant.InFamily(family, append(all, changedMetadata()...)...)
}

// changedMetadata answer with another value than that which was asked for.
func changedMetadata() []*mutant.Defect {
	const family = "metadata"
	nameless := func(v mutant.View) { mutant.Edited(v.Account, "/metadata/tags", mutant.Always(nil)) }
	return mutant.InFamily(family,
		mutant.Defective("metadata-name-decorated", "puts the prefix sa- before names", "the account is not found under its name",
			mutant.OnMember("/metadata/name", mutant.OnText(func(name string) any { return "sa-" + name }), mutant.Create, mutant.List, mutant.Rotate), "create.metadata.name", "create.keeps.name"),
		mutant.Defective("metadata-tags-null-when-described", "answers with null for tags where there is a description and no tag", "typed clients fail to decode the response, and lose the token",
			mutant.OnCreated(func(v mutant.View) {
				if mutant.Lookup(v.Account, "/metadata/description") != nil && mutant.Lookup(v.Account, "/metadata/tags") == nil {
					nameless(v)
				}
			}), "create.every.schema"),
		mutant.Defective("metadata-organization-other", "answers a create with the id of the newest organization in place of the one in the path", "clients that follow the response work in somebody else's organization",
			mutant.OnMember("/metadata/organizationId", mutant.Always("0b6f8a4e-2f1d-4c55-9d0e-6a1b2c3d4e5f"), mutant.Create), "create.metadata.organization", "create.every.organization"),
		mutant.Defective("metadata-organization-name", "answers a create with the name of the organization in place of its id", "clients build addresses that lead nowhere",
			mutant.OnMember("/metadata/organizationId", mutant.Always("acme"), mutant.Create), "create.metadata.organization", "create.every.organization"),
		mutant.Defective("metadata-organization-of-tagged", "takes the organization of accounts with tags from a cache that mixes organizations up", "an account appears to belong to somebody else",
			mutant.OnCreated(func(v mutant.View) {
				if mutant.Lookup(v.Account, "/metadata/tags") != nil {
					mutant.Edited(v.Account, "/metadata/organizationId", mutant.Always("0b6f8a4e-2f1d-4c55-9d0e-6a1b2c3d4e5f"))
				}
			}), "create.every.organization"),
	)
}
