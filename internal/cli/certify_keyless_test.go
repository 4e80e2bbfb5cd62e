package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/certificate/keyless/keylesstest"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
)

const (
	certifier = "https://github.com/acme/identity/.github/workflows/certify.yml@refs/heads/main"
	oidc      = "https://token.actions.githubusercontent.com"
)

// desk is a directory with files, and runs commands in this process.
type desk struct {
	*testing.T

	dir       string
	variables map[string]string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	return &desk{t, t.TempDir(), map[string]string{}}
}

// file writes a file and returns its path.
func (d *desk) file(name, text string) string {
	d.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
	return path
}

// run runs a command and returns its exit code and all that it printed.
func (d *desk) run(args ...string) (int, string) {
	d.Helper()
	var out bytes.Buffer
	code := Run(d.Context(), app.Process{Args: args, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &out, Lookup: func(name string) (string, bool) {
		value, ok := d.variables[name]
		return value, ok
	}})
	return code, out.String()
}

// A run is certified by an identity, from the first command to the check without a network, and no output has the token.
func TestCertifyKeyless(t *testing.T) {
	raced.Rotate(t)
	d, s := newDesk(t), keylesstest.New(t)
	server, err := reference.New(reference.Config{})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := listen.Listen(t.Context(), "127.0.0.1:0", true, server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	server.SetBaseURL(listener.URL)
	known, token := server.Credentials(), keylesstest.Token(certifier, oidc, time.Now().Add(time.Hour))
	d.variables["CONFORMANCE_TOKEN"], d.variables[keyless.GitLabToken] = known.Token, token
	bundle, root := filepath.Join(d.dir, "certificate.zip"), d.file("root.json", string(s.Root))
	certify := []string{
		"certify", "--target", listener.URL, "--ca-file", d.file("ca.pem", string(listener.CertificatePEM)), "--organization", known.Organization,
		"--group", known.Groups[0], "--other-organization", known.OtherOrganization, "--expired-token-file", d.file("expired", known.ExpiredToken),
		"--not-yet-valid-token-file", d.file("early", known.NotYetValidToken), "--profile", "core", "--out", filepath.Join(d.dir, "out"), "--bundle", bundle,
		"--journal", filepath.Join(d.dir, "journal"), "--keyless", "--fulcio-url", s.URL, "--rekor-url", s.URL, "--trusted-root", root,
	}
	code, text := d.run(certify...)
	if code != app.ExitConformant || !strings.Contains(text, "signed by "+certifier+" (issuer "+oidc+")") {
		t.Fatalf("exit %d: %s", code, text)
	}
	if len(s.Tokens) != 2 || s.Entries != 1 { // one before the run, to see whether it will do
		t.Errorf("the authority was asked %d times, and the log has %d entries", len(s.Tokens), s.Entries)
	}
	d.holdsNot(token, text)
	verify := func(args ...string) (int, string) {
		return d.run(append([]string{"verify", bundle, "--trusted-root", root}, args...)...)
	}
	s.URL = "" // nothing is sent
	policy := d.file("policy.yaml", "profiles: [core]\nidentity: "+certifier+"\nissuer: "+oidc+"\ntrustedRoot: root.json\nlog: true\n")
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"an expression": {[]string{"--identity-regexp", "https://github.com/acme/.*", "--issuer", oidc}, app.ExitConformant, "entry 1 of the log https://rekor.test.example"},
		"a longer name": {[]string{"--identity", certifier + "-evil", "--issuer", oidc}, app.ExitNonConformant, "and expected is " + certifier + "-evil"},
		"nobody":        {nil, app.ExitWrong, "none is expected; add --identity"},
		"JSON":          {[]string{"--identity", certifier, "--issuer", oidc, "--json"}, app.ExitConformant, `"subject": "` + certifier},
		"two roots":     {[]string{"--policy", policy}, app.ExitWrong, "name two trusted roots"},
	} {
		if code, text := verify(test.args...); code != test.code || !strings.Contains(text, test.want) {
			t.Errorf("%s: exit %d: %s", name, code, text)
		}
	}
	if code, text := d.run("verify", bundle, "--policy", policy); code != app.ExitConformant || !strings.Contains(text, "the policy holds") {
		t.Errorf("exit %d: %s", code, text)
	}
	if code, text := d.run("matrix", d.dir, "--trusted-root", root, "--identity", certifier, "--issuer", oidc, "--out", filepath.Join(d.dir, "m.html")); code != 0 || !strings.Contains(text, "1 of them valid now") {
		t.Errorf("exit %d: %s", code, text)
	}
	d.registry(bundle, listener.URL)
	for name, want := range map[string]string{
		certificate.ReportFile:   "report.json: it was changed",
		certificate.SigstoreFile: "statement.sigstore.json: ",
	} {
		changed := d.changed(bundle, name)
		if code, text := d.run("verify", changed, "--policy", policy); code != app.ExitNonConformant || !strings.Contains(text, want) {
			t.Errorf("%s was changed: exit %d: %s", name, code, text)
		}
	}
}

