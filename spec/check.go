package spec

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Check compares a response with what the document declares for the exchange's operation: the status, the media type,
// the JSON text, its schema, and its formats. It finds at most 100 departures, in this order; nil means that there are
// none, or that there is no response. An exchange that names no operation of the document is a finding itself.
//
// The body of an undeclared status is compared with the schema of success (2xx) or of errors (4xx, 5xx). A body that
// nothing is declared for, as of a delete, may be anything.
func (c *Contract) Check(e *exchange.Exchange) []Finding {
	if e == nil || e.Response == nil {
		return nil
	}
	op, ok := c.get().operations[e.Operation]
	if !ok {
		return []Finding{finding(AspectStatus, "", "operation", "an operation of the contract", "a request that names none")}
	}
	var found findings
	status := e.Response.Status
	if op.response(status) == nil {
		found.add(finding(AspectStatus, "", "status", "a declared status: "+strings.Join(op.declared, ", "), fmt.Sprint(status)))
		status = op.substitute(status)
	}
	switch response := op.response(status); {
	case response == nil || len(response.Content) == 0:
		return found.list
	case e.Request.Method == http.MethodHead:
		if len(e.Response.Body) > 0 {
			found.add(finding(AspectJSON, "", "empty", "no body in answer to HEAD", "a body"))
		}
		return found.list
	case e.Response.Truncated:
		found.add(finding(AspectJSON, "", Truncated, "a body within the limit of the run", "a longer one"))
		return found.list
	}
	found.add(c.body(op, status, e.Response)...)
	return found.list
}

// body judges the media type and the body of a response whose operation declares content for the status.
func (c *Contract) body(op *operation, status int, response *exchange.Response) []Finding {
	var found findings
	types := response.Header.Values("Content-Type")
	if len(types) > 0 || len(response.Body) > 0 {
		found.add(mediaType(types)...)
	}
	mislabelled := len(found.list) > 0
	linted, text := lint(response.Body)
	linted = sorted(linted, op.schemaOf(status))
	if mislabelled && len(types) > 0 && len(response.Body) > 0 && text == nil {
		return found.list // it says that it is something else, and it is
	}
	found.add(linted...)
	if text != nil {
		found.add(c.validate(op, status, text)...)
	}
	return found.list
}

// validate compares a readable JSON text with the schema of its status. Of a list it looks at the items that are not known, and
// at the whole of it if one of them is at fault.
func (c *Contract) validate(op *operation, status int, text []byte) []Finding {
	fresh, items := c.good.unknown(itemsOnly(op.schemaOf(status)), text)
	found := c.ask(op, status, fresh)
	if len(found) == 0 {
		c.good.add(items)
		return nil
	}
	if len(fresh) == len(text) {
		return found
	}
	return c.ask(op, status, text)
}

// ask hands a readable JSON text to kin-openapi.
func (c *Contract) ask(op *operation, status int, text []byte) []Finding {
	err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: op.input,
		Status:                 status,
		Header:                 http.Header{"Content-Type": {"application/json"}},
		Body:                   io.NopCloser(bytes.NewReader(text)),
		Options:                c.get().options,
	})
	return leaves(err)
}

// CheckSchema compares a JSON body with components/schemas/NAME of the document, as Check does. A name that the
// document does not have is a finding itself.
func (c *Contract) CheckSchema(schema string, body []byte) []Finding {
	var ref *openapi3.SchemaRef
	if components := c.get().document.Components; components != nil {
		ref = components.Schemas[schema]
	}
	if ref == nil {
		return []Finding{finding(AspectSchema, "", "schema", "a schema of the contract", "a name that it does not have")}
	}
	var found findings
	linted, text := lint(body)
	found.add(sorted(linted, ref.Value)...)
	if text != nil {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			found.add(unreadable())
			return found.list
		}
		found.add(leaves(ref.Value.VisitJSON(value, append(visit(), openapi3.VisitAsResponse())...))...)
	}
	return found.list
}

// substitute is the declared status whose body an undeclared one should have; 0 if there is none.
func (o *operation) substitute(status int) int {
	switch status / 100 {
	case 2:
		return o.success
	case 4, 5:
		return o.failure
	default:
		return 0
	}
}
