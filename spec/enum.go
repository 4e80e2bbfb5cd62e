package spec

import "github.com/getkin/kin-openapi/openapi3"

// Enum lists the texts that components/schemas/NAME allows, or the member of it that is named; nil if it allows any. Parts of
// an allOf count.
func (c *Contract) Enum(schema, member string) []string {
	components := c.get().document.Components
	if components == nil {
		return nil
	}
	ref := components.Schemas[schema]
	if member != "" {
		ref = property(ref, member)
	}
	if ref == nil {
		return nil
	}
	return enumOf(ref.Value, maxReferences)
}

func enumOf(schema *openapi3.Schema, depth int) (texts []string) {
	if schema == nil || depth == 0 {
		return nil
	}
	for _, value := range schema.Enum {
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	for _, part := range schema.AllOf {
		if len(texts) == 0 {
			texts = enumOf(part.Value, depth-1)
		}
	}
	return texts
}