// registry submits a bundle to a registry that knows the identity, and has it reviewed and published.
func (d *desk) registry(bundle, target string) {
	d.Helper()
	data, err := os.ReadFile(bundle)
	if err != nil {
		d.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(d.dir, "registry/submissions/acme"), 0o700), os.Mkdir(filepath.Join(d.dir, "registry/keys"), 0o700)); err != nil {
		d.Fatal(err)
	}
	root, err := os.ReadFile(filepath.Join(d.dir, "root.json"))
	if err != nil {
		d.Fatal(err)
	}
	signer := "{identity: " + certifier + ", issuer: " + oidc + "}"
	for name, text := range map[string]string{
		"registry.yaml":                    "name: R\n",
		"policy.yaml":                      "profiles: [core]\ntrustedRoot: root.json\nlog: true\n",
		"root.json":                        string(root),
		"keys/acme.identity.yaml":          "identityRegexp: https://github.com/acme/.*\nissuer: " + oidc + "\n",
		"submissions/acme/certificate.zip": string(data),
		"submissions/acme/submission.yaml": "vendor: Acme Corp\nproduct: Acme Identity\nversion: '7.1'\ncontact: sa@acme.example\ntarget: " + target +
			"\nbundle: certificate.zip\nsigner: " + signer + "\n",
	} {
		d.file("registry/"+name, text)
	}
	dir, site := filepath.Join(d.dir, "registry"), filepath.Join(d.dir, "site")
	submission := filepath.Join(dir, "submissions/acme")
	code, text := d.run("registry", "check", submission, "--registry", dir)
	if code != app.ExitConformant || !strings.Contains(text, "confirmed: it is the identity acme") || !strings.Contains(text, "entry 1 of the log") {
		d.Errorf("exit %d: %s", code, text)
	}
	if code, text := d.run("registry", "check", submission); code != app.ExitNonConformant || !strings.Contains(text, "there is no trusted root to check that with") {
		d.Errorf("exit %d: %s", code, text)
	}
	if code, text := d.run("registry", "build", dir, "--out", site); code != app.ExitConformant || !strings.Contains(text, "1 valid") {
		d.Errorf("exit %d: %s", code, text)
	}
	page, err := os.ReadFile(filepath.Join(site, "certificates/acme.html"))
	if err != nil || !strings.Contains(string(page), "--identity "+certifier) {
		d.Errorf("%v: %s", err, page)
	}
}

// changed is a bundle with one member that differs in its middle.
func (d *desk) changed(bundle, name string) string {
	d.Helper()
	data, err := os.ReadFile(bundle)
	if err != nil {
		d.Fatal(err)
	}
	b, err := certificate.Read(bytes.NewReader(data))
	if err != nil {
		d.Fatal(err)
	}
	var members []certificate.Member
	for _, member := range []string{
		certificate.SigstoreFile, certificate.ReportFile, certificate.RecordingFile, certificate.SetFile, certificate.ContractFile,
		certificate.ConfigurationFile, certificate.BadgeFile,
	} {
		content := bytes.Clone(b.Member(member))
		if member == name {
			content[len(content)/2] ^= 1
		}
		members = append(members, certificate.Member{Name: member, Data: content})
	}
	var packed bytes.Buffer
	if err := certificate.Pack(&packed, members); err != nil {
		d.Fatal(err)
	}
	return d.file("changed-"+name+".zip", packed.String())
}

// holdsNot looks for a secret in what was printed, and in every file of the desk.
func (d *desk) holdsNot(secret, text string) {
	d.Helper()
	signature := secret[strings.LastIndex(secret, ".")+1:]
	if strings.Contains(text, signature) {
		d.Error("the output has the token")
	}
	err := filepath.WalkDir(d.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(signature)) {
			d.Errorf("%s has the token", path)
		}
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
}
