// Package spec reads the contract (openapi.yaml), the catalogue of requirements and the released requirement sets, and
// validates responses against the contract; only it uses kin-openapi. It sends nothing, reads no clock and decides no verdict.
package spec

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	yaml "github.com/oasdiff/yaml3"
)

// Contract is an OpenAPI document. It does not change and is safe for concurrent use.
type Contract struct {
	digest string
	ready  chan struct{} // closed when what follows is there
	parsed *parsed
	fault  error
	given  *Given // nil for the contract of the suite
	good   *goodItems
}

// parsed is a document, ready for judging.
type parsed struct {
	document   *openapi3.T
	root       func() *yaml.Node // read when it is asked for first
	operations map[string]*operation
	options    *openapi3filter.Options
}

// operation is one operation of the document, ready for judging its responses.
type operation struct {
	input *openapi3filter.RequestValidationInput
	// success and failure are the statuses whose bodies stand in for those of undeclared statuses; 0 for none.
	success, failure int
	// declared are the keys of its responses, in ascending order.
	declared []string
}

// LoadContract parses the embedded openapi.yaml and validates it, its examples included.
func LoadContract() (*Contract, error) {
	c, err := ParseContract(openapiYAML)
	if err != nil {
		return nil, fmt.Errorf("reading openapi.yaml: %w", err)
	}
	return c, nil
}

// BeginContract reads the embedded contract in the background, so that requests can be sent before there is anything to
// judge. It does not validate the document, which LoadContract does. The methods wait for it, and panic if it cannot be
// read.
func BeginContract() *Contract {
	c := newContract(openapiYAML)
	go func() {
		defer close(c.ready)
		document, err := openapi3.NewLoader().LoadFromData(openapiYAML)
		if err != nil {
			c.fault = fmt.Errorf("reading openapi.yaml: %w", err)
			return
		}
		c.parsed = prepare(document, sync.OnceValue(func() *yaml.Node {
			root, err := tree(openapiYAML)
			if err != nil {
				panic(fmt.Errorf("reading openapi.yaml: %w", err))
			}
			return root
		}))
	}()
	return c
}

// ParseContract parses an OpenAPI 3.0 document in YAML or JSON and validates it, its examples included. References
// to other documents are refused.
func ParseContract(data []byte) (*Contract, error) {
	c := newContract(data)
	close(c.ready)
	if c.parsed, c.fault = parse(data); c.fault != nil {
		return nil, c.fault
	}
	return c, nil
}

func newContract(data []byte) *Contract {
	sum := sha256.Sum256(data)
	return &Contract{digest: "sha256:" + hex.EncodeToString(sum[:]), ready: make(chan struct{}), good: newGoodItems()}
}

// get waits for the document.
func (c *Contract) get() *parsed {
	<-c.ready
	if c.fault != nil {
		panic(c.fault)
	}
	return c.parsed
}

func parse(data []byte) (*parsed, error) {
	root, err := tree(data)
	if err != nil {
		return nil, err
	}
	document, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("loading the document: %w", err)
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("validating the document: %w", err)
	}
	return prepare(document, func() *yaml.Node { return root }), nil
}

// tree is the document as it is written, for what points into it.
func tree(data []byte) (*yaml.Node, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("parsing the document: %w", err)
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("parsing the document: it is not one mapping")
	}
	return root.Content[0], nil
}

func prepare(document *openapi3.T, root func() *yaml.Node) *parsed {
	p := &parsed{document: document, root: root, options: &openapi3filter.Options{
		MultiError:              true,
		IncludeResponseStatus:   true,
		SchemaValidationOptions: visit(),
	}}
	p.operations = index(document, p.options)
	return p
}

// Version is info.version of the document.
func (c *Contract) Version() string { return c.get().document.Info.Version }

// Digest is "sha256:" and the hexadecimal SHA-256 of the document's bytes.
func (c *Contract) Digest() string { return c.digest }

// ContractFile is the embedded openapi.yaml, byte by byte.
func ContractFile() []byte { return slices.Clone(openapiYAML) }

// CatalogueFile is requirements.yaml.
func CatalogueFile() []byte { return slices.Clone(requirementsYAML) }

// Operation finds an operation by its operationId. The path is a template, as the document writes it.
func (c *Contract) Operation(id string) (method, path string, ok bool) {
	op, ok := c.get().operations[id]
	if !ok {
		return "", "", false
	}
	return op.input.Route.Method, op.input.Route.Path, true
}

// visit is how schemas are applied: every error, our formats, and no values in messages.
func visit() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.MultiErrors(),
		openapi3.DisableSchemaErrorDetails(),
		openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
			"date-time": format(func(s string) error { _, err := ParseDateTime(s); return err }),
			"uuid":      format(CheckUUID),
		}),
	}
}

// index builds the route of every operation by hand: finding it by URL fails behind a path prefix.
func index(document *openapi3.T, options *openapi3filter.Options) map[string]*operation {
	operations := map[string]*operation{}
	for path, item := range document.Paths.Map() {
		for method, declared := range item.Operations() {
			op := &operation{input: &openapi3filter.RequestValidationInput{
				Request: &http.Request{Method: method},
				Options: options,
				Route: &routers.Route{
					Spec: document, Path: path, PathItem: item, Method: method, Operation: declared,
				},
			}}
			op.declared = slices.Sorted(maps.Keys(declared.Responses.Map()))
			op.success = op.first(func(status int) bool { return status/100 == 2 })
			op.failure = op.first(func(status int) bool {
				return status >= 400 && len(op.response(status).Content) > 0
			})
			operations[declared.OperationID] = op
		}
	}
	return operations
}

// first is the lowest declared status that fits; 0 if none does.
func (o *operation) first(fits func(int) bool) int {
	for _, key := range o.declared {
		if status, err := strconv.Atoi(key); err == nil && fits(status) {
			return status
		}
	}
	return 0
}

// response is what the document declares for a status; nil if it declares nothing.
func (o *operation) response(status int) *openapi3.Response {
	responses := o.input.Route.Operation.Responses
	ref := responses.Status(status)
	if ref == nil {
		ref = responses.Default()
	}
	if ref == nil {
		return nil
	}
	return ref.Value
}

// format makes a validator of strings out of a function.
type format func(string) error

// Validate is the method by which kin-openapi calls it.
func (f format) Validate(value string) error { return f(value) }
