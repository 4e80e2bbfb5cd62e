package cli

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/measure"
	"github.com/sa-conformance/conformance/internal/mutant/states"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/internal/report"
)

// A run in an organization of 20,000 accounts, where other clients create and delete, is conformant, stays small and cleans
// up; its recording is judged alike.
func TestLargeOrganization(t *testing.T) {
	raced.Rotate(t)
	accounts := 20_000
	if raced.Enabled {
		accounts = 2000 // the race detector multiplies time and memory
	}
	handler, server, err := states.Crowd(accounts).Build()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	listener, err := listen.Listen(ctx, "127.0.0.1:0", false, handler)
	if err != nil {
		t.Fatal(err)
	}
	server.SetBaseURL(listener.URL)
	known := server.Credentials()
	out := t.TempDir()
	environment := append(os.Environ(), "CONFORMANCE_REFERENCE=false", "CONFORMANCE_TARGET="+listener.URL, "CONFORMANCE_ORGANIZATION="+known.Organization,
		"CONFORMANCE_OTHER_ORGANIZATION="+known.OtherOrganization, "CONFORMANCE_GROUP="+strings.Join(known.Groups, ","),
		"CONFORMANCE_TOKEN="+known.Token, "CONFORMANCE_EXPIRED_TOKEN="+known.ExpiredToken, "CONFORMANCE_NOT_YET_VALID_TOKEN="+known.NotYetValidToken,
		"CONFORMANCE_JOURNAL="+filepath.Join(out, "journal.jsonl"))
	for _, args := range [][]string{
		{"run", "--out", out, "--quiet"},
		{"judge", filepath.Join(out, "recording.har"), "--out", filepath.Join(out, "again")},
		{"doctor"},
	} {
		command := exec.CommandContext(ctx, "conformance", args...)
		command.Env = environment
		began := time.Now()
		text, peak := measure.Run(t, command)
		took := time.Since(began)
		if code := command.ProcessState.ExitCode(); code != 0 && (args[0] != "judge" || code != app.ExitUntold) {
			t.Errorf("%s: exit code %d:\n%s", args[0], code, text)
		}
		const most = 250 << 20
		if peak > most && !raced.Enabled && runtime.GOOS == "linux" {
			t.Errorf("%s took %d MB", args[0], peak>>20)
		}
		t.Logf("%s: %d MB, %.1f s, of which %.1f s of a processor", args[0], peak>>20, took.Seconds(), command.ProcessState.UserTime().Seconds())
	}
	first, again := readReport(t, filepath.Join(out, "report.json")), readReport(t, filepath.Join(out, "again", "report.json"))
	if first.Verdict != report.Conformant || !first.Accounts.Verified || first.Accounts.Left != 0 {
		t.Errorf("%s, %+v", first.Verdict, first.Accounts)
	}
	for i, result := range first.Results {
		if now := again.Results[i]; now.ID != result.ID || now.Outcome != result.Outcome && now.Outcome != report.NotTested {
			t.Errorf("%s: %s, and %s when it is judged again", result.ID, result.Outcome, now.Outcome)
		}
	}
	if left := server.Count(known.Organization); left != 0 {
		t.Errorf("%d accounts are left", left)
	}
}

func readReport(t *testing.T, path string) (r report.Report) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}
