package suites

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/measure"
	"github.com/sa-conformance/conformance/internal/raced"
)

// TestEachMisbehavingTarget measures the memory and the time of a run against each target of TestMisbehavingTargets. Each is tried
// in a process of its own, in which the target is too. CONFORMANCE_GREEDY=all tries the whole table, and not the part of the day.
func TestEachMisbehavingTarget(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a process for each of many targets")
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	places := make(chan struct{}, max(runtime.GOMAXPROCS(0), 2))
	for i, m := range misbehaviours(t, "http://localhost") {
		if !ofToday(i, m.name) {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			places <- struct{}{}
			defer func() { <-places }()
			name := regexp.QuoteMeta(strings.ReplaceAll(m.name, " ", "_"))
			ctx, cancel := context.WithTimeout(t.Context(), 4*mostRunTime)
			defer cancel()
			run := exec.CommandContext(ctx, binary, "-test.v", "-test.run", "^TestMisbehavingTargets$/^table$/^"+name+"$")
			began := time.Now()
			text, peak := measure.Run(t, run)
			took := time.Since(began)
			if run.ProcessState.ExitCode() != 0 || !strings.Contains(text, "--- PASS: TestMisbehavingTargets/table/") {
				t.Errorf("exit code %d:\n%.4000s", run.ProcessState.ExitCode(), text)
			}
			if peak > mostMemory && !raced.Enabled || took > mostRunTime {
				t.Errorf("it took %d MB and %s", peak>>20, took)
			}
			t.Logf("%-45s %4d MB %5.1f s, %5.1f s of a processor, with the target", m.name, peak>>20, took.Seconds(), run.ProcessState.UserTime().Seconds())
		})
	}
}

// ofToday reports whether an entry of a table is tried today. CONFORMANCE_GREEDY=all, as in make misbehaving, tries all of them.
func ofToday(entry int, name string) bool {
	return os.Getenv("CONFORMANCE_GREEDY") == "all" || entry%greedySamples == time.Now().YearDay()%greedySamples && raced.Tried(name)
}
