package registry

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/certificate/keyless/keylesstest"
)

const (
	workflow = "https://github.com/acme/identity/.github/workflows/certify.yml@refs/heads/main"
	oidc     = "https://token.actions.githubusercontent.com"
	signedBy = "signer: {identity: " + workflow + ", issuer: " + oidc + "}"
)

// What a submission says of who signed has one form for parser and schema.
func TestSignerAndItsSchema(t *testing.T) {
	schema := schemaOf(t, "submission")
	for text, want := range map[string]string{
		signedBy: "",
		"signer: {identity: ci@acme.example, issuer: " + oidc + "}":                  "",
		"signer: {identity: " + workflow + "}":                                       "signer: ",
		"signer: {issuer: " + oidc + "}":                                             "signer: ",
		"signer: {identity: a, issuer: http://issuer.example}":                       "signer: issuer: ",
		"signer: {identity: a, issuer: " + oidc + ", regexp: b}":                     "line ",
		"signer: " + workflow:                                                        "line ",
		"signer: {identity: 'x; rm -rf ~', issuer: " + oidc + "}":                    "signer: identity and issuer have",
		"signer: {identity: '$(id)', issuer: " + oidc + "}":                          "signer: identity and issuer have",
		"signer: {identity: \"a\\nb\", issuer: " + oidc + "}":                        "signer: identity and issuer have",
		"signer: {identity: --key, issuer: " + oidc + "}":                            "signer: identity and issuer have",
		"signer: {identity: " + strings.Repeat("a", 501) + ", issuer: " + oidc + "}": "signer: identity and issuer have",
		signedBy + "\nidentity: acme":                                                "give one of them",
		signedBy + "\nkey: vendor.pub.pem":                                           "give one of them",
	} {
		text := strings.Replace(honest, "key: vendor.pub.pem", text, 1)
		_, err := parseSubmission([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if satisfies(t, schema, text) != (want == "") {
			t.Errorf("%s: the schema says something else than the parser (%v)", text, err)
		}
	}
}

// An identity is confirmed as a key is: by a file of the certifier.
func TestConfirmedIdentities(t *testing.T) {
	own, other := "identity: "+workflow+"\nissuer: "+oidc+"\n", "identity: "+workflow+"2\nissuer: "+oidc+"\n"
	like := "identityRegexp: https://github.com/acme/identity/.*\nissuer: " + oidc + "\n"
	signer, named := signedBy, "identity: acme"
	for name, test := range map[string]struct {
		files map[string]string
		rules string
		text  string
		state State
		want  string
	}{
		"confirmed":              {map[string]string{"acme.identity.yaml": own}, "", signer, Met, "confirmed: it is the identity acme"},
		"by its name":            {map[string]string{"acme.identity.yaml": own}, "", named, Met, "confirmed: it is the identity acme"},
		"like it":                {map[string]string{"acme.identity.yaml": like}, "", signer, Met, "confirmed: it is the identity acme"},
		"one of two":             {map[string]string{"acme.identity.yaml": other, "ci.identity.yaml": own}, "vendors: {acme: {identities: [acme, ci]}}\n", signer, Met, "confirmed: it is the identity ci"},
		"another one":            {map[string]string{"acme.identity.yaml": other}, "", signer, Failed, "it is a foreign key"},
		"another issuer":         {map[string]string{"acme.identity.yaml": strings.ReplaceAll(own, oidc, "https://gitlab.com")}, "", signer, Failed, "it is a foreign key"},
		"of another vendor":      {map[string]string{"third.identity.yaml": own}, "", signer, Failed, "add keys/acme.identity.yaml"},
		"nobody's":               {nil, "", signer, Failed, "nobody confirmed whose it is; once the vendor confirmed its id over another channel, add keys/acme.identity.yaml"},
		"nobody's, and accepted": {nil, "rules: {unconfirmed-keys: true}\n", signer, Noted, "nobody confirmed whose it is"},
		"a name without a file":  {nil, "", named, Failed, "the registry has neither the key keys/acme.pub.pem nor the identity keys/acme.identity.yaml"},
	} {
		dir := registryOf(t, "name: R\n"+test.rules, test.files)
		r, err := Open(dir)
		must(t, err)
		s, err := parseSubmission([]byte(strings.Replace(honest, "key: vendor.pub.pem", test.text, 1)))
		must(t, err)
		key, check := r.key("acme", s, nil)
		if check.State != test.state || !strings.Contains(check.Found, test.want) {
			t.Errorf("%s: %+v", name, check)
		}
		if check.State == Met && (key.Identity == nil || !key.Identity.Matches(workflow, oidc)) {
			t.Errorf("%s: %+v", name, key)
		}
	}
	root := string(keylesstest.New(t).Root)
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a trusted root":      {map[string]string{"../policy.yaml": "trustedRoot: root.json\nlog: true\n", "../root.json": root}, ""},
		"no root":             {map[string]string{"../policy.yaml": "trustedRoot: root.json\n"}, "policy.yaml: trustedRoot: root.json: it is missing"},
		"a bad root":          {map[string]string{"../policy.yaml": "trustedRoot: root.json\n", "../root.json": "{}"}, "it is not a trusted root of sigstore"},
		"a vendor's identity": {map[string]string{"../policy.yaml": own}, "policy.yaml: keys, challenge and target are not for all vendors, nor is identity"},
		"two of one name":     {map[string]string{"a.identity.yaml": own, "a.pub.pem": string(reviewed(t, "a").key.PEM)}, "there is a key and an identity of this name"},
		"no issuer":           {map[string]string{"a.identity.yaml": "identity: a\n"}, "keys/a.identity.yaml: identity and issuer"},
		"an open expression":  {map[string]string{"a.identity.yaml": "identityRegexp: (\nissuer: " + oidc + "\n"}, "the regular expression cannot be read"},
		"both":                {map[string]string{"a.identity.yaml": "identityRegexp: a\n" + own}, "give the whole identity, or a regular expression"},
		"a key in it":         {map[string]string{"a.identity.yaml": "key: x\n"}, "there is no key"},
	} {
		if _, err := Open(registryOf(t, "name: R\n", test.files)); test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// registryOf writes a registry: files are those of keys/.
func registryOf(t *testing.T, rules string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, KeysDir), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, RulesFile), []byte(rules), 0o600))
	for name, text := range files {
		must(t, os.WriteFile(filepath.Join(dir, KeysDir, name), []byte(text), 0o600))
	}
	return dir
}

