package suites

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/measure"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// What a run may take of memory and of a processor's time, whatever its target does.
const (
	mostMemory  = 250 << 20
	mostRunTime = 60 * time.Second
	// longestAccount is the length up to which a report names an account that is left.
	longestAccount = 1 << 10
)

// greedy is a way for a target to make a run take memory or time.
type greedy struct {
	name string
	wrap middleware
	// lost is set if the target hides what was created, so that a clean-up cannot find all of it.
	lost bool
	// lawful is set if no document forbids what the target does: the run must not find it non-conformant.
	lawful bool
}

// reports are the files of a run.
var reports = []string{"report.json", "junit.xml", "report.md", "report.sarif", "report.html", "recording.har"}

// Whatever a target answers, a run stays within its memory and its time, comes to a verdict, writes every report, and
// deletes what it created. Each run is a process of its own. CONFORMANCE_GREEDY=all tries the whole table, and not the part of
// the day.
func TestGreedyTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a process for each of many targets")
	}
	places := make(chan struct{}, max(runtime.GOMAXPROCS(0), 2))
	for i, g := range greedyTargets() {
		if !ofToday(i, g.name) {
			continue
		}
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			places <- struct{}{}
			defer func() { <-places }()
			withstands(t, g)
		})
	}
}

// greedySamples is how many parts the table is cut into for tests: another one every day.
const greedySamples = 12

// withstands runs the command against a greedy target.
func withstands(t *testing.T, g greedy) {
	served, server := serve(t, reference.Config{}, g.wrap)
	out := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 4*mostRunTime)
	defer cancel()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(ctx, binary, "run", "--out", out, "--quiet", "--await", "300ms", "--timeout", "5s", "--cleanup-timeout", "10s")
	run.Env = append(os.Environ(), "CONFORMANCE_TEST_CHILD=1", "CONFORMANCE_REFERENCE=false", "CONFORMANCE_TARGET="+served.Target, "CONFORMANCE_ORGANIZATION="+served.Organization,
		"CONFORMANCE_OTHER_ORGANIZATION="+served.OtherOrganization, "CONFORMANCE_GROUP="+strings.Join(served.Groups, ","),
		"CONFORMANCE_TOKEN="+served.Token, "CONFORMANCE_EXPIRED_TOKEN="+served.ExpiredToken,
		"CONFORMANCE_JOURNAL="+filepath.Join(out, "journal.jsonl"))
	began := time.Now()
	text, peak := measure.Run(t, run)
	took := time.Since(began)
	if code := run.ProcessState.ExitCode(); code != 0 && code != 1 && code != 3 || g.lawful && code == 1 {
		t.Errorf("exit code %d:\n%.4000s", code, text)
	}
	if peak > mostMemory && !raced.Enabled {
		t.Errorf("it took %d MB", peak>>20)
	}
	worked := run.ProcessState.UserTime() // of a processor: how much of it there is depends on who else is at work
	if worked > mostRunTime && !raced.Enabled {
		t.Errorf("it took %s of a processor", worked)
	}
	var r report.Report
	for _, name := range reports {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || len(data) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		if name == "report.json" {
			if err := json.Unmarshal(data, &r); err != nil {
				t.Errorf("report.json: %v", err)
			}
		}
	}
	left := server.Count(served.Organization)
	if left > 0 && !g.lost || left > 0 && r.Accounts.Verified {
		t.Errorf("%d accounts are left; the report says %.2000s", left, fmt.Sprintf("%+v", r.Accounts))
	}
	for _, account := range r.Accounts.Remaining {
		if len(account) > longestAccount {
			t.Errorf("the report names an account with %d bytes: %.100s", len(account), account)
		}
	}
	t.Logf("%-45s %4d MB %5.1f s, %5.1f s of a processor, %s, %d left", g.name, peak>>20, took.Seconds(), worked.Seconds(), r.Verdict, left)
}

// rewriting makes a target of what changes its responses. The body is that of the reference.
func rewriting(change func(r *http.Request, status int, header http.Header, body string) string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := recorded(next, r)
			body := change(r, a.Code, a.Header(), a.Body.String())
			a.Header().Del("Content-Length")
			for name, values := range a.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(a.Code)
			_, _ = w.Write([]byte(body))
		})
	}
}
