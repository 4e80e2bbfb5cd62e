package json_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

func rendered(t *testing.T) []byte {
	t.Helper()
	r := sample.Report()
	return sample.Render(t, r, func(b *bytes.Buffer) error { return reportjson.Render(b, r, report.Options{}) })
}

func TestJSONGolden(t *testing.T) {
	got := rendered(t)
	sample.Golden(t, "report.json", got)
	if i := bytes.IndexFunc(got, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); i >= 0 {
		t.Errorf("byte %d begins %q", i, got[i:i+8])
	}
}

func TestJSONRoundTrip(t *testing.T) {
	want := sample.Report()
	got, err := reportjson.Read(bytes.NewReader(rendered(t)))
	if err != nil {
		t.Fatal(err)
	}
	// JSON holds no bytes that are not UTF-8; View has escaped those of the target.
	runes := func(s string) string { return string([]rune(s)) }
	equal := cmp.Comparer(func(a, b string) bool { return runes(a) == runes(b) })
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), equal); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadJSONRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "this is not a report.json",
		"[]":                                  "this is not a report.json",
		"{}":                                  "it has no schemaVersion",
		`{"schemaVersion":"2.0"}`:             `its schemaVersion is "2.0", and this version of the suite reads 1.x only`,
		`{"schemaVersion":"1.0","results":3}`: "results",
		`{"schemaVersion":"1.0"} trailing`:    "this is not a report.json",
	} {
		if _, err := reportjson.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	broken := errors.New("broken")
	if _, err := reportjson.Read(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if r, err := reportjson.Read(strings.NewReader(`{"schemaVersion":"1.9","later":true,"runId":"x"}`)); err != nil || r.RunID != "x" {
		t.Errorf("a later minor version: %v, %v", r, err)
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	s, err := compiler.Compile("../../../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReportsSatisfyTheSchema(t *testing.T) {
	s := schema(t)
	digest := "sha256:" + strings.Repeat("00", 32)
	for name, r := range map[string]*report.Report{
		"sample": sample.Report(),
		"empty": {
			SchemaVersion: report.SchemaVersion, RunID: "x", Verdict: report.Incomplete,
			Suite: report.Suite{ContractDigest: digest, CatalogueDigest: digest},
		},
	} {
		var b bytes.Buffer
		if err := reportjson.Render(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJSONOfTheGate(t *testing.T) {
	r := sample.Decided()
	text := sample.Render(t, r, func(b *bytes.Buffer) error { return reportjson.Render(b, r, report.Options{}) })
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema(t).Validate(document); err != nil {
		t.Error(err)
	}
	again, err := reportjson.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Gate, again.Gate); diff != "" || !bool(again.Results[0].Unscored) || bool(again.Results[1].Unscored) {
		t.Error(diff, again.Results[0].Unscored)
	}
}

func TestSchemaRefusesBrokenReports(t *testing.T) {
	s := schema(t)
	for name, breakIt := range map[string]func(map[string]any){
		"an unknown member":    func(m map[string]any) { m["more"] = 1 },
		"a missing member":     func(m map[string]any) { delete(m, "results") },
		"a later major":        func(m map[string]any) { m["schemaVersion"] = "2.0" },
		"an unknown verdict":   func(m map[string]any) { m["verdict"] = "fine" },
		"a bad time":           func(m map[string]any) { m["startedAt"] = "yesterday" },
		"null for a list":      func(m map[string]any) { m["warnings"] = nil },
		"a bad digest":         func(m map[string]any) { m["suite"].(map[string]any)["contractDigest"] = "md5:0" },
		"an unknown outcome":   func(m map[string]any) { m["results"].([]any)[0].(map[string]any)["outcome"] = "skipped" },
		"an unknown level":     func(m map[string]any) { m["results"].([]any)[0].(map[string]any)["level"] = "MAY" },
		"a bad id":             func(m map[string]any) { m["results"].([]any)[0].(map[string]any)["id"] = "A b" },
		"a bad header":         func(m map[string]any) { request(m)["headers"] = []any{"nothing"} },
		"a response's status":  func(m map[string]any) { request(m)["status"] = 200 },
		"a negative count":     func(m map[string]any) { m["accounts"].(map[string]any)["left"] = -1 },
		"a fraction of a byte": func(m map[string]any) { request(m)["bodyBytes"] = 1.5 },
	} {
		var m map[string]any
		if err := json.Unmarshal(rendered(t), &m); err != nil {
			t.Fatal(err)
		}
		breakIt(m)
		if err := s.Validate(m); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func request(m map[string]any) map[string]any {
	return m["exchanges"].([]any)[0].(map[string]any)["request"].(map[string]any)
}
