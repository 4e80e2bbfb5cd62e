package export_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The program fails at a target that still does it, passes at one that does not, and deletes what it created from both.
func TestGoRuns(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), written(t, "go", "update.x.y")["main.go"], 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, filepath.Join(dir, "main.go")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, rotated := range map[string]int{"broken": http.StatusUnauthorized, "mended": http.StatusOK} {
		var mu sync.Mutex
		var got []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, r.Method+" "+r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]+" "+r.Header.Get("Authorization"))
			switch {
			case strings.HasSuffix(r.URL.Path, "/rotate"):
				w.WriteHeader(rotated)
			case r.Method == http.MethodPost:
				w.WriteHeader(http.StatusCreated)
				_, _ = w.Write([]byte(`{"metadata":{"id":"fresh-id"},"status":{"accessToken":"fresh-token"}}`))
			}
		}))
		command := exec.CommandContext(t.Context(), program)
		command.Env = append(os.Environ(), "BASE_URL="+server.URL, "CONFORMANCE_TOKEN=operator")
		out, err := command.CombinedOutput()
		server.Close()
		if failed := strings.Contains(string(out), "FAIL status 401, want 200"); (err != nil) != (rotated != 200) || failed != (rotated != 200) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		want := "POST serviceaccounts Bearer operator\nPUT fresh-id Bearer operator\nPOST rotate Bearer fresh-token\nDELETE fresh-id Bearer operator"
		if sent := strings.Join(got, "\n"); sent != want {
			t.Errorf("%s: sent\n%s", name, sent)
		}
	}
}
