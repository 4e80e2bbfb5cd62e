package suites

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"
)

// A Go user's process may judge as often as it likes, however it ends: nothing is left, or the journal knows of it.
func goUsers() map[string]trial {
	return map[string]trial{
		"once":                 {test: "TestRun"},
		"count":                {test: "TestRun", args: []string{"-test.count=2", "-test.parallel=2"}},
		"twice":                {test: "TestTwice"},
		"plain":                {test: "TestPlain"},
		"judge":                {test: "TestJudge", args: []string{"-test.v"}, says: []string{"incomplete"}},
		"parallel":             {test: "TestParallel"},
		"after their suite":    {test: "TestSpecs", env: []string{"USER_WHEN=after"}},
		"inside their suite":   {test: "TestSpecs", env: []string{"USER_WHEN=inside"}},
		"before their suite":   {test: "TestSpecs", env: []string{"USER_WHEN=before"}},
		"panic in a callback":  {test: "TestHappening", env: []string{"USER_WHEN=panic"}, fails: true, says: []string{"Progress panicked: a panic of the user's"}},
		"failure in one":       {test: "TestHappening", env: []string{"USER_WHEN=fatal"}, fails: true, says: []string{"a failure of the user's", "Progress did not return"}},
		"panic elsewhere":      {test: "TestHappening", env: []string{"USER_WHEN=panic elsewhere"}, fails: true, left: true},
		"a timeout":            {test: "TestRun", args: []string{"-test.timeout=8s"}, env: []string{"USER_FOCUS="}, wrap: slowLists, fails: true, says: []string{"the time until the deadline of the test"}},
		"too short a timeout":  {test: "TestRun", args: []string{"-test.timeout=3s"}, fails: true, nothing: true, says: []string{"give it more time (go test -timeout)"}},
		"no place for journal": {test: "TestRun", env: []string{"XDG_STATE_HOME=", "HOME=", "USERPROFILE="}, fails: true, nothing: true, says: []string{"there is no place for the journal"}},
		"no journal":           {test: "TestRun", env: []string{"XDG_STATE_HOME=", "HOME=", "USERPROFILE=", "USER_JOURNAL=off"}},
		"an interrupt": {test: "TestRun", env: []string{"USER_FOCUS="}, wrap: slowLists, fails: true, says: []string{"the test was interrupted (interrupt)"}, during: func(c *exec.Cmd) {
			_ = c.Process.Signal(os.Interrupt) // of a process that goes on
		}},
	}
}