// The site shows who signed, has no key of theirs, and no command that a shell would read otherwise.
func TestSiteByIdentity(t *testing.T) {
	for subject, want := range map[string]string{
		workflow:       "conformance verify acme.zip --trusted-root trusted_root.json --identity " + workflow + " --issuer " + oidc,
		"a'; rm -rf ~": "conformance verify acme.zip --trusted-root trusted_root.json --identity … --issuer …",
	} {
		review := reviewed(t, "acme")
		key, err := Signer{workflow, oidc}.key()
		must(t, err)
		review.key = key
		v := review.Verification
		v.KeyID, v.Identity = "", &certificate.Identity{Subject: subject, Issuer: oidc, Log: keyless.Entry{Log: "https://rekor.example", Index: 7, Time: today}}
		files, err := (&Registry{Rules: Rules{Name: "R"}, rootText: []byte("{}")}).Site([]*Review{review}, "v1", today)
		must(t, err)
		site := map[string]string{}
		for _, f := range files {
			site[f.Name] = string(f.Data)
		}
		page := strings.ReplaceAll(site["certificates/acme.html"], "&#43;", "+")
		if !strings.Contains(page, want) || !strings.Contains(page, "entry 7 of") || strings.Contains(page, "rm -rf ~ --issuer") {
			t.Errorf("%s: %s", subject, page)
		}
		if _, has := site["keys/acme.pub.pem"]; has || site["trusted_root.json"] != "{}" {
			t.Error("the site has a key, or no trusted root")
		}
		if !satisfies(t, schemaOf(t, "index"), site["index.json"]) || !strings.Contains(site["index.json"], `"issuer": "`+oidc) {
			t.Errorf("%s", site["index.json"])
		}
	}
}
