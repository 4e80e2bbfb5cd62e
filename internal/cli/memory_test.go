package cli

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/measure"
	"github.com/sa-conformance/conformance/internal/raced"
)

// mostMemory is what a run may take at its peak, in bytes.
const mostMemory = 150 << 20

// A run against a target that sends too much, over and over again, stays small and writes every report.
func TestMemoryIsBounded(t *testing.T) {
	if raced.Enabled || runtime.GOOS != "linux" {
		t.Skip("it looks at whole processes, in the units of Linux, and the race detector multiplies what they take")
	}
	t.Parallel()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write(make([]byte, 16<<20))
	_ = zip.Close()
	bomb := bytes.Repeat(packed.Bytes(), 64)
	pour := func(text string, size int) http.HandlerFunc {
		piece := []byte(strings.Repeat(text, 64<<10/len(text)))
		return func(w http.ResponseWriter, r *http.Request) {
			var err error
			for sent := 0; err == nil && sent < size && r.Method != http.MethodHead; sent += len(piece) {
				_, err = w.Write(piece)
			}
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"endless":        pour("x", 1<<50),
		"endless tokens": pour(`{"accessToken":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln"},`, 1<<50),
		"100 MB":         pour(" ", 100_000_000),
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		},
		"150 header fields": func(w http.ResponseWriter, _ *http.Request) {
			for i := range 150 {
				w.Header().Set("X-"+strings.Repeat("a", i%40)+strings.Repeat("b", i/40), strings.Repeat("x", 100))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			defer server.Close()
			out := t.TempDir()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			run := exec.CommandContext(ctx, "conformance", "run", "--timeout", "2s", "--await", "100ms", "--out", out,
				"--cleanup-timeout", "5s", "--quiet", "--journal", filepath.Join(out, "journal.jsonl"))
			run.Env = append(os.Environ(), "CONFORMANCE_REFERENCE=false", "CONFORMANCE_TARGET="+server.URL, "CONFORMANCE_TOKEN=some-token",
				"CONFORMANCE_ORGANIZATION=8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b")
			began := time.Now()
			text, peak := measure.Run(t, run)
			took := time.Since(began)
			if code := run.ProcessState.ExitCode(); code != app.ExitNonConformant && code != app.ExitUntold {
				t.Errorf("exit code %d:\n%s", code, text)
			}
			most := int64(mostMemory)
			if name == "150 header fields" { // worse than anything that was asked for
				most += 100 << 20
			}
			if peak > most {
				t.Errorf("it took %d MB", peak>>20)
			}
			for _, file := range (outcome.Outputs{Dir: out, Recording: true}).Files() {
				if info, err := os.Stat(filepath.Join(out, file)); err != nil || info.Size() == 0 {
					t.Errorf("%s: %v", file, err)
				}
			}
			t.Logf("%s: %d MB, %.1f s", name, peak>>20, took.Seconds())
		})
	}
}
