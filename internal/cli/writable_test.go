//go:build unix

package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

// A named pipe that nobody reads blocks no command: a summary is left out with a warning, another output is an error.
func TestPipesThatNobodyReads(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		code int
	}{
		"summary":       {[]string{"run", "--reference", "--quiet", "--only", "create.status.created"}, app.ExitConformant},
		"configuration": {[]string{"init", "--force", "--config", pipe}, app.ExitWrong},
		"certificate":   {[]string{"serve", "--tls", "--addr", "127.0.0.1:0", "--ca-out", pipe}, app.ExitWrong},
	} {
		code, text := withSummary(t, pipe, test.args)
		if code != test.code || !strings.Contains(text, app.ErrUnread.Error()) {
			t.Errorf("%s: exit %d\n%s", name, code, text)
		}
	}
}

// A named pipe that somebody reads is written.
func TestPipesThatAreRead(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	go func() {
		for {
			if text, _ := io.ReadAll(reader); len(text) > 0 {
				read <- string(text)
				return
			}
		}
	}()
	code, text := withSummary(t, pipe, []string{"run", "--reference", "--quiet", "--only", "create.status.created"})
	if code != app.ExitConformant || strings.Contains(text, "warning: GITHUB_STEP_SUMMARY") {
		t.Fatalf("exit %d\n%s", code, text) // nothing may have been written
	}
	if got := <-read; !strings.Contains(got, "onforman") {
		t.Errorf("read %q\n%s", got, text)
	}
}

func withSummary(t *testing.T, path string, args []string) (code int, text string) {
	t.Helper()
	var out, err bytes.Buffer
	code = Run(t.Context(), app.Process{
		Args: args, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &err,
		Lookup: func(name string) (string, bool) {
			if name == "GITHUB_STEP_SUMMARY" {
				return path, true
			}
			return "", false
		},
	})
	return code, out.String() + err.String()
}
