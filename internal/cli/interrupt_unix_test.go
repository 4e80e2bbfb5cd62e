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

// TestSecondSignalWhileReading stops a command at once that reads a file without an end. Nothing was sent, so that no account
// may be left.
func TestSecondSignalWhileReading(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "report.json")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip(err)
	}
	signals := make(chan os.Signal)
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- Run(t.Context(), app.Process{Args: []string{"report", fifo}, Lookup: none, Stdout: io.Discard, Stderr: &stderr, Signals: signals})
	}()
	writer, err := os.OpenFile(fifo, os.O_WRONLY, 0) // once the command reads
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Close() }()
	signals <- syscall.SIGTERM
	select {
	case signals <- syscall.SIGTERM:
	case got := <-code:
		code <- got
	}
	if got := <-code; got != 143 || !strings.Contains(stderr.String(), "while a file was read") || strings.Contains(stderr.String(), "may be left") {
		t.Errorf("exit code %d, stderr %q", got, &stderr)
	}
}
