package spec

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Position is a place in the instances of a schema for which the schema fixes a JSON type.
type Position struct {
	// Pointer is a JSON pointer (RFC 6901); "/0" stands for any item of an array.
	Pointer string
	// Type is the JSON type: "object", "array", "string", "number", "integer" or "boolean".
	Type string
	// Required is set for a member that its object must have.
	Required bool
	// Item is set for an item of an array.
	Item bool
}

// Positions lists every place below the root of components/schemas/NAME, parents before their children and members in
// the order of their names; nil for a schema that the document does not have. References and allOf are followed.
func (c *Contract) Positions(schema string) []Position {
	components := c.get().document.Components
	if components == nil || components.Schemas[schema] == nil {
		return nil
	}
	var found []Position
	descend(components.Schemas[schema].Value, "", maxReferences, &found)
	return found
}

// descend adds the places below a schema; a schema that holds itself ends with the depth.
func descend(schema *openapi3.Schema, at string, depth int, found *[]Position) {
	if schema == nil || depth == 0 {
		return
	}
	enter := func(ref *openapi3.SchemaRef, p Position) {
		if ref == nil || ref.Value == nil {
			return
		}
		if p.Type = typeOf(ref.Value); p.Type != "" {
			*found = append(*found, p)
		}
		descend(ref.Value, p.Pointer, depth-1, found)
	}
	members, required := map[string]*openapi3.SchemaRef{}, map[string]bool{}
	collect(schema, members, required, depth)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		escaped := strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
		enter(members[name], Position{Pointer: at + "/" + escaped, Required: required[name]})
	}
	enter(schema.Items, Position{Pointer: at + "/0", Item: true})
}

// collect gathers the members of an object, those of allOf included.
func collect(schema *openapi3.Schema, members map[string]*openapi3.SchemaRef, required map[string]bool, depth int) {
	if schema == nil || depth == 0 {
		return
	}
	maps.Copy(members, schema.Properties)
	for _, name := range schema.Required {
		required[name] = true
	}
	for _, part := range schema.AllOf {
		collect(part.Value, members, required, depth-1)
	}
}

// typeOf is the one type that a schema fixes, itself or in a part of its allOf; "" if there is none.
func typeOf(schema *openapi3.Schema) string {
	if types := schema.Type.Slice(); len(types) == 1 {
		return types[0]
	}
	for _, part := range schema.AllOf {
		if part.Value != nil {
			if name := typeOf(part.Value); name != "" {
				return name
			}
		}
	}
	return ""
}
