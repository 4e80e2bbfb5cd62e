package explore

import (
	"encoding/json"
	"maps"
	"strings"
)

// givenToken is what bodies give for a token.
const givenToken = "a-token-of-our-own-making"

// additions are lawful bodies that say more than a client may write, which a target ignores.
var additions = map[string]breaking{
	"unknown members": func(document map[string]any) ([]byte, error) {
		document["extra"] = map[string]any{"a": []any{1, nil}, "$x": 1, "a.b": 2, "": 3, "__proto__": map[string]any{"x": 1}}
		document["@type"], document["@class"], document["$type"], document["$ref"] = "java.lang.Object", "java.lang.Object", "System.Object", "#/x"
		part(document, "metadata")["labels"] = map[string]any{"x": "y"}
		part(document, "spec")["role"], part(document, "spec")["quota"] = "administrator", nil
		if items, _ := part(document, "metadata")["tags"].([]any); len(items) > 0 {
			if first, ok := items[0].(map[string]any); ok {
				first["color"] = "red"
			}
		}
		return json.Marshal(document)
	},
	// What a parser may have a limit for (RFC 8259 section 9), so that the request may be refused.
	"members at the limits": func(document map[string]any) ([]byte, error) {
		document[strings.Repeat("k", 300)] = json.RawMessage(`1e400`)
		document["deep"] = json.RawMessage(strings.Repeat("[", 95) + strings.Repeat("]", 95))
		return json.Marshal(document)
	},
	"read-only members": func(document map[string]any) ([]byte, error) {
		const moment = "2001-02-03T04:05:06Z"
		for name, value := range map[string]string{
			"id": Nowhere, "organizationId": Nowhere, "creationTime": moment, "createdBy": "nobody@example.invalid", "modifiedTime": moment,
			"modifiedBy": "nobody@example.invalid", "deletionTime": moment,
		} {
			part(document, "metadata")[name] = value
		}
		document["status"] = map[string]any{"expiry": "2101-02-03T04:05:06Z", "accessToken": givenToken}
		return json.Marshal(document)
	},
}

// Bodies are the ways to break the body of a create or an update, by name. Each violates the schema serviceAccountWrite, or is
// no JSON text that any parser could repair.
var Bodies = bodies()

type breaking = func(document map[string]any) ([]byte, error)

// whole is a body that has nothing of the document.
func whole(text string) breaking {
	return func(map[string]any) ([]byte, error) { return []byte(text), nil }
}

