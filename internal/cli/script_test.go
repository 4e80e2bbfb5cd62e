package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
)

func TestMain(m *testing.M) {
	if strings.HasSuffix(os.Args[0], ".test") { // and not in the commands, which the scripts start by other names
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP) // commands get it even if whoever runs the tests ignores it
	}
	testscript.Main(m, map[string]func(){
		"conformance":  func() { os.Exit(Run(context.Background(), thisProcess())) },
		"answers-200":  answers200,
		"older-set":    olderSet,
		"mute":         mute,
		"closed-proxy": closedProxy,
		"short-lived":  shortLived,
		"issue":        issue,
		"object-store": objectStore,
	})
}

// TestScripts runs testdata/*.txtar. Beside the commands of testscript they have:
//
//	exits CODE ARGS…  run conformance, which must exit with CODE
//	oneline           the last command printed nothing to standard output and one line to standard error
//	source FILE       wait for FILE, and set the variables that it exports
//	page FILE SECTION run the command lines of a section of a page, which must exit with 0
//	sample FILE       compare the sample of the terminal on a page with what was printed
//	expand FILE       put the values of variables into FILE
//
// A variable of the value (unset) is none: testscript has no way to take one away.
//
// Under the race detector, where every command costs eight times as much, a twelfth of them runs: another one every day.
// All of them run without it, in make cover.
func TestScripts(t *testing.T) {
	all, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(all) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	var files []string
	for i, file := range all {
		if !raced.Enabled || i%12 == time.Now().YearDay()%12 {
			files = append(files, file)
		}
	}
	testscript.Run(t, testscript.Params{
		Files: files,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"oneline": oneline,
			"source":  source,
			"expand":  expand,
			"page":    pageLines,
			"sample":  pageSample,
		},
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			root, err := filepath.Abs("../..")
			env.Setenv("ROOT", root) // of the repository
			return err
		},
	})
}

const unset = "(unset)"

func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: exits CODE ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec("conformance", args[1:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("running conformance: %v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func oneline(ts *testscript.TestScript, _ bool, _ []string) {
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("standard output is not empty: %q", out)
	}
	if text := ts.ReadFile("stderr"); strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "conformance: ") {
		ts.Fatalf("not one clear line: %q", text)
	}
}

func source(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: source FILE")
	}
	var text []byte
	for deadline := time.Now().Add(20 * time.Second); len(text) == 0; {
		if time.Now().After(deadline) {
			ts.Fatalf("%s stays empty", args[0])
		}
		time.Sleep(20 * time.Millisecond)
		text, _ = os.ReadFile(ts.MkAbs(args[0]))
	}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if !ok {
			ts.Fatalf("not a variable: %q", line)
		}
		ts.Setenv(name, strings.Trim(value, "'"))
	}
}

func expand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// answers200 is the reference with one defect: it answers 200 where it should answer 201.
func answers200() {
	server, err := reference.New(reference.Config{})
	if err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	listener, err := listen.Listen(ctx, "127.0.0.1:0", false, http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) { server.ServeHTTP(okFor201{w}, r) }))
	if err != nil {
		panic(err)
	}
	server.SetBaseURL(listener.URL)
	a := &app.App{Out: &app.Gate{W: os.Stdout}}
	if err := printEnvironment(a, listener.URL, "", server.Credentials()); err != nil {
		panic(err)
	}
	<-listener.Done()
}

// mute is a target that takes every request and never answers.
func mute() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	listener, err := listen.Listen(ctx, "127.0.0.1:0", false, http.HandlerFunc(
		func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	if err != nil {
		panic(err)
	}
	a := &app.App{Out: &app.Gate{W: os.Stdout}}
	if err := printEnvironment(a, listener.URL, "", reference.Credentials{
		Organization: "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", Token: "some-token",
	}); err != nil {
		panic(err)
	}
	<-listener.Done()
}

// closedProxy is a proxy that asks for credentials of its own. It prints its address as a variable.
func closedProxy() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	listener, err := listen.Listen(ctx, "127.0.0.1:0", false, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Proxy-Authenticate", "Basic")
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	if err != nil {
		panic(err)
	}
	fmt.Printf("export PROXY='%s'\n", listener.URL)
	<-listener.Done()
}

type okFor201 struct{ http.ResponseWriter }

func (w okFor201) WriteHeader(status int) {
	if status == http.StatusCreated {
		status = http.StatusOK
	}
	w.ResponseWriter.WriteHeader(status)
}

func thisProcess() app.Process {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, Signals()...)
	return app.Process{
		Args: os.Args[1:],
		Lookup: func(name string) (string, bool) {
			value, present := os.LookupEnv(name)
			if value == unset {
				return "", false
			}
			return value, present
		},
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Signals: signals,
		Build:   app.Build{Version: "v0.0.0-test", Commit: "0123456789abcdef", Go: "go1.26"},
	}
}
