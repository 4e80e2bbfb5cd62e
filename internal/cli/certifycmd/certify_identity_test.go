package certifycmd

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/certificate/keyless/keylesstest"
	"github.com/sa-conformance/conformance/internal/cli/app"
)

const (
	certifier = "https://github.com/acme/identity/.github/workflows/certify.yml@refs/heads/main"
	oidc      = "https://token.actions.githubusercontent.com"
)

// desk is a directory with files.
type desk struct {
	*testing.T

	dir string
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

// An identity that cannot sign is one line before anything is sent to the target, without a part of the token.
func TestIdentityCannotSign(t *testing.T) {
	now := time.Now()
	good, old := keylesstest.Token(certifier, oidc, now.Add(time.Hour)), keylesstest.Token(certifier, oidc, now.Add(-time.Hour))
	github := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer the-secret-of-the-job" || r.URL.Query().Get("audience") != "sigstore" || r.URL.Query().Get("api") != "1":
			http.Error(w, "no: "+r.Header.Get("Authorization"), http.StatusForbidden)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/token", http.StatusFound)
		case r.URL.Path == "/nothing":
			_, _ = w.Write([]byte("{}"))
		case r.URL.Path == "/old":
			_ = json.NewEncoder(w).Encode(map[string]string{"value": old})
		default:
			_ = json.NewEncoder(w).Encode(map[string]string{"value": good})
		}
	}))
	defer github.Close()
	job := func(path, secret string) map[string]string {
		return map[string]string{keyless.GitHubURL: github.URL + path + "?api=1", keyless.GitHubSecret: secret}
	}
	file := func(text string) func(*desk) []string {
		return func(d *desk) []string { return []string{"--keyless", "--identity-token", d.file("token", text)} }
	}
	none := func(*desk) []string { return []string{"--keyless"} }
	and := func(more ...string) func(*desk) []string {
		return func(*desk) []string { return append([]string{"--keyless"}, more...) }
	}
	gitlab := map[string]string{keyless.GitLabToken: good}
	for name, test := range map[string]struct {
		flags     func(*desk) []string
		variables map[string]string
		change    func(*keylesstest.Standin)
		want      string
	}{
		"good file":             {file(good + "\n"), nil, nil, ""},
		"good job of GitLab":    {none, gitlab, nil, ""},
		"good job of GitHub":    {none, job("/token", "the-secret-of-the-job"), nil, ""},
		"no identity":           {none, nil, nil, "on GitHub give the job the permission id-token: write"},
		"no permission":         {none, map[string]string{keyless.GitHubURL: github.URL}, nil, "there is no identity here"},
		"another secret":        {none, job("/token", "another-secret-of-a-job"), nil, "it responds with the status 403 in place of 200"},
		"a redirect":            {none, job("/moved", "the-secret-of-the-job"), nil, "it responds with the status 302"},
		"a job without token":   {none, job("/nothing", "the-secret-of-the-job"), nil, "its response has no token"},
		"a job with an old one": {none, job("/old", "the-secret-of-the-job"), nil, "the identity token (ACTIONS_ID_TOKEN_REQUEST_URL): it expired at "},
		"in the clear":          {none, map[string]string{keyless.GitHubURL: "http://ci.example/", keyless.GitHubSecret: "the-secret-of-the-job"}, nil, "it is not an https URL"},
		"expired":               {file(old), nil, nil, "the identity token (--identity-token): it expired at "},
		"no token":              {file("a-PassWord-and-no-token"), nil, nil, "it is not an identity token (a JWT, three parts"},
		"no JSON":               {file("aaaa.bbbb.cccc"), nil, nil, "it has no subject"},
		"empty":                 {file(""), nil, nil, "it is not an identity token"},
		"no file":               {and("--identity-token", "nosuch"), nil, nil, `"nosuch" cannot be read`},
		"refused":               {none, gitlab, func(s *keylesstest.Standin) { s.Status = http.StatusForbidden }, "it does not accept the identity token: it responds with the status 403"},
		"refused, and repeated": {none, gitlab, func(s *keylesstest.Standin) { s.Status, s.Echo = http.StatusUnauthorized, true }, "the certificate authority (--fulcio-url): it does not accept the identity token"},
		"a redirect of Fulcio":  {none, gitlab, func(s *keylesstest.Standin) { s.Status, s.Echo = http.StatusTemporaryRedirect, true }, "it responds with the status 307"},
		"Fulcio in the clear":   {and("--fulcio-url", "http://fulcio.example"), gitlab, nil, "--fulcio-url: it is not an https URL"},
		"Rekor in the clear":    {and("--rekor-url", "http://rekor.example"), gitlab, nil, "--rekor-url: it is not an https URL"},
		"a key, too":            {and("--key", "vendor.key.pem"), gitlab, nil, "--key and --keyless contradict each other"},
		"unsigned":              {and("--unsigned"), gitlab, nil, "--keyless and --unsigned contradict each other"},
		"a root that is none":   {func(d *desk) []string { return []string{"--keyless", "--trusted-root", d.file("root", "{}")} }, gitlab, nil, "it is not a trusted root"},
	} {
		t.Run(name, func(t *testing.T) {
			d, s := &desk{t, t.TempDir()}, keylesstest.New(t)
			if test.change != nil {
				test.change(s)
			}
			variables := map[string]string{"CONFORMANCE_FULCIO_URL": s.URL, "CONFORMANCE_REKOR_URL": s.URL}
			for name, value := range test.variables {
				variables[name] = value
			}
			a := &app.App{Process: app.Process{Lookup: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}}
			err := tryKeyless(a, t, test.flags(d))
			switch {
			case test.want == "" && err != nil, test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("%v, want %q", err, test.want)
			case err == nil:
				return
			}
			if text := err.Error(); strings.Contains(text, "\n") || strings.Contains(text, "secret-of") || strings.Contains(text, good) || strings.Contains(text, old) ||
				strings.Contains(text, "PassWord") {
				t.Errorf("it is not one line, or has a secret: %s", text)
			}
		})
	}
}

// tryKeyless does what certify does with the flags of an identity before a run.
func tryKeyless(a *app.App, t *testing.T, args []string) error {
	t.Helper()
	a.Err = &app.Gate{W: &bytes.Buffer{}}
	var f CertifyFlags
	cmd := &cobra.Command{Use: "certify"}
	cmd.Flags().StringVar(&f.SigningKey, "key", "", "")
	cmd.Flags().BoolVar(&f.unsigned, "unsigned", false, "")
	f.keyless.bind(cmd.Flags())
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	if err := a.BindVariables(cmd); err != nil {
		return err
	}
	if err := oneSignature(a, &f); err != nil {
		return err
	}
	signer, err := newIdentitySigner(a, f.keyless)
	if err != nil {
		return err
	}
	return signer.try(t.Context())
}
