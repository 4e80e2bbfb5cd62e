package suites

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
)

// user is a compiled test binary of a Go user's, in a module outside this one.
type user struct{ binary, ginkgo, dir string }

// compile builds a package of testdata, and the ginkgo command, by this module and what is in the module cache.
func compile(t *testing.T, name string) user {
	t.Helper()
	if testing.Short() {
		t.Skip("it compiles a module")
	}
	dir := t.TempDir()
	source, err := os.ReadFile(filepath.Join("testdata", name, name+"_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	const path = "github.com/sa-conformance/conformance"
	module := strings.Replace(string(mod), "module "+path, "module example.com/user", 1) +
		"\nrequire " + path + " v0.0.0\n\nreplace " + path + " => " + root + "\n"
	for name, text := range map[string]string{"user_test.go": string(source), "go.mod": module, "go.sum": string(sum)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	u := user{binary: filepath.Join(dir, "user.test"), ginkgo: filepath.Join(dir, "ginkgo"), dir: dir}
	for _, args := range [][]string{{"test", "-c", "-o", u.binary, "."}, {"build", "-o", u.ginkgo, "github.com/onsi/ginkgo/v2/ginkgo"}} {
		command := exec.CommandContext(t.Context(), "go", args...)
		command.Dir = dir
		command.Env = append(os.Environ(), "GOFLAGS=-mod=mod -trimpath -buildvcs=false", "GOPROXY=off")
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go %q: %v\n%s", args, err, output)
		}
	}
	return u
}

// trial is one process of the user's.
type trial struct {
	test string // of testdata/user
	args []string
	env  []string
	// wrap is put around the target, nil for nothing; command is ginkgo if that is to start the binary.
	wrap   middleware
	ginkgo bool
	during func(*exec.Cmd) // called when the target has created an account
	// Wanted: whether the process fails, what it says, and what it does not say.
	fails       bool
	says, never []string
	// sent is what the target wants to have seen: nothing, or creates up to a number.
	nothing bool
	most    int64
	// left says that accounts are left, which the journal names for a sweep.
	left bool
}

func (u user) try(t *testing.T, trial trial) {
	t.Helper()
	var requests, creates atomic.Int64
	created := make(chan struct{}, 1000)
	cfg, server := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		if trial.wrap != nil {
			next = trial.wrap(next)
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			next.ServeHTTP(w, r)
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/serviceaccounts") {
				creates.Add(1)
				created <- struct{}{}
			}
		})
	})
	state := t.TempDir()
	args := append([]string{"-test.run=^" + trial.test + "$"}, trial.args...)
	program := u.binary
	if trial.ginkgo {
		program, args = u.ginkgo, append(trial.args, u.binary, "--", "--test.run=^"+trial.test+"$")
	}
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir = state
	command.Env = append(os.Environ(), "XDG_STATE_HOME="+state, "USER_TARGET="+cfg.Target, "USER_ORGANIZATION="+cfg.Organization,
		"USER_TOKEN="+cfg.Token, "USER_GROUPS="+strings.Join(cfg.Groups, ","), "USER_FOCUS=^(Creating|List)")
	command.Env = append(command.Env, trial.env...)
	var output strings.Builder
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if trial.during != nil {
		<-created
		trial.during(command)
	}
	err := command.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || (err != nil) != trial.fails {
		t.Errorf("it ends with %v", err)
	}
	for _, text := range trial.says {
		if !strings.Contains(output.String(), text) {
			t.Errorf("it does not say %q", text)
		}
	}
	for _, text := range append(trial.never, cfg.Token, "test timed out") {
		if strings.Contains(output.String(), text) {
			t.Errorf("it says %q", text)
		}
	}
	switch {
	case trial.nothing && requests.Load() > 0:
		t.Errorf("it sent %d requests", requests.Load())
	case !trial.nothing && requests.Load() == 0:
		t.Error("it sent nothing")
	case trial.most > 0 && creates.Load() > trial.most:
		t.Errorf("it sent %d creates", creates.Load())
	}
	if left := server.Count(cfg.Organization); left > 0 != trial.left {
		t.Errorf("it leaves %d accounts", left)
	}
	journal := filepath.Join(state, "conformance", "journal.jsonl")
	if trial.left {
		cfg.Journal = journal
		if swept, err := engine.Sweep(context.WithoutCancel(t.Context()), cfg, false); err != nil || swept.Left > 0 {
			t.Errorf("sweeping: %+v, %v", swept, err)
		}
		nothingLeft(t, server, cfg)
	}
	if t.Failed() {
		t.Logf("%s %q\n%s", filepath.Base(program), args, &output)
	}
}
