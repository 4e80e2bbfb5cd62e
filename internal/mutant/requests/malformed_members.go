// Package requests holds mutants that take requests which they must refuse, or misread the content of good ones. Each breaks
// a rule for what clients send.
package requests

import "github.com/sa-conformance/conformance/internal/mutant"

// MalformedMembers accept creates in which a member is missing, null or of another type than the schema's.
func MalformedMembers() []*mutant.Defect {
	const family = "validation holes: members"
	var all []*mutant.Defect
	noGroups := func(any) any { return []any{} }
	empty := func(any) any { return map[string]any{} }
	named := func(any) any { return "unnamed" }
	for _, hole := range []struct {
		pointer, where, kind string
		change               func(any) any
		effect               string
	}{
		{"/metadata", "metadata", "missing", mutant.Always(map[string]any{"name": "unnamed"}), "a client that forgot half of its request gets an account that nobody can find again"},
		{"/metadata/name", "metadata-name", "missing", named, "a client that misspells name gets an account under a name that it does not know"},
		{"/metadata/tags/*/name", "tag-name", "missing", named, "tags appear that nothing can be filtered by"},
		{"/metadata/tags/*/value", "tag-value", "missing", mutant.Always(""), "a misspelt value is an empty one, and policies by tag do not apply"},
		{"/spec", "spec", "missing", mutant.Always(map[string]any{"groupIDs": []any{}}), "an account without the permissions that were meant, and no word about it"},
		{"/spec/groupIDs", "group-ids", "missing", noGroups, "a client that misspells groupIDs gets an account without permissions"},

		{"/metadata", "metadata", "null", mutant.Always(map[string]any{"name": "unnamed"}), "an unset variable of the client becomes an account"},
		{"/metadata/name", "metadata-name", "null", mutant.AsText, "an account that is named null"},
		{"/metadata/tags/*", "tag", "null", mutant.Always(mutant.Gone()), "a tag that was to be set is not there"},
		{"/metadata/tags/*/value", "tag-value", "null", mutant.Always(""), "a value that was never read is stored as an empty one"},
		{"/spec", "spec", "null", mutant.Always(map[string]any{"groupIDs": []any{}}), "an account without the permissions that were meant"},
		{"/spec/groupIDs", "group-ids", "null", noGroups, "a list of groups that could not be read is taken for an empty one"},
		{"/spec/groupIDs/*", "group-id", "null", mutant.Always(mutant.Gone()), "an account that lacks a group, and no word about it"},

		{"/metadata", "metadata", "string", func(old any) any { return map[string]any{"name": old} }, "a client library of another version gets accounts that it did not describe"},
		{"/metadata", "metadata", "array", func(old any) any { return old.([]any)[0] }, "a list of one account works, and the second of two is forgotten"},
		{"/metadata/name", "metadata-name", "number", mutant.AsText, "1e3 and 1000 are the same account or two, as the parser pleases"},
		{"/metadata/name", "metadata-name", "boolean", mutant.AsText, "the name no of a YAML file becomes false"},
		{"/metadata/name", "metadata-name", "array", mutant.AsText, "a wrong request passes where the name stands in an array"},
		{"/metadata/description", "description", "number", mutant.AsText, "a description comes back in another type than it was sent in"},
		{"/metadata/description", "description", "object", mutant.AsText, "a structured description is stored as a word that means nothing"},
		{"/metadata/tags", "tags", "object", noGroups, "tags in the map form of other tools are dropped without a word"},
		{"/metadata/tags", "tags", "string", noGroups, "tags in the text form of other tools are dropped without a word"},
		{"/metadata/tags/*", "tag", "string", func(old any) any { return map[string]any{"name": old, "value": ""} }, "labels and tags are mixed up"},
		{"/metadata/tags/*/name", "tag-name", "number", mutant.AsText, "a tag cannot be found under what it was set as"},
		{"/metadata/tags/*/value", "tag-value", "boolean", mutant.AsText, "true and \"true\" cannot be told apart any more"},
		{"/metadata/tags/*/value", "tag-value", "array", mutant.AsText, "of several values the first is kept, without a word"},
		{"/spec", "spec", "array", empty, "the permissions in it are dropped without a word"},
		{"/spec", "spec", "boolean", empty, "the permissions that were meant are not there"},
		{"/spec/groupIDs", "group-ids", "string", noGroups, "one group that is not in an array is dropped, and the account may do nothing"},
		{"/spec/groupIDs", "group-ids", "object", noGroups, "groups in the form of another tool are dropped without a word"},
		{"/spec/groupIDs/*", "group-id", "number", mutant.Always(mutant.Gone()), "numeric ids of a former version are dropped without a word"},
		{"/spec/groupIDs/*", "group-id", "object", mutant.Always(mutant.Gone()), "groups that are given as objects are dropped without a word"},
	} {
		breaks, article := "create.rejects.wrong-types", "a"
		switch hole.kind {
		case "missing":
			breaks, article = "create.rejects.missing-members", ""
		case "null":
			breaks, article = "create.rejects.null-members", ""
		case "array", "object":
			article = "an"
		}
		layer := mutant.ChangingMember(hole.pointer, hole.kind, hole.change, mutant.Create)
		if hole.pointer == "/spec" && (hole.kind == "array" || hole.kind == "boolean") {
			layer = mutant.Chain(layer, mutant.ChangingMember("/spec/groupIDs", "missing", noGroups, mutant.Create))
		}
		d := mutant.Defective("accepts-"+hole.kind+"-"+hole.where, "accepts a create with "+article+" "+hole.kind+" in the place of "+hole.pointer, hole.effect,
			layer, breaks)
		switch hole.kind {
		case "missing":
			d.Description = "accepts a create without " + hole.pointer
		case "null":
			d.Description = "accepts a create with null in the place of " + hole.pointer
		}
		all = append(all, d)
	}
	return mutant.InFamily(family, append(all, mutant.Defective("accepts-arrays-of-strings", "validates strings, and unwraps arrays without looking into them", "a name that would be refused passes in an array, and with it whatever the name guards against",
		mutant.Chain(mutant.ChangingMember("/metadata/name", "array", named, mutant.Create), mutant.ChangingMember("/metadata/description", "array", mutant.AsText, mutant.Create),
			mutant.ChangingMember("/metadata/tags/*/name", "array", mutant.AsText, mutant.Create), mutant.ChangingMember("/metadata/tags/*/value", "array", mutant.AsText, mutant.Create)), "create.rejects.wrong-types"))...)
}
