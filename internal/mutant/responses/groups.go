package responses

import (
	"slices"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// InGroups put accounts into other groups than those that were asked for, or tell so.
func InGroups() []*mutant.Defect {
	const family = "groups"
	const less = "an account lacks a right that it was to have"
	const more = "an account has a right that nobody gave it"
	const stranger = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	change := func(f func(ids []any) any) func(any) any {
		return func(old any) any {
			ids, _ := old.([]any)
			return f(ids)
		}
	}
	ids := func(f func([]any) any) *mutant.Layer { return mutant.Shown("/spec/groupIDs", change(f)) }
	first := func(ids []any) any { return ids[:min(len(ids), 1)] }
	added := func(ids []any) any { return append(ids, stranger) }
	addedToSome := func(ids []any) any {
		if len(ids) > 0 {
			return added(ids)
		}
		return ids
	}

	return mutant.Prefixed("groups-", family,
		mutant.Defective("first-only", "answers with the first group of several", less, ids(first), "create.spec.groups", "create.spec.groups-listed"),
		mutant.Defective("added-to-some", "adds a group to accounts that asked for one", more, ids(addedToSome), "create.spec.groups", "create.spec.groups-listed"),
		mutant.Defective("added-to-all", "puts every account into a default group", more, ids(added), "create.spec.present", "create.keeps.no-groups"),
		mutant.Defective("null-for-none", "answers with null where there is no group", "typed clients fail over a list that is none",
			ids(func(ids []any) any {
				if len(ids) == 0 {
					return nil
				}
				return ids
			}), "create.spec.present", "create.body.schema"),
		mutant.Defective("left-out-for-none", "leaves groupIDs out where there is no group", "typed clients fail over a list that is not there",
			ids(func(ids []any) any {
				if len(ids) == 0 {
					return mutant.Gone()
				}
				return ids
			}), "create.spec.present", "create.body.schema"),
		mutant.Defective("spec-missing", "leaves spec out of the response to a create", "nobody can tell which groups an account is in",
			mutant.OnMember("/spec", mutant.Always(mutant.Gone()), mutant.Create), "create.spec.present", "create.body.schema"),
		mutant.Defective("listed-first-only", "lists the first group of several", less, mutant.OnItems(func(account map[string]any) {
			mutant.Edited(account, "/spec/groupIDs", change(first))
		}), "create.spec.groups-listed"),
		mutant.Defective("duplicated-dropped", "forgets a group that is named twice", less, mutant.OnDocument(func(document map[string]any) {
			mutant.Edited(document, "/spec/groupIDs", func(old any) any {
				asked, ok := old.([]any)
				if !ok {
					return old
				}
				kept := []any{}
				for i, id := range asked {
					same := func(other any) bool { text, ok := other.(string); return ok && text == id }
					if !slices.ContainsFunc(asked[:i], same) && !slices.ContainsFunc(asked[i+1:], same) {
						kept = append(kept, id)
					}
				}
				return kept
			})
		}, mutant.Create), "create.keeps.groups"),
		mutant.Defective("of-long-names", "lets a name of 63 characters run over into the groups", more, mutant.OnViews(func(v mutant.View) {
			if text, _ := mutant.Lookup(v.Account, "/metadata/name").(string); len(text) == 63 {
				mutant.Edited(v.Account, "/spec/groupIDs", change(added))
			}
		}), "create.keeps.no-groups"),
	)
}
