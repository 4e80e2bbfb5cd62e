package spec

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	yaml "github.com/oasdiff/yaml3"
)

// Given tells of an OpenAPI document that is judged by in the place of the contract's.
type Given struct {
	// Name is what the operator calls it.
	Name string
	// Differences counts the points in which it differs from the contract; Touched are the ids of the requirements that rest on
	// them. Who gives the document compares it.
	Differences int
	Touched     []string
	// Undeclared lists the operations of the contract that it does not declare ("DELETE /api/v1/…"): the contract judges these.
	Undeclared []string
}

// Given tells of the document that was given; nil for the contract of the suite.
func (c *Contract) Given() *Given { return c.given }

// GivenContract is the contract with the schemas of another OpenAPI 3 document, in YAML or JSON: those of its request bodies and
// responses, for the operations that it declares. A status that only the contract declares stays declared. References to
// other documents are refused. Version and Digest are those of the document; Resolve, Line and Words stay with the contract,
// which citations point into.
func GivenContract(about Given, data []byte) (*Contract, error) {
	ours, err := openapi3.NewLoader().LoadFromData(openapiYAML)
	if err != nil {
		return nil, fmt.Errorf("reading openapi.yaml: %w", err)
	}
	root, err := tree(openapiYAML)
	if err != nil {
		return nil, fmt.Errorf("reading openapi.yaml: %w", err)
	}
	theirs, err := LoadDocument(data)
	if err != nil {
		return nil, err
	}
	g := &about
	if err := g.merge(ours, theirs); err != nil {
		return nil, err
	}
	c := newContract(data)
	close(c.ready)
	c.parsed, c.given = prepare(ours, func() *yaml.Node { return root }), g
	return c, nil
}

// LoadDocument reads an OpenAPI document that stands alone.
func LoadDocument(data []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = false
	loader.ReadFromURIFunc = func(*openapi3.Loader, *url.URL) ([]byte, error) {
		return nil, errors.New("it refers to another document, which is not read")
	}
	d, err := loader.LoadFromData(data)
	switch {
	case err != nil:
		return nil, fmt.Errorf("it is no OpenAPI document: %w", err)
	case d.OpenAPI == "" || d.Paths == nil || d.Info == nil:
		return nil, errors.New("it is no OpenAPI document: it has no version, title or paths")
	}
	return d, nil
}

