package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli/outcome"
)

// The canaries hold what URLs, JSON, HTML and base64 write in other ways.
const (
	canaryToken      = `canary-operator+/="<&>\0123456789`
	canaryRestricted = `canary-restricted+/="<&>\0123456789`
	canaryExpired    = `canary-expired+/="<&>\0123456789`
	canaryIssued     = `canary-issued+/="<&>\0123456789`
)

// TestNoSecretInAnyOutput runs against a target that echoes what it is sent, in every form, and hands out a token of
// its own; then it searches every byte that was written.
func TestNoSecretInAnyOutput(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	out, summary := t.TempDir(), filepath.Join(t.TempDir(), "summary.md")
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "conformance", "run", "--verbose", "--await", "200ms", "--out", out, "--events", filepath.Join(out, "events.jsonl")) // by TestMain
	cmd.Env = append(os.Environ(), "CONFORMANCE_REFERENCE=false",
		"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+summary,
		"CONFORMANCE_TARGET="+server.URL, "XDG_STATE_HOME="+t.TempDir(),
		"CONFORMANCE_ORGANIZATION=8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b",
		"CONFORMANCE_GROUP=5c1f1c5e-16f0-4c43-9c62-1f2d3b4a5c6d",
		"CONFORMANCE_TOKEN="+canaryToken,
		"CONFORMANCE_RESTRICTED_TOKEN="+canaryRestricted,
		"CONFORMANCE_EXPIRED_TOKEN="+canaryExpired)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err == nil {
		t.Error("a target that echoes passes")
	}
	written := map[string][]byte{"stdout": stdout.Bytes(), "stderr": stderr.Bytes()}
	for _, name := range (outcome.Outputs{Recording: true}).Files() {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Errorf("%v; stderr: %s", err, &stderr)
		}
		written[name] = data
	}
	written["events"], _ = os.ReadFile(filepath.Join(out, "events.jsonl"))
	report := filepath.Join(out, "report.json")
	for _, args := range [][]string{
		{"export", report, "--format", "hurl"},
		{"export", report, "--format", "go"},
		{"export", report, "--format", "postman"},
		{"export", report, "--format", "bruno"},
		{"report", report, "--format", "ctrf"},
		{"report", report, "--format", "waivers"},
		{"compare", report, report},
	} {
		command := exec.CommandContext(t.Context(), "conformance", args...)
		written[strings.Join(args[:1], "")+" "+args[len(args)-1]], _ = command.CombinedOutput()
	}
	history := filepath.Join(t.TempDir(), "history.html")
	if text, err := exec.CommandContext(t.Context(), "conformance", "history", out, "--out", history).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, text)
	}
	written["history"], _ = os.ReadFile(history)
	for name, data := range written {
		if len(data) < 100 && name != "stderr" {
			t.Errorf("%s is empty: %s", name, data)
		}
	}
	if written["summary"], _ = os.ReadFile(summary); len(written["summary"]) == 0 {
		t.Error("no summary was written")
	}
	if !bytes.Contains(written["report.json"], []byte("redacted")) {
		t.Error("nothing was redacted: the target's echo did not arrive")
	}
	for where, data := range written {
		for _, canary := range []string{canaryToken, canaryRestricted, canaryExpired, canaryIssued} {
			searched := forms(canary)
			searched["a part of itself"] = canary[:strings.Index(canary, "+")+2]
			for form, text := range searched {
				if bytes.Contains(data, []byte(text)) {
					t.Errorf("%s holds %s as %s", where, canary, form)
				}
			}
		}
	}
}

// forms are the ways in which a secret can be written; of base64, what is common to all surroundings.
func forms(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	found := map[string]string{
		"itself":       secret,
		"query":        url.QueryEscape(secret),
		"path":         url.PathEscape(secret),
		"JSON":         strings.Trim(string(quoted), `"`),
		"JSON in JSON": strings.ReplaceAll(strings.Trim(string(quoted), `"`), `\`, `\\`),
		"HTML":         html.EscapeString(secret),
		"hexadecimal":  hex.EncodeToString([]byte(secret)),
	}
	for shift := range 3 {
		padded := append(make([]byte, shift), secret...)
		core := func(e *base64.Encoding) string {
			text := e.EncodeToString(padded)
			return text[(shift*8+5)/6 : len(padded)*8/6]
		}
		found[fmt.Sprintf("base64, shifted by %d", shift)] = core(base64.RawStdEncoding)
		found[fmt.Sprintf("base64url, shifted by %d", shift)] = core(base64.RawURLEncoding)
	}
	return found
}

// echo answers 201 with the credential in every form, in header and body, and with a token.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	credential := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	echoes := map[string]string{"authorization": r.Header.Get("Authorization"), "body": string(body)}
	if strings.HasPrefix(credential, "canary") {
		maps.Copy(echoes, forms(credential))
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Echo", r.Header.Get("Authorization"))
	w.Header().Set("X-Echo-64", base64.StdEncoding.EncodeToString([]byte(r.Header.Get("Authorization"))))
	w.Header().Set("Location", "/?token="+url.QueryEscape(credential))
	w.WriteHeader(http.StatusCreated)
	account := map[string]any{
		"metadata": map[string]any{"id": "ee45f34b-9685-40d8-8724-23c31252ca46", "name": "echo", "echoes": echoes},
		"spec":     map[string]any{"groupIDs": []string{credential}},
		"status":   map[string]any{"expiry": credential, "accessToken": canaryIssued},
	}
	if r.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode([]any{account}) // what is waited for is in it
		return
	}
	_ = json.NewEncoder(w).Encode(account)
}