func bodies() map[string]breaking {
	all := map[string]breaking{
		"empty":     whole(""),
		"root null": whole("null"),
		"root text": whole(`"account"`),
		"root array": func(document map[string]any) ([]byte, error) {
			return json.Marshal([]any{document})
		},
		"tag value missing":   tags(func(t map[string]any) { delete(t, "value") }),
		"tag name missing":    tags(func(t map[string]any) { delete(t, "name") }),
		"tag value number":    tags(func(t map[string]any) { t["value"] = 7 }),
		"tag value null":      tags(func(t map[string]any) { t["value"] = nil }),
		"tag name number":     tags(func(t map[string]any) { t["name"] = 7 }),
		"tag text":            setting("metadata", "tags", []any{"owner"}),
		"tag null":            setting("metadata", "tags", []any{nil}),
		"tags null":           setting("metadata", "tags", nil),
		"tags object":         setting("metadata", "tags", map[string]any{"owner": "me"}),
		"tags text":           setting("metadata", "tags", "owner=me"),
		"description null":    setting("metadata", "description", nil),
		"description number":  setting("metadata", "description", 7),
		"description object":  setting("metadata", "description", map[string]any{"text": "x"}),
		"description array":   setting("metadata", "description", []any{"x"}),
		"description bool":    setting("metadata", "description", true),
		"name missing":        without("metadata", "name"),
		"name null":           setting("metadata", "name", nil),
		"name number":         setting("metadata", "name", 7),
		"name bool":           setting("metadata", "name", true),
		"name array":          setting("metadata", "name", []any{"name"}),
		"name empty":          setting("metadata", "name", ""),
		"groups missing":      without("spec", "groupIDs"),
		"groups null":         setting("spec", "groupIDs", nil),
		"groups text":         setting("spec", "groupIDs", Nowhere),
		"groups object":       setting("spec", "groupIDs", map[string]any{}),
		"group number":        groupAs(7),
		"group null":          groupAs(nil),
		"group object":        groupAs(map[string]any{"id": Nowhere}),
		"metadata missing":    rootless("metadata"),
		"metadata null":       root("metadata", nil),
		"metadata array":      root("metadata", []any{}),
		"metadata text":       root("metadata", "name"),
		"spec missing":        rootless("spec"),
		"spec null":           root("spec", nil),
		"spec array":          root("spec", []any{}),
		"name long":           naming(func(name string) string { return name + strings.Repeat("x", 64-min(len(name), 63)) }),
		"name ends in dash":   naming(func(name string) string { return name[:min(len(name), 60)] + "-" }),
		"name begins in dash": naming(func(name string) string { return "-" + name[:min(len(name), 62)] }),
		"name begins in low":  naming(func(name string) string { return "_" + name[:min(len(name), 62)] }),
		"name ends in low":    naming(func(name string) string { return name[:min(len(name), 62)] + "_" }),
		"name begins in dot":  naming(func(name string) string { return "." + name[:min(len(name), 62)] }),
		"name ends in dot":    naming(func(name string) string { return name[:min(len(name), 62)] + "." }),
		"name with blank":     naming(func(name string) string { return name[:min(len(name), 60)] + " x" }),
		"name with line end":  naming(func(name string) string { return name[:min(len(name), 60)] + "\n" }),
		"name with slash":     naming(func(name string) string { return name[:min(len(name), 60)] + "/x" }),
		"name with accent":    naming(func(name string) string { return name[:min(len(name), 60)] + "é" }),
		"name with colon":     naming(func(name string) string { return name[:min(len(name), 60)] + ":x" }),
	}
	maps.Copy(all, wrongTypes())
	return all
}

func part(document map[string]any, name string) map[string]any {
	object, _ := document[name].(map[string]any)
	return object
}

func setting(in, member string, value any) breaking {
	return func(document map[string]any) ([]byte, error) {
		part(document, in)[member] = value
		return json.Marshal(document)
	}
}

// groupAs puts a value into the place of the first group.
func groupAs(value any) breaking {
	return func(document map[string]any) ([]byte, error) {
		groups, _ := part(document, "spec")["groupIDs"].([]any)
		part(document, "spec")["groupIDs"] = append([]any{value}, groups[min(len(groups), 1):]...)
		return json.Marshal(document)
	}
}

func without(in, member string) breaking {
	return func(document map[string]any) ([]byte, error) {
		delete(part(document, in), member)
		return json.Marshal(document)
	}
}

func root(member string, value any) breaking {
	return func(document map[string]any) ([]byte, error) {
		document[member] = value
		return json.Marshal(document)
	}
}

func rootless(member string) breaking {
	return func(document map[string]any) ([]byte, error) {
		delete(document, member)
		return json.Marshal(document)
	}
}

func naming(change func(string) string) breaking {
	return func(document map[string]any) ([]byte, error) {
		name, _ := part(document, "metadata")["name"].(string)
		part(document, "metadata")["name"] = change(name)
		return json.Marshal(document)
	}
}

func tags(change func(map[string]any)) breaking {
	return func(document map[string]any) ([]byte, error) {
		tag := map[string]any{"name": "owner", "value": "me"}
		change(tag)
		part(document, "metadata")["tags"] = []any{map[string]any{"name": "good", "value": "one"}, tag}
		return json.Marshal(document)
	}
}
