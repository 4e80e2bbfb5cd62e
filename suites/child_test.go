package suites_test

import (
	"context"
	"flag"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/raced"
)

// testsBeside is how many tests run at a time without the race detector: most of them wait for a target most of the time.
const testsBeside = 6

// beside sets the limit of parallel tests. It does not set the flag, of which Ginkgo thinks that it was given by hand.
func beside() {
	flag.Parse()
	if limit := flag.Lookup("test.parallel").Value; !raced.Enabled && limit.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = limit.Set(strconv.Itoa(testsBeside))
	}
}

// TestMain makes the test binary the conformance command if the environment says so: what a run takes of memory and time is
// measured on a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("CONFORMANCE_TEST_CHILD") == "" {
		beside()
		os.Exit(m.Run())
	}
	log.SetOutput(io.Discard)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, cli.Signals()...)
	os.Exit(cli.Run(context.Background(), app.Process{
		Args: os.Args[1:], Lookup: os.LookupEnv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Signals: signals,
	}))
}
