package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/config"
)

func TestParse(t *testing.T) {
	_, err := config.Parse([]byte(`# a comment
default: staging
targets:
  staging:
    url: https://host/prefix
    groups: [one, two]
    insecure: true
    caFile: ca.pem
    token:
      oauth:
        tokenURL: https://issuer/token
        clientID: 42
        clientSecret: {env: SECRET}
        scopes: read
    restrictedToken: {file: restricted.token}
    run: {concurrency: 2}
    notOffered:
      - {requirement: auth.expired.*, reason: none has expired}
  other:
    url: http://other
    token: {command: [vault, "it's", ""]}
run:
  timeout: 5s
  profile: [core, token]
`))
	if err == nil || err.Error() != "line 21: command needs one value" {
		t.Errorf("an empty word: %v", err)
	}
	got, err := config.Parse([]byte(`default: staging
targets:
  staging:
    url: https://host/prefix
    groups: [one, two]
    caFile: ca.pem
    token: {oauth: {tokenURL: https://issuer/token, clientID: 42, clientSecret: {env: SECRET}, scopes: read}}
    restrictedToken: {file: restricted.token}
    run: {concurrency: 2}
    notOffered: [{requirement: auth.expired.*, reason: none has expired}]
  other:
    url: http://other
    token: {command: [vault, "it's"]}
run: {profile: [core, token]}
`))
	if err != nil {
		t.Fatal(err)
	}
	of := func(line int, flag string, values ...string) config.Setting {
		return config.Setting{Flag: flag, Values: values, Line: line, OfTarget: true}
	}
	list := func(s config.Setting) config.Setting { s.List = true; return s }
	path := func(s config.Setting) config.Setting { s.Path = true; return s }
	want := &config.File{
		Default: config.Name{Text: "staging", Line: 1},
		Targets: []config.Target{
			{
				Name: config.Name{Text: "staging", Line: 3},
				Settings: []config.Setting{
					of(4, "target", "https://host/prefix"), list(of(5, "group", "one", "two")), path(of(6, "ca-file", "ca.pem")),
					of(7, "oauth-token-url", "https://issuer/token"), of(7, "oauth-client-id", "42"), list(of(7, "oauth-scope", "read")),
					path(of(8, "restricted-token-file", "restricted.token")),
					{Flag: "concurrency", Values: []string{"2"}, Line: 9},
				},
				Variables:  map[string]config.Name{"oauth-client-secret": {Text: "SECRET", Line: 7}},
				NotOffered: []config.NotOffered{{Pattern: "auth.expired.*", Reason: "none has expired", Line: 10}},
			},
			{
				Name:      config.Name{Text: "other", Line: 11},
				Settings:  []config.Setting{of(12, "target", "http://other"), of(13, "token-command", `'vault' 'it'\''s'`)},
				Variables: map[string]config.Name{},
			},
		},
		Run: []config.Setting{{Flag: "profile", Values: []string{"core", "token"}, List: true, Line: 14}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, ok := got.Target("none"); ok {
		t.Error("there is a target none")
	}
}

const target = "targets:\n  a:\n    url: https://host\n"

// Every mistake is told with its line, and no value is repeated.
func TestMistakes(t *testing.T) {
	for name, test := range map[string]struct{ text, wrong string }{
		"unknown key":              {"run: {}\ntargts: {}\n", `line 2: the file: unknown key "targts"; there are: default, targets, run, notOffered`},
		"unknown key of a target":  {target + "    grps: [x]\n", `line 4: target "a": unknown key "grps"`},
		"unknown key of a token":   {target + "    token:\n      value: s3cr3t\n", `line 5: target "a", token: unknown key "value"; there are: env, file, command, oauth`},
		"unknown key of a secret":  {target + "    expiredToken: {command: x}\n", `line 4: target "a", expired-token: unknown key "command"; there are: env, file`},
		"a literal token":          {target + "    token: s3cr3t\n", `line 4: target "a", token: a secret has no place in this file`},
		"a literal as a variable":  {target + "    token: {env: s3cr3t.s3cr3t}\n", `line 4: target "a", token, env: this is not the name of a variable`},
		"a literal client secret":  {target + "    token: {oauth: {clientSecret: s3cr3t}}\n", `line 4: target "a", oauth-client-secret: a secret has no place`},
		"two sources":              {target + "    token:\n      env: X\n      file: y\n", `line 5: target "a", token needs one of env, file, command, oauth`},
		"no source":                {target + "    token: {}\n", `line 4: target "a", token needs one of`},
		"no url":                   {"targets:\n  a:\n    groups: [x]\n", `line 2: target "a" has no url`},
		"twice":                    {"run: {}\nrun: {}\n", `line 2: the file: "run" is given twice, in line 1 and here`},
		"no such default":          {"default: b\n" + target, `line 1: default: there is no target "b"`},
		"a list for a value":       {target + "    organization: [x]\n", `line 4: organization needs one value`},
		"nothing for a value":      {target + "    organization:\n", `line 4: organization needs one value`},
		"a mapping for a value":    {"run: {timeout: {x: s3cr3t}}\n", `line 1: run, "timeout" needs a value or a list of values`},
		"an alias":                 {"run: &x {}\n", `line 1: the file: anchors and aliases are not supported`},
		"a list":                   {"- s3cr3t\n", `line 1: the file is not a mapping of keys`},
		"a word":                   {"s3cr3t\n", `line 1: the file is not a mapping of keys`},
		"targets as a list":        {"targets: [s3cr3t]\n", `line 1: targets is not a mapping`},
		"notOffered as a word":     {"notOffered: x\n", `line 1: notOffered is not a list`},
		"notOffered without":       {"notOffered:\n  - requirement: x\n", `line 2: notOffered needs both requirement and reason`},
		"notOffered, no pattern":   {"notOffered:\n  - {requirement: 'a[', reason: x}\n", `line 2: notOffered: requirement is not a pattern`},
		"notOffered, unknown":      {"notOffered:\n  - {requirement: a, because: x}\n", `line 2: notOffered: unknown key "because"`},
		"two documents":            {"run: {}\n---\nrun: {}\n", `line 2: a second document begins here`},
		"not YAML":                 {"run: {}\n  s3cr3t: [\n", `line 1: this is not YAML`},
		"a tab":                    {"run:\n\ttimeout: s3cr3t\n", `line 2: this is not YAML`},
		"a long key":               {strings.Repeat("s3cr3t", 20) + ": x\n", `unknown key (120 bytes, not shown)`},
		"a tagged value is a text": {"targets:\n  a: {url: !!binary s3cr3t, x: 1}\n", `line 2: target "a": unknown key "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse([]byte(test.text))
			if err == nil || !strings.Contains(err.Error(), test.wrong) {
				t.Fatalf("got %v, want %q", err, test.wrong)
			}
			if strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("a value is repeated: %v", err)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "\n", "# only a comment\n", "---\n", "{}\n", "null\n"} {
		if f, err := config.Parse([]byte(text)); err != nil || f == nil || len(f.Targets) > 0 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(config.Example)
	f.Add(target + "    token: {command: [a, b]}\n")
	f.Add("run: &x [*x]\n")
	f.Add("a: !!float nan\n? [b]\n: c\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := config.Parse([]byte(text))
		var fault *config.Error
		if errors.As(err, &fault) && (fault.Line < 1 || fault.Line > strings.Count(text, "\n")+2) {
			t.Errorf("line %d of %q", fault.Line, text)
		}
		if err == nil && file == nil {
			t.Error("neither a file nor an error")
		}
	})
}
