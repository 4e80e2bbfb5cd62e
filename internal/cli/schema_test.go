package cli

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	yaml "github.com/oasdiff/yaml3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/config"
)

// TestSchemaAgreesWithTheParser holds what one accepts or refuses against the other.
func TestSchemaAgreesWithTheParser(t *testing.T) {
	schema := printedSchema(t)
	allOn := regexp.MustCompile(`(?m)^(\s*)#(\S)`).ReplaceAllString(config.Example, "$1$2")
	allOn = regexp.MustCompile(`(?m)^#( +- requirement| +reason)`).ReplaceAllString(allOn, "$1")
	const target = "targets:\n  a:\n    url: https://host\n"
	for name, test := range map[string]struct {
		text string
		good bool
	}{
		"the example":              {config.Example, true},
		"the example, all of it":   {allOn, true},
		"nothing":                  {"{}", true},
		"only comments":            {"# nothing\n", true},
		"a line for a command":     {target + "    token: {command: print it}", true},
		"words for a command":      {target + "    token: {command: [print, it, 7]}", true},
		"unknown key":              {"targts: {}", false},
		"unknown key of a target":  {target + "    grups: [x]", false},
		"unknown key of a token":   {target + "    token: {value: x}", false},
		"unknown key of oauth":     {target + "    token: {oauth: {tokenURL: https://i, clientID: x, secret: y}}", false},
		"unknown key of a secret":  {target + "    expiredToken: {command: x}", false},
		"unknown flag":             {"run: {timout: 5s}", false},
		"unknown flag of a target": {target + "    run: {timout: 5s}", false},
		"a flag about a target":    {"run: {token-file: x}", false},
		"an unknown reason":        {"notOffered: [{requirement: a, because: b}]", false},
		"no reason":                {"notOffered: [{requirement: a}]", false},
		"a literal token":          {target + "    token: abc", false},
		"two sources":              {target + "    token: {env: A, file: b}", false},
		"no source":                {target + "    token: {}", false},
		"no url":                   {"targets: {a: {groups: [x]}}", false},
		"a token for a variable":   {target + "    token: {env: a.b.c}", false},
		"a list":                   {"[]", false},
	} {
		var value any
		if err := yaml.Unmarshal([]byte(test.text), &value); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plain, err := json.Marshal(value)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		instance, _ := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
		if err := schema.Validate(instance); (err == nil) != test.good {
			t.Errorf("%s: the schema says %v", name, err)
		}
		file, err := config.Parse([]byte(test.text))
		if err == nil {
			a := &app.App{}
			err = (&app.Binding{App: a, Path: "file", Known: runCommand(a).Flags()}).Check(file)
		}
		if (err == nil) != test.good {
			t.Errorf("%s: the parser says %v", name, err)
		}
	}
}

// printedSchema is the schema that "conformance init --schema" prints. docs/conformance.schema.json is that of the last release.
func printedSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(output(t, "init", "--schema")))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("printed.json", document); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("printed.json")
}
