package spec

import (
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// The keywords of findings about JSON that its grammar allows, and that readers may resolve in different ways.
const (
	keywordSurrogate = "surrogate"
	keywordDepth     = "depth"
	keywordDuplicate = "duplicate-name"
)

// KeywordLimit is that of a finding about a body that this suite does not read to its end. It says nothing of the target.
const KeywordLimit = "limit"

// sorted moves findings about JSON that break no rule to the aspect of interoperability: half a surrogate pair and deep
// nesting, which the grammar of RFC 8259 allows, and a duplicate name at a place that the schema does not declare.
func sorted(found []Finding, schema *openapi3.Schema) []Finding {
	for i, f := range found {
		switch {
		case f.Keyword == keywordSurrogate, f.Keyword == keywordDepth,
			f.Keyword == keywordDuplicate && !declares(schema, tokens(f.Pointer)):
			found[i].Aspect = AspectInterop
		}
	}
	return found
}

// declares reports whether a schema names the place that a path leads to.
func declares(schema *openapi3.Schema, path []string) bool {
	if schema == nil {
		return false
	}
	if len(path) == 0 {
		return true
	}
	if property := schema.Properties[path[0]]; property != nil && declares(property.Value, path[1:]) {
		return true
	}
	if _, err := strconv.Atoi(path[0]); err == nil && schema.Items != nil && declares(schema.Items.Value, path[1:]) {
		return true
	}
	return slices.ContainsFunc(schema.AllOf, func(part *openapi3.SchemaRef) bool { return declares(part.Value, path) })
}

// tokens takes a JSON pointer apart.
func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	path := strings.Split(pointer[1:], "/")
	for i := range path {
		path[i] = strings.ReplaceAll(strings.ReplaceAll(path[i], "~1", "/"), "~0", "~")
	}
	return path
}

// schemaOf is the schema of the JSON body that an operation declares for a status; nil if it declares none.
func (o *operation) schemaOf(status int) *openapi3.Schema {
	response := o.response(status)
	if response == nil {
		return nil
	}
	media := response.Content["application/json"]
	if media == nil || media.Schema == nil {
		return nil
	}
	return media.Schema.Value
}
