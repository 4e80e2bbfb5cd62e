package sarif_test

import (
	"bytes"
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
	got := sample.Render(t, r, func(b *bytes.Buffer) error { return sarif.Render(b, r, report.Options{}) })
	sample.Golden(t, "report.sarif", got)
	validSARIF(t, sarifSchema(t), got)
	for _, text := range []string{
		`"informationUri": "https://github.com/sa-conformance/conformance"`, `"helpUri": "` + spec.Page("create.status.created") + `"`,
		`"version": "1.2.3"`,
	} {
		if !strings.Contains(string(got), text) {
			t.Errorf("there is no %s", text)
		}
	}
	if strings.Contains(string(got), "startLine") {
		t.Error("a result has a place, and nobody gave one")
	}
}

// TestSARIFPlace wants results at the file that the user names, and at no other.
func TestSARIFPlace(t *testing.T) {
	var b bytes.Buffer
	if err := sarif.Render(&b, sample.Report(), report.Options{Place: "ci/a file.yaml"}); err != nil {
		t.Fatal(err)
	}
	validSARIF(t, sarifSchema(t), b.Bytes())
	if n := strings.Count(b.String(), `"uri": "ci/a%20file.yaml"`); n == 0 || n != strings.Count(b.String(), `"uri": `) || n != strings.Count(b.String(), `"ruleIndex": `) {
		t.Errorf("%d results are at the file:\n%s", n, &b)
	}
}

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
	if err := sarif.Render(&b, sample.Report(), report.Options{Place: "x"}); err != nil {
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