// Each flag of Ginkgo has its effect, or nothing is sent.
func ginkgoFlags(dir string) map[string]trial {
	dry := []string{"dry run: nothing was sent", "would be judged: create.status.created"}
	return map[string]trial{
		"dry-run":            {test: "TestRun", args: []string{"-ginkgo.dry-run", "-test.v"}, nothing: true, says: append(dry, "--- SKIP")},
		"dryRun":             {test: "TestRun", args: []string{"-ginkgo.dryRun"}, nothing: true, says: dry},
		"dry-run, plain":     {test: "TestPlain", args: []string{"-ginkgo.dry-run"}, nothing: true, says: dry},
		"dry-run, twice":     {test: "TestTwice", args: []string{"-ginkgo.dry-run"}, nothing: true, says: dry},
		"dry-run, judge":     {test: "TestJudge", args: []string{"-ginkgo.dry-run", "-test.v"}, nothing: true, says: append(dry, "incomplete [dry run: nothing was sent]")},
		"dry-run by command": {test: "TestRun", ginkgo: true, args: []string{"--dry-run", "-v"}, nothing: true, says: dry},
		"focus":              {test: "TestTwice", args: []string{"-ginkgo.focus=status.created", "-ginkgo.v"}, most: 4, says: []string{"Ran 1 of 1 Specs"}},
		"skip":               {test: "TestTwice", args: []string{"-ginkgo.skip=create|list", "-ginkgo.v"}, most: 42, never: []string{"create.status.created:"}},
		"label-filter":       {test: "TestTwice", args: []string{"-ginkgo.label-filter=probe:create.minimal", "-ginkgo.v"}, most: 4, never: []string{"list.order"}},
		"bad focus":          {test: "TestRun", args: []string{"-ginkgo.focus=("}, fails: true, nothing: true, says: []string{"--ginkgo.focus is not a regular expression"}},
		"bad label":          {test: "TestRun", args: []string{"-ginkgo.label-filter=&&"}, fails: true, nothing: true, says: []string{"--ginkgo.label-filter does not parse"}},
		"empty":              {test: "TestRun", args: []string{"-ginkgo.focus=no such thing"}, fails: true, nothing: true, says: []string{"no requirement matches"}},
		"fail-fast":          {test: "TestRun", args: []string{"-ginkgo.fail-fast"}, wrap: answering200, fails: true, says: []string{"a failure ended the run (--ginkgo.fail-fast)"}},
		"fail-fast, plain":   {test: "TestPlain", args: []string{"-ginkgo.fail-fast"}, wrap: answering200, fails: true, says: []string{"a failure ended the run (--ginkgo.fail-fast)"}},
		"timeout":            {test: "TestRun", args: []string{"-ginkgo.timeout=2s"}, wrap: slowLists, fails: true, says: []string{"the limit of 2s for the run (--ginkgo.timeout) was reached"}},
		"verbose":            {test: "TestRun", args: []string{"-ginkgo.v"}, says: []string{"create.status.created: ", "Passed"}},
		"verbose, count":     {test: "TestRun", args: []string{"-ginkgo.v", "-test.count=2", "-test.v"}, says: []string{"judged without Ginkgo, so that --ginkgo.v had no effect"}},
		"seed":               {test: "TestRun", args: []string{"-ginkgo.seed=7", "-ginkgo.randomize-all"}, says: []string{"Random Seed: ", "7", "will randomize all specs"}},
		"junit-report":       {test: "TestRun", args: []string{"-ginkgo.junit-report=" + dir + "/junit.xml"}, says: []string{"Passed"}},
		"junit-report twice": {test: "TestTwice", args: []string{"-ginkgo.junit-report=" + dir + "/two.xml"}, fails: true, says: []string{"--ginkgo.junit-report cannot be honoured, and nothing was sent"}},
		"verbose both":       {test: "TestRun", args: []string{"-ginkgo.v", "-ginkgo.vv"}, fails: true, nothing: true, says: []string{"Ginkgo refuses to run, and nothing was sent"}},
		"two processes":      {test: "TestRun", ginkgo: true, args: []string{"--procs=2", "--focus=status.created"}, most: 2, says: []string{"Passed", "Test Suite Passed"}},
		"the command":        {test: "TestRun", ginkgo: true, args: []string{"--focus=status.created"}, most: 2, says: []string{"Ran 1 of 1 Specs", "Test Suite Passed"}},
		"their specs first":  {test: "TestSpecs", args: []string{"-ginkgo.v"}, env: []string{"USER_WHEN=after"}},
		"flake-attempts":     {test: "TestRun", args: []string{"-ginkgo.flake-attempts=3"}, fails: true, nothing: true, says: []string{"the flag --ginkgo.flake-attempts cannot be honoured, and nothing was sent: a failure is confirmed"}},
		"focus-file":         {test: "TestRun", args: []string{"-ginkgo.focus-file=x_test.go"}, fails: true, nothing: true, says: []string{"the flag --ginkgo.focus-file cannot be honoured"}},
		"sleep-on-failure":   {test: "TestPlain", args: []string{"-ginkgo.sleep-on-failure=1s"}, fails: true, nothing: true, says: []string{"the flag --ginkgo.sleep-on-failure cannot be honoured"}},
	}
}

func TestGoUsers(t *testing.T) {
	u, dir := compile(t, "user"), t.TempDir()
	t.Run("processes", func(t *testing.T) {
		for _, trials := range []map[string]trial{goUsers(), ginkgoFlags(dir)} {
			for name, trial := range trials {
				if !raced.Tried(name) && name != "junit-report" { // these processes are built without the detector
					continue
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					u.try(t, trial)
				})
			}
		}
	})
	t.Run("the ginkgo command keeps its flags to itself", func(t *testing.T) {
		if err := os.Remove(filepath.Join(u.dir, "user_test.go")); err != nil {
			t.Fatal(err)
		}
		const source = "package user\n\nimport (\n\t\"testing\"\n\n\t\"github.com/sa-conformance/conformance/suites\"\n)\n\n" +
			"func TestRun(t *testing.T) { suites.Run(t, suites.Config{Reference: true}) }\n"
		if err := os.WriteFile(filepath.Join(u.dir, "bare_test.go"), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, flags := range [][]string{{"--dry-run"}, nil} {
			withGinkgo(t, u, flags)
		}
	})
	t.Run("JUnit", func(t *testing.T) {
		report, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
		if err != nil || !regexp.MustCompile(`testcase name="\[It\] Creating[^"]* create.status.created`).Match(report) {
			t.Errorf("the JUnit report: %v, %.2000s", err, report)
		}
	})
}

// ginkgo runs the ginkgo command on a package that does not import Ginkgo: with a flag nothing is sent, and without one the
// reference is judged.
func withGinkgo(t *testing.T, u user, flags []string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), u.ginkgo, append(flags, u.dir)...)
	command.Dir = u.dir
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod -trimpath -buildvcs=false", "GOPROXY=off")
	output, err := command.CombinedOutput()
	withheld := regexp.MustCompile("hands its flags on only to packages that import Ginkgo, and nothing was sent").Match(output)
	if refused := len(flags) > 0; (err != nil) != refused || withheld != refused {
		t.Errorf("%q: %v\n%s", flags, err, output)
	}
}
