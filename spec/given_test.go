package spec

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// another is a document that names everything otherwise: paths, operations, schemas, media types and ranges of statuses.
const another = `
openapi: 3.0.3
info: {title: another, version: "7"}
paths:
  /api/v1/organizations/{org}/serviceaccounts:
    get: {responses: {default: {description: any, content: {application/json: {schema: {$ref: '#/components/schemas/Many'}}}}}}
    post:
      operationId: born
      requestBody: {content: {application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Birth'}}}}
      responses:
        '201':
          description: made
          headers: {X-Wanted: {required: true, schema: {type: string}}}
          content: {application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/One'}}}
        4XX: {description: refused, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
  /pets: {get: {responses: {'200': {description: pets}}}}
components:
  schemas:
    Many: {type: array, items: {$ref: '#/components/schemas/One'}}
    Birth: {type: object, required: [metadata], properties: {metadata: {type: object, required: [name, colour], properties: {name: {type: string}, colour: {type: string}}}}}
    One: {type: object, required: [metadata], properties: {metadata: {type: object, properties: {healthStatus: {allOf: [{$ref: '#/components/schemas/Health'}], description: how it is}}}}}
    Health: {type: string, enum: [superb]}
    Problem: {type: object, required: [problem], properties: {problem: {type: string}}}
`

func givenBy(t *testing.T, text string) *Contract {
	t.Helper()
	c, err := GivenContract(Given{Name: "another.yaml"}, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Schemas are found by where they stand, and not by their names.
func TestGivenContract(t *testing.T) {
	c := givenBy(t, another)
	if c.Version() != "7" || c.Digest() == contract(t).Digest() || contract(t).Given() != nil {
		t.Errorf("%s %s", c.Version(), c.Digest())
	}
	if diff := cmp.Diff([]string{
		"DELETE " + collection + "/{serviceAccountID}", "POST " + collection + "/{serviceAccountID}/rotate", "PUT " + collection + "/{serviceAccountID}",
	}, c.Given().Undeclared); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"superb"}, c.Enum("resourceHealthStatus", "")); diff != "" {
		t.Error(diff)
	}
	if !slices.ContainsFunc(c.Positions("serviceAccountWrite"), func(p Position) bool { return p.Pointer == "/metadata/colour" && p.Required }) {
		t.Errorf("%v", c.Positions("serviceAccountWrite"))
	}
	if words := c.Words("/components/schemas/serviceAccountCreate"); words != contract(t).Words("/components/schemas/serviceAccountCreate") {
		t.Errorf("citations point into another document: %q", words)
	}
	for body, sound := range map[string]bool{`{"problem": "x"}`: true, `{"error": "x", "error_description": "y"}`: false} {
		if found := c.CheckSchema("error", []byte(body)); (len(found) == 0) != sound {
			t.Errorf("%s: %v", body, found)
		}
	}
}

// Responses are compared with what the document declares, and with the contract if it declares nothing.
func TestCheckByGivenContract(t *testing.T) {
	c := givenBy(t, another)
	for _, test := range []struct {
		operation, method string
		status            int
		body              string
		want              string // a part of the first finding; "" for none
	}{
		{"createServiceAccount", "POST", 201, `{"metadata": {"healthStatus": "superb"}}`, ""},
		{"createServiceAccount", "POST", 201, `{"metadata": {"healthStatus": "healthy"}}`, "superb"},
		{"createServiceAccount", "POST", 401, `{"problem": "x"}`, ""},
		{"createServiceAccount", "POST", 409, `{"error": "conflict"}`, "problem"},
		{"createServiceAccount", "POST", 418, `{"problem": "x"}`, ""},
		{"createServiceAccount", "POST", 500, `{"error": "server_error", "error_description": "x"}`, ""},
		{"listServiceAccounts", "GET", 200, `[{"metadata": {}}]`, ""},
		{"listServiceAccounts", "GET", 200, `[{}]`, "metadata"},
		{"updateServiceAccount", "PUT", 200, `{}`, "metadata"},
	} {
		e := &exchange.Exchange{Operation: test.operation, Request: exchange.Request{Method: test.method}, Response: &exchange.Response{
			Status: test.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(test.body),
		}}
		found := c.Check(e)
		if test.want == "" && len(found) > 0 || test.want != "" && (len(found) == 0 || !strings.Contains(found[0].Message+found[0].Pointer, test.want)) {
			t.Errorf("%s %d %s: %+v, want %q", test.operation, test.status, test.body, found, test.want)
		}
	}
}

func TestDocumentsThatCannotBeGiven(t *testing.T) {
	for text, want := range map[string]string{
		"": "no OpenAPI document",
		"openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {/x: {}}\n":                                      "does not declare the create",
		strings.Replace(another, "    post:", "    put:", 1):                                                     "does not declare the create",
		strings.Replace(another, "{type: string, enum: [superb]}", "{type: strange}", 1):                         "a schema is not valid",
		strings.Replace(another, "$ref: '#/components/schemas/Health'", "$ref: 'file:///etc/passwd#/Health'", 1): "no OpenAPI document",
	} {
		if _, err := GivenContract(Given{}, []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
