package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/fleet"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
)

// targets starts references and writes a configuration file that names them. Each create is counted by target.
func targets(t testing.TB, n int, delay time.Duration, spoil func(i int, next http.Handler) http.Handler) (config string, variables map[string]string, servers []*reference.Server) {
	t.Helper()
	variables = map[string]string{}
	var file strings.Builder
	file.WriteString("targets:\n")
	for i := range n {
		server, err := reference.New(reference.Config{Signing: reference.ES256})
		if err != nil {
			t.Fatal(err)
		}
		var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(delay)
			server.ServeHTTP(w, r)
		})
		if spoil != nil {
			handler = spoil(i, handler)
		}
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		listener, err := listen.Listen(ctx, "127.0.0.1:0", false, handler)
		if err != nil {
			t.Fatal(err)
		}
		server.SetBaseURL(listener.URL)
		known := server.Credentials()
		fmt.Fprintf(&file, "  t%03d:\n    url: %s\n    organization: %s\n    otherOrganization: %s\n    groups: [%s]\n    token: {env: T%03d_TOKEN}\n    restrictedToken: {env: T%03d_RESTRICTED}\n    expiredToken: {env: T%03d_EXPIRED}\n    notYetValidToken: {env: T%03d_LATER}\n",
			i, listener.URL, known.Organization, known.OtherOrganization, strings.Join(known.Groups, ", "), i, i, i, i)
		for name, value := range map[string]string{"TOKEN": known.Token, "RESTRICTED": known.RestrictedToken, "EXPIRED": known.ExpiredToken, "LATER": known.NotYetValidToken} {
			variables[fmt.Sprintf("T%03d_%s", i, name)] = value
		}
		servers = append(servers, server)
	}
	config = filepath.Join(t.TempDir(), "conformance.yaml")
	if err := os.WriteFile(config, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return config, variables, servers
}

// commanded runs a command with variables.
func commanded(t testing.TB, variables map[string]string, args ...string) (code int, out string) {
	t.Helper()
	var b bytes.Buffer
	code = Run(t.Context(), app.Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &b, Stderr: &b, Build: app.Build{Version: "v0.0.0-test"},
		Lookup: func(name string) (string, bool) { value, ok := variables[name]; return value, ok },
	})
	return code, b.String()
}

// Two shares judge every target once, and merging them makes one page. A share that is missing is said to be.
func TestFleetShares(t *testing.T) {
	var creates [3]atomic.Int64
	config, variables, servers := targets(t, 3, 0, func(i int, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if i == 1 && r.Method == http.MethodPatch {
				return // 200
			}
			if r.Method == http.MethodPost {
				creates[i].Add(1)
			}
			next.ServeHTTP(w, r)
		})
	})
	variables["CONFORMANCE_TOKEN"], variables["CONFORMANCE_TARGET"] = "of another", "https://elsewhere.example"
	file, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	file = append(file, "run: {only: [create.status.created, method.undeclared.refused]}\n"...)
	if err := os.WriteFile(config, file, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "fleet")
	variables["JOB_COMPLETION_INDEX"], variables["JOB_COMPLETIONS"] = "0", "2"
	shared := []string{"fleet", "--config", config, "--out", dir, "--resume"}
	if code, out := commanded(t, variables, shared...); code != app.ExitConformant || !strings.Contains(out, "share 0 of 2: 2 of 2 targets passed") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if code, out := commanded(t, variables, "fleet", "--merge", dir); code != app.ExitUntold || !strings.Contains(out, "2 of 3 targets passed, missing: t001") {
		t.Errorf("exit %d\n%s", code, out)
	}
	before := creates[0].Load()
	if code, out := commanded(t, variables, shared...); code != app.ExitConformant || creates[0].Load() != before {
		t.Errorf("a share that was restarted judged again: exit %d\n%s", code, out)
	}
	variables["JOB_COMPLETION_INDEX"] = "1"
	if code, out := commanded(t, variables, shared...); code != app.ExitNonConformant {
		t.Errorf("exit %d\n%s", code, out)
	}
	code, out := commanded(t, variables, "fleet", "--merge", dir)
	if code != app.ExitNonConformant || !strings.Contains(out, "exit 1: 2 of 3 targets passed\n") {
		t.Errorf("exit %d\n%s", code, out)
	}
	var f fleet.Fleet
	data, err := os.ReadFile(filepath.Join(dir, fleet.SummaryFile))
	if err != nil || json.Unmarshal(data, &f) != nil || len(f.Targets) != 3 || len(f.Missing) != 0 || f.Targets[1].ExitCode != 1 {
		t.Errorf("%v: %s", err, data)
	}
	page, err := os.ReadFile(filepath.Join(dir, fleet.PageFile))
	if err != nil || !strings.Contains(string(page), "2 of 3 targets passed") || strings.Contains(string(page), variables["T000_TOKEN"]) {
		t.Errorf("%v: %s", err, page)
	}
	for i, s := range servers {
		if left := s.Count(s.Credentials().Organization); left != 0 {
			t.Errorf("target %d: %d accounts are left", i, left)
		}
	}
}

func TestFleetMistakes(t *testing.T) {
	config, variables, _ := targets(t, 2, 0, nil)
	bare := filepath.Join(t.TempDir(), "bare.yaml")
	if err := os.WriteFile(bare, []byte("targets:\n  eu-1:\n    url: https://a.example\n    organization: 8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	variables["CONFORMANCE_TOKEN"] = "of another"
	for want, args := range map[string][]string{
		`there is no target "t009" in .*; near it: t000, t001`:                    {"--config", config, "--only-target", "t009"},
		`target eu-1: .* does not say where its token comes from; .*EU_1_TOKEN`:   {"--config", bare},
		`gone.yaml" cannot be read`:                                               {"--config", "gone.yaml"},
		`there are 2 processes and not the number of this one`:                    {"--config", config, "--share-count", "2"},
		`the number of this process is 2, and there are 2`:                        {"--config", config, "--share-index", "2", "--share-count", "2"},
		`--merge: reading the names of the targets: .*; name a directory that "c`: {"--merge", t.TempDir()},
		`--at-once: 0 is not between 1 and 100`:                                   {"--config", config, "--at-once", "0"},
	} {
		code, out := commanded(t, variables, append([]string{"fleet", "--out", filepath.Join(t.TempDir(), "f")}, args...)...)
		if code != app.ExitWrong || !regexp.MustCompile(want).MatchString(out) || strings.Count(out, "\n") != 1 {
			t.Errorf("exit %d, want %s: %s", code, want, out)
		}
	}
}

// benchmarked is the number of targets of the benchmark.
func benchmarked() int {
	if n, err := strconv.Atoi(os.Getenv("FLEET_TARGETS")); err == nil {
		return n
	}
	return 200
}

// BenchmarkFleet judges 200 targets that take 50 ms for each response. The references are in this process too.
func BenchmarkFleet(b *testing.B) {
	config, variables, _ := targets(b, benchmarked(), 50*time.Millisecond, nil)
	for b.Loop() {
		code, out := commanded(b, variables, "fleet", "--config", config, "--out", filepath.Join(b.TempDir(), "fleet"), "--quiet")
		if code != app.ExitConformant {
			b.Fatal(out)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB")
}
