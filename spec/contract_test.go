package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const collection = "/api/v1/organizations/{organizationID}/serviceaccounts"

func TestLoadContract(t *testing.T) {
	c := contract(t)
	if got := c.Version(); got != "1.13.0" {
		t.Errorf("Version() = %q", got)
	}
	sum := sha256.Sum256(openapiYAML)
	if got, want := c.Digest(), "sha256:"+hex.EncodeToString(sum[:]); got != want {
		t.Errorf("Digest() = %q, want %q", got, want)
	}
}

func TestOperation(t *testing.T) {
	c := contract(t)
	got := map[string]string{}
	for id := range c.parsed.operations {
		method, path, ok := c.Operation(id)
		if !ok {
			t.Errorf("Operation(%q) is not there", id)
		}
		got[id] = method + " " + path
	}
	want := map[string]string{
		"listServiceAccounts":  "GET " + collection,
		"createServiceAccount": "POST " + collection,
		"updateServiceAccount": "PUT " + collection + "/{serviceAccountID}",
		"deleteServiceAccount": "DELETE " + collection + "/{serviceAccountID}",
		"rotateServiceAccount": "POST " + collection + "/{serviceAccountID}/rotate",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if method, path, ok := c.Operation("getServiceAccount"); method != "" || path != "" || ok {
		t.Errorf("Operation(getServiceAccount) = %q, %q, %v", method, path, ok)
	}
}

// What the source declares for a create is unmarked; what was written in is marked.
func TestUndeclaredInSource(t *testing.T) {
	c := contract(t)
	var unmarked []string
	for _, status := range c.parsed.operations["createServiceAccount"].declared {
		if _, marked := c.parsed.operations["createServiceAccount"].input.Route.Operation.Responses.Value(status).
			Value.Extensions["x-undeclared-in-source"]; !marked {
			unmarked = append(unmarked, status)
		}
	}
	if diff := cmp.Diff([]string{"201", "401", "403", "500"}, unmarked); diff != "" {
		t.Error(diff)
	}
}

func TestSchemas(t *testing.T) {
	want := []string{
		"error", "groupIDs", "kubernetesLabelValue", "organizationScopedResourceReadMetadata", "resourceHealthStatus",
		"resourceHealthStatusDetail", "resourceMetadata", "resourceProvisioningStatus",
		"resourceProvisioningStatusDetail", "resourceReadMetadata", "resourceWriteMetadata", "serviceAccountCreate",
		"serviceAccountRead", "serviceAccountSpec", "serviceAccountStatus", "serviceAccountWrite", "serviceAccounts",
		"staticResourceMetadata", "tag", "tagList",
	}
	got := slices.Sorted(maps.Keys(contract(t).parsed.document.Components.Schemas))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseContractRefuses(t *testing.T) {
	head := "openapi: 3.0.3\ninfo: {title: a, version: '1'}\n"
	tests := map[string]struct{ document, want string }{
		"nothing":          {"", "not one mapping"},
		"a list":           {"[]", "not one mapping"},
		"broken YAML":      {"a: [", "parsing the document"},
		"a wrong type":     {"openapi: {}", "loading the document"},
		"no paths":         {head, "validating the document"},
		"a lost reference": {head + "paths: {/a: {get: {responses: {'200': {$ref: '#/nowhere'}}}}}", "loading the document"},
		"another file":     {head + "paths: {/a: {$ref: 'other.yaml#/a'}}", "loading the document"},
		"a wrong example": {
			head + "paths: {}\ncomponents: {schemas: {a: {type: string, example: 1}}}", "validating the document",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseContract([]byte(test.document))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("ParseContract() = %v, want an error about %q", err, test.want)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	c := contract(t)
	post := "/paths/~1api~1v1~1organizations~1{organizationID}~1serviceaccounts/post"
	tests := map[string]any{
		post + "/operationId":                              "createServiceAccount",
		"#" + post + "/tags/0":                             "Service accounts",
		"openapi.yaml#/info/version":                       "1.13.0",
		"/components/schemas/serviceAccountWrite/required": []any{"metadata", "spec"},
		post + "/responses/201":                            map[string]any{"$ref": "#/components/responses/serviceAccountCreatedResponse"},
		post + "/responses/400/x-undeclared-in-source":     true,
		post + "/responses/201/content/application~1json/schema/properties/spec/properties/groupIDs/type": "array",
	}
	for pointer, want := range tests {
		got, ok := c.Resolve(pointer)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("Resolve(%q): %v %s", pointer, ok, diff)
		}
	}
	for _, pointer := range []string{
		"/nowhere", "nowhere", "#nowhere", "/paths/", post + "/tags/1", post + "/tags/-1", post + "/tags/00",
		post + "/tags/x", post + "/operationId/deeper", post + "/responses/201/nowhere",
	} {
		if got, ok := c.Resolve(pointer); ok {
			t.Errorf("Resolve(%q) = %v", pointer, got)
		}
		if c.Line(pointer) != 0 || c.Words(pointer) != "" {
			t.Errorf("%q has a line or words", pointer)
		}
	}
	if root, ok := c.Resolve(""); !ok || root.(map[string]any)["openapi"] != "3.0.3" {
		t.Errorf("Resolve of the whole = %v", ok)
	}
}

func TestLine(t *testing.T) {
	c := contract(t)
	lines := strings.Split(string(openapiYAML), "\n")
	for pointer, want := range map[string]string{
		"/info/title": `title: "Identity API: service accounts"`,
		"/components/schemas/serviceAccountStatus/required": "required: [expiry]",
	} {
		if got := c.Line(pointer); got < 1 || strings.TrimSpace(lines[got-1]) != want {
			t.Errorf("Line(%q) = %d, want the line of %q", pointer, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	c := contract(t)
	post := "/paths/~1api~1v1~1organizations~1{organizationID}~1serviceaccounts/post"
	tests := map[string]string{
		"/components/schemas/serviceAccountStatus/properties/expiry": "When the access token stops working by itself.",
		post + "/responses/201":                             "The service account was created. Its access token is in this answer and in no other.",
		"/components/examples/serviceAccountWrite":          "The request of the API page.",
		"/components/schemas/serviceAccountStatus/required": "[expiry]",
		"/info/version":                                     "1.13.0",
	}
	for pointer, want := range tests {
		if diff := cmp.Diff(want, c.Words(pointer)); diff != "" {
			t.Errorf("Words(%q): %s", pointer, diff)
		}
	}
	whole := strings.Split(c.Words("/components/schemas"), "\n")
	if len(whole) != maxWords || whole[maxWords-1] != "…" {
		t.Errorf("Words of a long node has %d lines", len(whole))
	}
	if strings.ContainsAny(c.Words(post), "\n") {
		t.Error("a description spans lines")
	}
}

func TestReferences(t *testing.T) {
	c, err := ParseContract([]byte(`
openapi: 3.0.3
info: {title: a, version: "1"}
paths: {}
x-anchor: &anchor {name: anchored}
x-alias: *anchor
x-one: {$ref: '#/x-two'}
x-two: {$ref: '#/x-three'}
x-three: {name: three, description: The third.}
x-circle: {$ref: '#/x-circle'}
x-spiral: {$ref: '#/x-spiral/deeper'}
x-lost: {$ref: '#/nowhere'}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Words("/x-one"); got != "The third." {
		t.Errorf("Words(/x-one) = %q", got)
	}
	for pointer, want := range map[string]any{
		"/x-one/name": "three", "/x-alias/name": "anchored",
		"/x-circle/name": nil, "/x-spiral/name": nil, "/x-lost/name": nil,
	} {
		if got, ok := c.Resolve(pointer); got != want || ok != (want != nil) {
			t.Errorf("Resolve(%q) = %v, %v", pointer, got, ok)
		}
	}
	for _, pointer := range []string{"/x-circle", "/x-spiral", "/x-lost"} {
		if got := c.Words(pointer); got != "" {
			t.Errorf("Words(%q) = %q", pointer, got)
		}
	}
}
