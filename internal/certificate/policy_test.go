package certificate

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	yaml "github.com/oasdiff/yaml3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const digestOfSome = "60a83e46aaeb5ec81bde91edd08bb6f4dcd6f4f1ad0b6ba4ff2b27c4a2d8d3f5"

const wholePolicy = `profiles: [core, token]
target: https://identity.example.com
set: 2026-12
depth: standard
maxAge: 90d
keys: [vendor.pub.pem]
challenge: 5f0c2a9be417d3c8
tls:
  authority: public
  direct: true
  certificates: [` + digestOfSome + `]
`

// A policy is taken if its schema takes it, and nothing in it is ignored.
func TestParsePolicy(t *testing.T) {
	p, err := ParsePolicy([]byte(wholePolicy))
	if err != nil || len(p.Profiles) != 2 || p.Set != "2026-12" || p.Depth != "standard" || p.MaxAge != 90*day || len(p.Keys) != 1 ||
		p.Challenge == "" || !p.TLS.Public || !p.TLS.Direct || p.TLS.Certificates[0] != digestOfSome {
		t.Fatalf("%+v, %v", p, err)
	}
	schema, err := jsonschema.NewCompiler().Compile("../../docs/policy.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		wholePolicy:                         "",
		"maxAge: 36h":                       "",
		"":                                  "it is empty",
		"# nothing":                         "it is empty",
		"{}":                                "it is empty and demands nothing",
		"null":                              "not a mapping",
		"[core]":                            "not a mapping",
		"profile: [core]":                   "line 1: field profile not found",
		"tls: {authorities: public}":        "line 1: field authorities not found",
		"profiles: []":                      "line 1: profiles is empty",
		"profiles: [core, '']":              "line 1: profiles is empty",
		"profiles: core":                    "cannot unmarshal",
		"profiles: [every]":                 "there is no profile",
		"target:":                           "line 1: target is empty",
		"target: http://host":               "not an https URL",
		"target: https:///path":             "not an https URL",
		"set: ' '":                          "set is empty",
		"depth: smoke":                      "depth:",
		"maxAge: soon":                      "maxAge:",
		"maxAge: ~":                         "maxAge is empty",
		"challenge: NO":                     "challenge:",
		"keys: ['']":                        "keys is empty",
		"tls: {}":                           "tls is empty",
		"tls: {authority: mine}":            "tls.authority:",
		"tls: {direct: false}":              "tls.direct:",
		"tls: {direct: maybe}":              "cannot unmarshal",
		"tls: {certificates: [abc]}":        "tls.certificates:",
		"set: a\nset: b":                    "already",
		"timestamp: {authorities: [a]}":     "",
		"timestamp: {}":                     "timestamp is empty",
		"timestamp: true":                   "cannot unmarshal",
		"timestamp: {authority: a}":         "field authority not found",
		"witness: {keys: [a]}":              "",
		"witness: {keys: []}":               "keys is empty",
		"witness: {keys: [a], held: true}":  "",
		"witness: {keys: [a], held: false}": "witness.held: it takes true",
		"witness: {held: true}":             "witness.held: it takes true, and needs witness.keys",
		"runs: true":                        "",
		"runs: false":                       "runs:",
		"disguise: true":                    "",
		"disguise: false":                   "disguise:",
		"witness: true":                     "cannot unmarshal",
		"witness: {key: a}":                 "field key not found",
		"maxAge: &a 90d\nset: *a":           "no anchors and aliases",
		"[":                                 "line 1",
		"set: a\n---\nset: b":               "more than one document",
		strings.Repeat("#", MaxPolicy+1):    "longer than",

		"log: true":                      "",
		"log: false":                     "log: it takes true",
		"log: {key: a}":                  "cannot unmarshal",
		"identity: a\nissuer: https://b": "",
		"identityRegexp: a.*\nissuer: https://b\ntrustedRoot: r.json\nlog: true": "",
		"trustedRoot: r.json":                               "",
		"identity: a":                                       "issuer: it is missing",
		"identity: a\nissuer: b":                            "issuer: it is not an https URL",
		"identity: ''\nissuer: https://b":                   "identity is empty",
		"issuer: https://b":                                 "issuer: it goes with an identity",
		"identity: a\nidentityRegexp: b\nissuer: https://b": "identity: give the whole identity, or",
		"identityRegexp: (\nissuer: https://b":              "identity: the regular expression",
		"identity: a\nissuer: https://b\nkeys: [k]":         "keys, identity:",
		"identity: [a, b]\nissuer: https://b":               "cannot unmarshal",
	} {
		_, err := ParsePolicy([]byte(text))
		if (want == "") != (err == nil) || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "policyFile")) {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
		var value any
		if yaml.Unmarshal([]byte(text), &value) != nil || strings.Contains(text, "---") || strings.Contains(text, "&a") || want == "longer than" {
			continue // which no schema sees
		}
		if _, known := value.(string); text == "target: https:///path" || known {
			continue
		}
		plain, _ := json.Marshal(value)
		instance, _ := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
		if problem := schema.Validate(instance); (problem == nil) != (want == "") && text != "set: ' '" && !strings.HasPrefix(text, "identityRegexp: (") {
			t.Errorf("%.60q: the schema says %v", text, problem)
		}
	}
}