// PathForm is a path template without the names of its parameters: documents name them as they like.
func PathForm(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// merge puts what theirs declares into ours.
func (g *Given) merge(ours, theirs *openapi3.T) error {
	items := map[string]*openapi3.PathItem{}
	for path, item := range theirs.Paths.Map() {
		items[PathForm(path)] = item
	}
	found := map[string]*openapi3.Operation{}
	for path, item := range ours.Paths.Map() {
		for method, operation := range item.Operations() {
			var other *openapi3.Operation
			if its := items[PathForm(path)]; its != nil {
				other = its.GetOperation(method)
			}
			if other == nil || other.Responses == nil {
				g.Undeclared = append(g.Undeclared, method+" "+path)
				continue
			}
			if err := sound(other); err != nil {
				return fmt.Errorf("%s %s: %w", method, path, err)
			}
			adopt(operation, other)
			found[operation.OperationID] = operation
		}
	}
	slices.Sort(g.Undeclared)
	if found["createServiceAccount"] == nil {
		return errors.New("it does not declare the create, POST /api/v1/organizations/{organizationID}/serviceaccounts")
	}
	rename(ours.Components.Schemas, found)
	ours.Info = theirs.Info
	return nil
}

// sound makes sure that the schemas of an operation can be applied.
func sound(o *openapi3.Operation) error {
	ctx := openapi3.WithValidationOptions(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation())
	var all []*openapi3.SchemaRef
	if o.RequestBody != nil && o.RequestBody.Value != nil {
		all = append(all, schemaOf(o.RequestBody.Value.Content))
	}
	for _, response := range o.Responses.Map() {
		if response.Value != nil {
			all = append(all, schemaOf(response.Value.Content))
		}
	}
	for _, schema := range all {
		if schema == nil {
			continue
		}
		if err := schema.Validate(ctx); err != nil {
			return fmt.Errorf("a schema is not valid: %w", err)
		}
	}
	return nil
}

// adopt takes over the request body and the responses of another document. What a default or a range of it covers is no longer
// declared by the contract. Headers are not schemas of bodies, and left out.
func adopt(operation, other *openapi3.Operation) {
	if other.RequestBody != nil && other.RequestBody.Value != nil && schemaOf(other.RequestBody.Value.Content) != nil {
		operation.RequestBody = other.RequestBody
	}
	theirs := other.Responses.Map()
	for status := range operation.Responses.Map() {
		if theirs[status] == nil && (theirs["default"] != nil || theirs[status[:1]+"XX"] != nil) {
			operation.Responses.Delete(status)
		}
	}
	for status, response := range theirs {
		if response.Value == nil {
			continue
		}
		copied := *response.Value
		copied.Headers = nil
		if schema := schemaOf(copied.Content); schema != nil {
			copied.Content = openapi3.NewContentWithJSONSchemaRef(schema)
		}
		operation.Responses.Set(status, &openapi3.ResponseRef{Value: &copied})
	}
}

// schemaOf is the schema of a JSON body; nil if none is declared. A media type may have parameters.
func schemaOf(content openapi3.Content) *openapi3.SchemaRef {
	media := content.Get("application/json")
	for key, value := range content {
		if name, _, err := mime.ParseMediaType(key); media == nil && err == nil && name == "application/json" {
			media = value
		}
	}
	if media == nil || media.Schema == nil || media.Schema.Value == nil {
		return nil
	}
	return media.Schema
}

// rename puts schemas under the names that the contract has for them, whatever they are called in their document.
func rename(schemas openapi3.Schemas, found map[string]*openapi3.Operation) {
	set := func(name string, schema *openapi3.SchemaRef) {
		if schema != nil && schema.Value != nil {
			schemas[name] = schema
		}
	}
	create := found["createServiceAccount"]
	account := success(create)
	if create.RequestBody != nil && create.RequestBody.Value != nil {
		set("serviceAccountWrite", schemaOf(create.RequestBody.Value.Content))
	}
	set("serviceAccountCreate", account)
	for name, member := range map[string]string{
		"resourceProvisioningStatus": "provisioningStatus", "resourceProvisioningStatusDetail": "provisioningStatusDetail",
		"resourceHealthStatus": "healthStatus", "resourceHealthStatusDetail": "healthStatusDetail",
	} {
		set(name, property(property(account, "metadata"), member))
	}
	if update := success(found["updateServiceAccount"]); update != nil {
		set("serviceAccountRead", update)
	}
	if list := success(found["listServiceAccounts"]); list != nil {
		set("serviceAccounts", list)
		set("serviceAccountRead", list.Value.Items)
	}
	for _, status := range []string{"401", "403", "400", "404", "4XX", "default", "500"} {
		if response := create.Responses.Value(status); response != nil && response.Value != nil && schemaOf(response.Value.Content) != nil {
			set("error", schemaOf(response.Value.Content))
			return
		}
	}
}

// success is the schema of the first response of success; nil for none.
func success(o *openapi3.Operation) *openapi3.SchemaRef {
	if o == nil {
		return nil
	}
	for _, status := range []string{"201", "200", "2XX", "default"} {
		if response := o.Responses.Value(status); response != nil && response.Value != nil {
			return schemaOf(response.Value.Content)
		}
	}
	return nil
}

// property finds the schema of a member, also in a part of an allOf; nil for none.
func property(ref *openapi3.SchemaRef, name string) *openapi3.SchemaRef {
	if ref == nil {
		return nil
	}
	members := map[string]*openapi3.SchemaRef{}
	collect(ref.Value, members, map[string]bool{}, maxReferences)
	return members[name]
}
