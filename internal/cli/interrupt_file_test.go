//go:build unix

package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

// A signal ends a command that waits for a pipe without a writer.
func TestInterruptedWhileAPipeIsRead(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	lookup := func(name string) (string, bool) { // the token may come from a file in its place
		return "some-token", name == "CONFORMANCE_TOKEN"
	}
	run := []string{
		"run", "--target", "https://127.0.0.1:1", "--organization", "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b",
		"--journal", filepath.Join(t.TempDir(), "journal"),
	}
	plus := func(args ...string) []string { return append(slices.Clone(run), args...) }
	oauth := []string{"--oauth-token-url", "https://127.0.0.1:1", "--oauth-client-id", "x"}
	for name, args := range map[string][]string{
		"report":        {"report", pipe},
		"judge":         {"judge", pipe},
		"compare":       {"compare", pipe, pipe},
		"verify":        {"verify", pipe, "--unsigned"},
		"key":           {"verify", "x.zip", "--key", pipe},
		"signing key":   append([]string{"certify"}, append(slices.Clone(run[1:]), "--key", pipe)...),
		"waivers":       {"judge", "x.har", "--waivers", pipe},
		"baseline":      {"judge", "x.har", "--baseline", pipe},
		"configuration": {"run", "--config", pipe},
		"token":         plus("--token-file", pipe),
		"other token":   plus("--restricted-token-file", pipe),
		"secret":        plus(append(oauth, "--oauth-client-secret-file", pipe)...),
		"replay":        append([]string{"explore", "--replay", pipe}, run[1:]...),
		"authorities":   plus("--ca-file", pipe),
		"client key":    plus("--cert", "x.pem", "--key", pipe),
		"certificate":   plus("--cert", pipe, "--key", key),
	} {
		signals := make(chan os.Signal, 1)
		signals <- syscall.SIGTERM
		var out, err bytes.Buffer
		code := Run(t.Context(), app.Process{Args: args, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &err, Lookup: lookup, Signals: signals})
		if code != 143 {
			t.Errorf("%s: exit %d\n%s%s", name, code, out.String(), err.String())
		}
	}
}

// A file that never ends is refused, and not read into memory.
func TestEndlessFiles(t *testing.T) {
	const endless = "/dev/zero"
	if _, err := os.Stat(endless); err != nil {
		t.Skip(err)
	}
	lookup := func(name string) (string, bool) { return "some-token", name == "CONFORMANCE_TOKEN" }
	run := []string{"run", "--target", "https://127.0.0.1:1", "--organization", "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b"}
	for _, args := range [][]string{
		append(slices.Clone(run), "--ca-file", endless), append(slices.Clone(run), "--token-file", endless),
		{"run", "--config", endless},
		{"judge", "x.har", "--waivers", endless},
		{"judge", "x.har", "--baseline", endless},
		{"verify", "x.zip", "--key", endless},
	} {
		var out, err bytes.Buffer
		code := Run(t.Context(), app.Process{Args: args, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &err, Lookup: lookup})
		if code != app.ExitWrong || !strings.Contains(err.String(), "is longer than ") || strings.Count(err.String(), "\n") != 1 {
			t.Errorf("%q: exit %d\n%s%s", args, code, out.String(), err.String())
		}
	}
}
