package drift

import (
	"slices"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/spec"
)

// changed is the contract with some texts replaced.
func changed(t *testing.T, pairs ...string) []byte {
	t.Helper()
	text := string(spec.ContractFile())
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the contract does not hold %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return []byte(text)
}

func compared(t *testing.T, document []byte) *Drift {
	t.Helper()
	c, err := spec.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	d, err := Compare(document, c.All())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What does not concern the five operations is no difference.
func TestAgreement(t *testing.T) {
	for name, document := range map[string][]byte{
		"the contract itself": spec.ContractFile(),
		"another version":     changed(t, "version: 1.13.0", "version: 2.0.0"),
		"another operation":   changed(t, "paths:\n", "paths:\n  /api/v1/regions:\n    get:\n      responses:\n        '200': {description: regions}\n"),
	} {
		if d := compared(t, document); !d.Agrees || len(d.Differences) != 0 {
			t.Errorf("%s: %+v", name, d.Differences)
		}
	}
}

// The two versions of the core library that are known differ in an enumeration. Requirements that rest on it are named.
func TestDifferences(t *testing.T) {
	d := compared(t, changed(t, "enum: [unknown, healthy, degraded, error]", "enum: [unknown, healthy, degraded, error, superb]",
		"required: [expiry]", "required: []", "version: 1.13.0", "version: 1.14.0"))
	if d.Agrees || d.Ours != "1.13.0" || d.Theirs != "1.14.0" {
		t.Errorf("%+v", d)
	}
	for _, want := range []struct{ operation, text, id string }{
		{"POST /api/v1/organizations/{organizationID}/serviceaccounts", "superb", "create.metadata.health-status"},
		{"POST /api/v1/organizations/{organizationID}/serviceaccounts", "`status/expiry` became optional", "create.expiry.rfc3339"},
	} {
		i := slices.IndexFunc(d.Differences, func(x Difference) bool { return x.Operation == want.operation && strings.Contains(x.Text, want.text) })
		if i < 0 || !d.Differences[i].Breaking || !slices.Contains(d.Differences[i].Requirements, want.id) {
			t.Errorf("%v is not found: %+v", want, d.Differences)
		}
	}
}

// A status that is no longer declared touches the requirements that cite it.
func TestResponseIsGone(t *testing.T) {
	d := compared(t, changed(t, "        '403':", "        '418':"))
	if d.Agrees || !slices.ContainsFunc(d.Differences, func(x Difference) bool { return strings.Contains(x.Text, "403") }) {
		t.Errorf("%+v", d.Differences)
	}
}

func TestDocumentsThatCannotBeCompared(t *testing.T) {
	for text, want := range map[string]string{
		"":               "no OpenAPI document",
		"[1]":            "no OpenAPI document",
		"openapi: 3.0.3": "no OpenAPI document",
		"openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {/x: {}}\n":                                  "none of the paths",
		"openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {/x: {$ref: 'file:///etc/passwd#/x'}}\n":     "no OpenAPI document",
		"openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {/x: {$ref: 'http://127.0.0.1:1/x.yaml'}}\n": "no OpenAPI document",
	} {
		if _, err := Compare([]byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
