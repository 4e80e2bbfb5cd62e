package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

// TestSecondSignal stops a command at once whose output nobody takes.
func TestSecondSignal(t *testing.T) {
	reader, writer := io.Pipe()
	defer func() { _ = reader.Close() }()
	signals := make(chan os.Signal)
	var stderr bytes.Buffer
	code := make(chan int)
	go func() {
		code <- Run(t.Context(), app.Process{
			Args: []string{"list"}, Lookup: none, Stdout: writer, Stderr: &stderr, Signals: signals,
		})
	}()
	signals <- syscall.SIGTERM
	signals <- syscall.SIGTERM
	select {
	case got := <-code:
		if got != 143 || !strings.HasPrefix(stderr.String(), "exit 143: stopped at once") {
			t.Errorf("exit code %d, stderr %q", got, &stderr)
		}
	case <-time.After(10 * time.Second):
		t.Error("the command goes on")
	}
}

// TestServeStops ends a server by its context, takes its certificate away, and exits 0.
func TestServeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	t.Setenv("TMPDIR", t.TempDir())
	var stdout, stderr bytes.Buffer
	served := &watcher{w: &stdout, written: cancel}
	code := Run(ctx, app.Process{
		Args: []string{"serve", "--tls", "--addr", "127.0.0.1:0"}, Lookup: none, Stdout: served, Stderr: &stderr,
	})
	if code != 0 {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	if !strings.Contains(stdout.String(), "export CONFORMANCE_CA_FILE='"+os.TempDir()) {
		t.Errorf("no certificate in %s", &stdout)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	if _, ok := app.Interrupted(ctx); ok {
		t.Error("interrupted before a signal")
	}
	cancel(app.Interruption{Signal: syscall.SIGTERM})
	if code, ok := app.Interrupted(ctx); !ok || code != 143 {
		t.Errorf("SIGTERM: %d, %v", code, ok)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if code, ok := app.Interrupted(ctx); !ok || code != 130 {
		t.Errorf("cancelled by the caller: %d, %v", code, ok)
	}
}

// TestPanic: a fault of the suite is one line and exit code 4, with its stack only on demand.
func TestPanic(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		args := []string{"serve", "--tls", "--addr", "127.0.0.1:0"}
		if verbose {
			args = append(args, "--verbose")
		}
		var stderr bytes.Buffer
		code := Run(t.Context(), app.Process{
			Args: args, Lookup: none, Stderr: &stderr,
			Stdout: &watcher{w: io.Discard, written: func() { panic("boom") }},
		})
		first, rest, _ := strings.Cut(stderr.String(), "\n")
		if code != app.ExitBroken || !strings.Contains(first, "fault of its own: boom; run again with --verbose") {
			t.Errorf("exit code %d: %s", code, first)
		}
		if got := strings.Contains(rest, "goroutine"); got != verbose {
			t.Errorf("stack printed: %v, verbose: %v", got, verbose)
		}
	}
}

// TestFullDisk: what cannot be printed is an error of one line.
func TestFullDisk(t *testing.T) {
	for _, args := range [][]string{{"list"}, {"list", "--json"}, {"version"}, {"explain", "create.status.created"}} {
		var stderr bytes.Buffer
		code := Run(t.Context(), app.Process{Args: args, Lookup: none, Stdout: full{}, Stderr: &stderr})
		want := "conformance: writing to standard output: no space left on device (exit 4: the suite itself failed)\n"
		if code != app.ExitBroken || stderr.String() != want {
			t.Errorf("%q: exit code %d, %s", args, code, &stderr)
		}
	}
}

func none(string) (string, bool) { return "", false }

type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// watcher calls a function after the first write.
type watcher struct {
	w       io.Writer
	written func()
	called  atomic.Bool
}

func (w *watcher) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if !w.called.Swap(true) {
		w.written()
	}
	return n, err
}
