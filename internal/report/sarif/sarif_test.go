package sarif_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/internal/report/sarif"
	"github.com/sa-conformance/conformance/spec"
)

// sarifSchema is the schema that OASIS publishes with SARIF 2.1.0, errata 01.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validSARIF(t *testing.T, schema *jsonschema.Schema, text []byte) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Error(err)
	}
}

func TestSARIFGolden(t *testing.T) {
	r := sample.Report()
	r.Results[4].Citation = "RFC 6750 section 3; openapi.yaml#/components/schemas/error/properties/error"
	got := sample.Render(t, r, func(b *bytes.Buffer) error { return sarif.Render(b, r, report.Options{}) })
	sample.Golden(t, "report.sarif", startLine.ReplaceAll(got, []byte(`"startLine": 0`)))
	validSARIF(t, sarifSchema(t), got)
	contract, err := spec.LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := spec.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	line := fmt.Sprintf(`"startLine": %d`, contract.Line("/components/schemas/error/properties/error"))
	if !strings.Contains(string(got), line) {
		t.Errorf("no result points at the line of its citation, %s", line)
	}
	if line = fmt.Sprintf(`"startLine": %d`, catalogue.Line("create.metadata.name")); !strings.Contains(string(got), line) {
		t.Errorf("a result without a citation of the contract does not point at its requirement, %s", line)
	}
}

// startLine moves with every change of the contract and the catalogue.
var startLine = regexp.MustCompile(`"startLine": \d+`)

func TestSARIFOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := sarif.Render(&b, &report.Report{}, report.Options{}); err != nil {
		t.Fatal(err)
	}
	validSARIF(t, sarifSchema(t), b.Bytes())
}

// TestSARIFSchemaRefuses makes sure that the schema is applied.
func TestSARIFSchemaRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := sarif.Render(&b, sample.Report(), report.Options{}); err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.Replace(b.Bytes(), []byte(`"startLine": `), []byte(`"startLine": -`), 1)))
	if err != nil {
		t.Fatal(err)
	}
	if sarifSchema(t).Validate(document) == nil {
		t.Error("a negative line is valid")
	}
}

func TestSARIFOfTheGate(t *testing.T) {
	r := sample.Decided()
	got := sample.Render(t, r, func(b *bytes.Buffer) error { return sarif.Render(b, r, report.Options{}) })
	validSARIF(t, sarifSchema(t), got)
	if !strings.Contains(string(got), `"status": "accepted"`) || !strings.Contains(string(got), `"kind": "informational"`) {
		t.Error("no suppression, or nothing that is for information")
	}
}

// TestSARIFOfHostileReports puts each attack into nearly every text of a report at once.
func TestSARIFOfHostileReports(t *testing.T) {
	schema := sarifSchema(t)
	for _, attack := range sample.Attacks {
		r := sample.Report()
		sample.Poison(r, attack)
		var b bytes.Buffer
		if err := sarif.Render(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		validSARIF(t, schema, b.Bytes())
	}
}
