package registry

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sa-conformance/conformance/internal/certificate"
)

const honest = `vendor: Acme Corp
product: Acme Identity
version: "7.1"
contact: sa@acme.example
target: https://identity.acme.example
bundle: certificate.zip
key: vendor.pub.pem
`

// submitted writes a submission that is whole but for its bundle, which is none.
func submitted(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "acme")
	_, public, err := certificate.GenerateKey(certificate.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	must(t, os.Mkdir(dir, 0o700))
	for name, text := range map[string]string{submissionFile: honest, "certificate.zip": "PK\x03\x04", "vendor.pub.pem": string(public)} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What a submission leads to outside itself is not read, and what blocks or fills the memory is refused.
func TestHostileDirectories(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(secret, []byte("vendor: the secret\n"), 0o600))
	replaced := func(name string, by func(path string) error) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir, name)))
			must(t, by(filepath.Join(dir, name)))
		}
	}
	link := func(path string) error { return os.Symlink(secret, path) }
	pipe := func(path string) error { return syscall.Mkfifo(path, 0o600) }
	sparse := func(size int64) func(path string) error {
		return func(path string) error {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				return err
			}
			return os.Truncate(path, size)
		}
	}
	said := func(old, text string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			must(t, os.WriteFile(filepath.Join(dir, submissionFile), []byte(strings.Replace(honest, old, text, 1)), 0o600))
		}
	}
	for name, test := range map[string]struct {
		change func(t *testing.T, dir string)
		want   string
	}{
		"whole":                  {func(*testing.T, string) {}, ""},
		"no description":         {func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, submissionFile))) }, "submission.yaml: it is missing"},
		"a linked description":   {replaced(submissionFile, link), "submission.yaml: it is a symbolic link"},
		"a linked bundle":        {replaced("certificate.zip", link), "certificate.zip: it is a symbolic link"},
		"a linked key":           {replaced("vendor.pub.pem", link), "vendor.pub.pem: it is a symbolic link"},
		"a link inside":          {replaced("certificate.zip", func(path string) error { return os.Symlink("vendor.pub.pem", path) }), "certificate.zip: it is a symbolic link"},
		"a pipe":                 {replaced("certificate.zip", pipe), "certificate.zip: it is not a regular file"},
		"a piped description":    {replaced(submissionFile, pipe), "submission.yaml: it is not a regular file"},
		"a directory":            {replaced("certificate.zip", func(path string) error { return os.Mkdir(path, 0o700) }), "certificate.zip: it is not a regular file"},
		"a huge bundle":          {replaced("certificate.zip", sparse(1<<40)), "certificate.zip: it is longer than"},
		"a huge key":             {replaced("vendor.pub.pem", sparse(1<<40)), "vendor.pub.pem: it is longer than"},
		"a huge description":     {replaced(submissionFile, sparse(1<<40)), "submission.yaml: it is longer than"},
		"another file":           {func(t *testing.T, dir string) { must(t, os.WriteFile(filepath.Join(dir, "x\x1b[2J.html"), nil, 0o600)) }, `does not name: "x\x1b[2J.html"`},
		"a path to the bundle":   {said("certificate.zip", "../secret"), "bundle: it is not the name of a file"},
		"an absolute path":       {said("certificate.zip", secret), "bundle: it is not the name of a file"},
		"a path to the key":      {said("vendor.pub.pem", "../../secret"), "key: it is not the name of a file"},
		"a path of Windows":      {said("vendor.pub.pem", `..\secret`), "key: it is not the name of a file"},
		"the description itself": {said("certificate.zip", submissionFile), "bundle: it is not the name of a file"},
		"no bundle":              {replaced("certificate.zip", func(string) error { return nil }), "certificate.zip: it is missing"},
		"not a bundle":           {replaced("certificate.zip", func(path string) error { return os.WriteFile(path, []byte("text"), 0o600) }), "it is no ZIP file"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := submitted(t)
			test.change(t, dir)
			_, _, _, err := load(dir, nameOf(dir))
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "the secret")):
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

// A directory that is a link is refused, with a slash at its end too, and so is one whose name is no name of a page.
func TestHostileNames(t *testing.T) {
	dir := submitted(t)
	link := filepath.Join(t.TempDir(), "linked")
	must(t, os.Symlink(dir, link))
	for path, want := range map[string]string{
		link:                                  "it is a symbolic link",
		link + "/":                            "it is a symbolic link",
		filepath.Join(dir, "certificate.zip"): "the name of the directory",
		filepath.Join(filepath.Dir(dir), "<script>alert(1)<"):     "the name of the directory",
		filepath.Join(filepath.Dir(dir), "-rf"):                   "the name of the directory",
		filepath.Join(filepath.Dir(dir), "ACME"):                  "the name of the directory",
		filepath.Join(filepath.Dir(dir), strings.Repeat("a", 64)): "the name of the directory",
	} {
		if _, _, _, err := load(path, nameOf(path)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

// The files of a certifier are read with the same care, and each mistake names its file.
func TestOpen(t *testing.T) {
	_, public, err := certificate.GenerateKey(certificate.ECDSA)
	must(t, err)
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"rules alone":       {map[string]string{RulesFile: "name: Registry\n"}, ""},
		"all":               {map[string]string{RulesFile: "name: R\n", RevokedFile: "revoked: []\n", "keys/acme.pub.pem": string(public), "keys/README.md": "x"}, ""},
		"no rules":          {map[string]string{}, "registry.yaml: it is missing"},
		"bad rules":         {map[string]string{RulesFile: "name: R\nrules: {set: 2026-12}\n"}, `registry.yaml: line 2: there is no key "set"`},
		"a policy":          {map[string]string{RulesFile: "name: R\n", PolicyFile: "maxAge: 90d\n"}, ""},
		"a bad policy":      {map[string]string{RulesFile: "name: R\n", PolicyFile: "max-age: 90d\n"}, "policy.yaml: line 1: field max-age not found"},
		"no authority":      {map[string]string{RulesFile: "name: R\n", PolicyFile: "timestamp: {authorities: [tsa.pem]}\n"}, "policy.yaml: timestamp.authorities: tsa.pem: it is missing"},
		"a bad authority":   {map[string]string{RulesFile: "name: R\n", PolicyFile: "timestamp: {authorities: [tsa.pem]}\n", "tsa.pem": "x"}, "tsa.pem: it holds no certificate"},
		"a vendor's policy": {map[string]string{RulesFile: "name: R\n", PolicyFile: "challenge: 5f0c2a9be417d3c8\n"}, "policy.yaml: keys, challenge and target are not for all vendors"},
		"bad revocations":   {map[string]string{RulesFile: "name: R\n", RevokedFile: "revoked: [{key: x}]\n"}, "revoked.yaml: revocation 1: key:"},
		"no key at all":     {map[string]string{RulesFile: "name: R\n", "keys/acme.pub.pem": "x"}, "keys/acme.pub.pem: it holds no key"},
		"a key of no name":  {map[string]string{RulesFile: "name: R\n", "keys/A B.pub.pem": string(public)}, "the name of an identity"},
	} {
		dir := t.TempDir()
		must(t, os.Mkdir(filepath.Join(dir, KeysDir), 0o700))
		for file, text := range test.files {
			must(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
		}
		if _, err := Open(dir); test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}
