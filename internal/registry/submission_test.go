package registry

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	yaml "github.com/oasdiff/yaml3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := Schema(name)
	must(t, err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	must(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	must(t, compiler.AddResource(name, document))
	return compiler.MustCompile(name)
}

// satisfies asks a schema about a text of YAML.
func satisfies(t *testing.T, schema *jsonschema.Schema, text string) bool {
	t.Helper()
	var value any
	must(t, yaml.Unmarshal([]byte(text), &value))
	plain, err := json.Marshal(value)
	must(t, err)
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	must(t, err)
	return schema.Validate(instance) == nil
}

// Parser and schema say the same of a description.
func TestSubmissionAndItsSchema(t *testing.T) {
	schema := schemaOf(t, "submission")
	for name, test := range map[string]struct{ old, text, want string }{
		"honest":                 {"", "", ""},
		"an identity":            {"key: vendor.pub.pem", "identity: acme-2027", ""},
		"a page as contact":      {"sa@acme.example", "https://acme.example/contact", ""},
		"markup":                 {"Acme Corp", "'<b onclick=\"x\">| `Acme` & {{.}} [x](https://x.example)</b>'", ""},
		"other letters":          {"Acme Corp", "Ünïcode 株式会社", ""},
		"no vendor":              {"vendor: Acme Corp", "", "vendor: it is missing"},
		"an empty product":       {"Acme Identity", `""`, "product: it is missing"},
		"a control character":    {"Acme Corp", `"Acme\e[2J"`, "vendor: it has characters that do not show"},
		"a line end":             {"Acme Corp", `"Acme\n# Accepted"`, "vendor: it has characters that do not show"},
		"a turned direction":     {"Acme Corp", `"Acme \u202eproc"`, "vendor: it has characters that do not show"},
		"a space before":         {"Acme Corp", `" Acme"`, "vendor: it begins or ends"},
		"a long text":            {"Acme Corp", strings.Repeat("x", 101), "vendor: it is longer"},
		"no contact":             {"sa@acme.example", "me", "contact: "},
		"a contact with a name":  {"sa@acme.example", `"Acme <sa@acme.example>"`, "contact: "},
		"a contact that is code": {"sa@acme.example", "javascript:alert(1)", "contact: "},
		"plain HTTP":             {"https://identity", "http://identity", "target: "},
		"a blank in the target":  {"identity.acme", "identity. acme", "target: "},
		"key and identity":       {"key:", "identity: acme\nkey:", "give one of them"},
		"neither":                {"key: vendor.pub.pem", "", "give one of them"},
		"an identity with path":  {"key: vendor.pub.pem", "identity: ../acme", "identity: "},
		"a hidden bundle":        {"certificate.zip", ".zip", "bundle: "},
		"an unknown key":         {"vendor:", "verdict: pass\nvendor:", `line 1: there is no key "verdict"`},
		"another type":           {"Acme Corp", "[a]", "line 1: "},
	} {
		text := strings.Replace(honest, test.old, test.text, 1)
		_, err := parseSubmission([]byte(text))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if satisfies(t, schema, text) != (test.want == "") {
			t.Errorf("%s: the schema says something else than the parser (%v)", name, err)
		}
	}
	for text, want := range map[string]string{
		"": "it is empty", "# nothing": "it is empty", honest + "---\nvendor: x\n": "more than one document", "a: [": "line", honest + "vendor: again\n": "line",
	} {
		if _, err := parseSubmission([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestRulesAndTheirSchemas(t *testing.T) {
	rules, revoked := schemaOf(t, "registry"), schemaOf(t, "revoked")
	id := strings.Repeat("0a", 32)
	for text, want := range map[string]string{
		"name: R": "",
		"name: R\nrules: {sets: [2026-12], challenge: true, unconfirmed-keys: true}":             "",
		"name: R\nvendors: {acme: {challenge: 5f0c2a9be417d3c8, identities: [acme, acme-2027]}}": "",
		"rules: {}":                                   "name: it is missing",
		"name: R\nrules: {sets: [newest]}":            `"newest" is not the name of a set`,
		"name: R\nvendors: {A B: {}}":                 `vendors: "A B": `,
		"name: R\nvendors: {a: {challenge: x}}":       "challenge: a challenge has 8 to 20 characters",
		"name: R\nvendors: {a: {identities: [../x]}}": "identities: ",
		"name: R\nrule: {}":                           `there is no key "rule"`,
	} {
		_, err := parseRules([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if satisfies(t, rules, text) != (want == "") {
			t.Errorf("%q: the schema says something else than the parser (%v)", text, err)
		}
	}
	for text, want := range map[string]string{
		"revoked: []": "",
		"revoked: [{key: " + id + ", since: '2027-01-31', reason: lost}, {certificate: " + id + ", since: '2027-01-31', reason: x}, {run: daab2792, since: '2027-01-31', reason: x}]": "",
		"revoked: [{since: '2027-01-31', reason: x}]":                                   "revocation 1: give one of",
		"revoked: [{key: " + id + ", run: x, since: '2027-01-31', reason: x}]":          "give one of",
		"revoked: [{key: " + strings.ToUpper(id) + ", since: '2027-01-31', reason: x}]": "key: it is not a key id",
		"revoked: [{certificate: x, since: '2027-01-31', reason: x}]":                   "certificate: it is not the SHA-256",
		"revoked: [{run: x, since: yesterday, reason: x}]":                              "since: ",
		"revoked: [{run: x, since: '2027-01-31'}]":                                      "reason: it is missing",
		"revoke: []": "there is no key",
	} {
		_, err := parseRevocations([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if satisfies(t, revoked, text) != (want == "") {
			t.Errorf("%q: the schema says something else than the parser (%v)", text, err)
		}
	}
}
