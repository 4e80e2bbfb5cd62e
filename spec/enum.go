package spec

// Enum lists the texts that components/schemas/NAME allows, or the member of it that is named; nil where it allows any.
func (c *Contract) Enum(schema, member string) []string {
	components := c.get().document.Components
	if components == nil {
		return nil
	}
	ref := components.Schemas[schema]
	if ref != nil && ref.Value != nil && member != "" {
		ref = ref.Value.Properties[member]
	}
	if ref == nil || ref.Value == nil {
		return nil
	}
	var texts []string
	for _, value := range ref.Value.Enum {
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
