//go:build unix

package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A signal ends a command that waits for a pipe without a writer.
func TestInterruptedWhileAPipeIsRead(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"report":  {"report", pipe},
		"judge":   {"judge", pipe},
		"compare": {"compare", pipe, pipe},
		"verify":  {"verify", pipe, "--unsigned"},
		"key":     {"verify", "x.zip", "--key", pipe},
		"waivers": {"judge", "x.har", "--waivers", pipe},
		"token":   {"run", "--target", "https://127.0.0.1:1", "--organization", "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", "--token-file", pipe, "--journal", filepath.Join(t.TempDir(), "journal")},
	} {
		signals := make(chan os.Signal, 1)
		signals <- syscall.SIGTERM
		var out, err bytes.Buffer
		code := Run(t.Context(), Process{Args: args, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &err, Lookup: none, Signals: signals})
		if code != 143 {
			t.Errorf("%s: exit %d\n%s%s", name, code, out.String(), err.String())
		}
	}
}
