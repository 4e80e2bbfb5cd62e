package responses

import "github.com/sa-conformance/conformance/internal/mutant"

// Enums answer a create with values that no enumeration of the contract holds.
func Enums() []*mutant.Defect {
	const family = "enums"
	const effect = "clients that wait for a value they know wait for ever, or fail to decode the response"
	var all []*mutant.Defect
	for _, e := range []struct {
		member, breaks string
		wrong          map[string]string
	}{
		{"provisioningStatus", "create.metadata.provisioning-status", map[string]string{
			"capitalised": "Provisioned", "empty": "", "reason": "Deprovisioned",
		}},
		{"healthStatus", "create.metadata.health-status", map[string]string{
			"misspelt": "unkown", "of-provisioning": "provisioned",
		}},
	} {
		for name, value := range e.wrong {
			all = append(all, mutant.Defective(mutant.Kebab(e.member)+"-"+name, "answers a create with the "+e.member+" "+mutant.Quoted(value), effect,
				mutant.OnMember("/metadata/"+e.member, mutant.Always(value), mutant.Create), e.breaks, "create.body.schema"))
		}
	}
	for _, d := range []struct {
		member, breaks, name string
		detail               any
	}{
		{"provisioningStatusDetail", "create.metadata.provisioning-detail", "unknown-reason", map[string]any{"reason": "Waiting", "message": "soon"}},
		{"provisioningStatusDetail", "create.metadata.provisioning-detail", "lower-case-reason", map[string]any{"reason": "provisioning", "message": "soon"}},
		{"healthStatusDetail", "create.metadata.health-detail", "unknown-reason", map[string]any{"reason": "Fine", "message": "all is well"}},
		{"provisioningStatusDetail", "create.metadata.detail-members", "without-message", map[string]any{"reason": "Provisioned"}},
		{"healthStatusDetail", "create.metadata.detail-members", "without-reason", map[string]any{"message": "all is well"}},
		{"healthStatusDetail", "create.metadata.health-detail", "numeric-message", map[string]any{"reason": "Unknown", "message": 0}},
	} {
		all = append(all, mutant.Defective(mutant.Kebab(d.member)+"-"+d.name, "answers a create with a "+d.member+" that the contract does not know", effect,
			mutant.OnMember("/metadata/"+d.member, mutant.Always(d.detail), mutant.Create), d.breaks, "create.body.schema"))
	}
	return mutant.InFamily(family, mutant.Sorted(all)...)
}
