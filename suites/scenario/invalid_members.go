package scenario

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// WriteSchema is the schema of a create's body, whose positions the families of broken bodies go through.
const WriteSchema = "serviceAccountWrite"

// MissingMembers leaves out each required member in turn.
func MissingMembers(c *spec.Contract) []WrongCreate {
	var attempts []WrongCreate
	for _, p := range c.Positions(WriteSchema) {
		if p.Required {
			attempts = append(attempts, Bent("missing "+dotted(p), p, func(any, string) any { return left{} }))
		}
	}
	return attempts
}

// NullMembers puts null into the place of each required member and each item in turn. Optional members are left alone:
// parsers that take null for absence are common, and nobody is misled by it.
func NullMembers(c *spec.Contract) []WrongCreate {
	var attempts []WrongCreate
	for _, p := range c.Positions(WriteSchema) {
		if p.Required || p.Item {
			attempts = append(attempts, Bent("null "+dotted(p), p, func(any, string) any { return nil }))
		}
	}
	return attempts
}

// WrongTypes puts a value of every JSON type but the right one and null into each position in turn. The values are those
// that a lenient parser would turn into a right one: an array of it, a string, a number that can be written as a string.
func WrongTypes(c *spec.Contract) []WrongCreate {
	var attempts []WrongCreate
	for _, p := range c.Positions(WriteSchema) {
		for _, kind := range []string{"object", "array", "string", "number", "boolean"} {
			if kind == p.Type || kind == "number" && slices.Contains([]string{"integer", "object"}, p.Type) { // a boolean is no object either
				continue
			}
			attempts = append(attempts, Bent("wrong-type "+dotted(p)+" "+kind, p, func(right any, label string) any {
				values := map[string]any{"object": map[string]any{}, "array": []any{right}, "string": label, "number": 7, "boolean": true}
				switch p.Pointer {
				case "/spec": // some languages write an empty object so
					values["array"], values["string"] = []any{}, ""
				case "/metadata/tags":
					values["object"] = map[string]any{"name": "purpose", "value": "conformance"}
				case "/spec/groupIDs/0":
					values["object"] = map[string]any{"id": label}
				}
				return values[kind]
			}))
		}
	}
	return attempts
}

// left stands for a member that is left out.
type left struct{}

// Bent is an attempt with a good body in which another value stands at a position.
func Bent(step string, p spec.Position, value func(right any, label string) any) WrongCreate {
	kind, _, _ := strings.Cut(step, " ")
	return WrongCreate{Step: step, label: MalformedLabel + kind, Bent: func(label string, groups []string) []byte {
		document := goodBody(label, groups)
		right, ok := exchange.Lookup(document, p.Pointer)
		if !ok {
			right = label
		}
		document = put(document, strings.Split(p.Pointer, "/")[1:], value(right, label))
		text, _ := json.Marshal(document) // maps, slices and strings always marshal
		return text
	}}
}

// goodBody is a good body with content of many kinds, in which a position can be bent: what is repaired may be so for some content
// alone. Its name and its description both hold the label, so that an account is known by one of them where the other is what is
// wrong.
func goodBody(label string, groups []string) any {
	tag := func(name, value string) any { return map[string]any{"name": name, "value": value} }
	metadata := map[string]any{
		"name": label, "description": label + " <b>é</b> & \"more\"\nin two lines",
		"tags": []any{tag("purpose", "conformance"), tag("owner", "nobody in particular")},
	}
	ids := []any{}
	for _, id := range groups {
		ids = append(ids, id)
	}
	return map[string]any{"metadata": metadata, "spec": map[string]any{"groupIDs": ids}}
}

// put sets the value at a path, making what is missing on the way, and returns the changed node.
func put(node any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if path[0] == "0" {
		items, _ := node.([]any)
		if len(items) == 0 {
			items = []any{nil}
		}
		items[0] = put(items[0], path[1:], value)
		return items
	}
	members, _ := node.(map[string]any)
	if members == nil {
		members = map[string]any{}
	}
	if members[path[0]] = put(members[path[0]], path[1:], value); members[path[0]] == (left{}) {
		delete(members, path[0])
	}
	return members
}

// dotted writes a position as people do: metadata.tags[0].name.
func dotted(p spec.Position) string {
	return strings.ReplaceAll(strings.ReplaceAll(p.Pointer[1:], "/0", "[0]"), "/", ".")
}
