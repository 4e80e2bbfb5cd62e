package suites_test

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli"
)

// TestMain makes the test binary the conformance command if the environment says so: what a run takes of memory and time is
// measured on a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("CONFORMANCE_TEST_CHILD") == "" {
		os.Exit(m.Run())
	}
	log.SetOutput(io.Discard)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, cli.Signals()...)
	os.Exit(cli.Run(context.Background(), cli.Process{
		Args: os.Args[1:], Lookup: os.LookupEnv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Signals: signals,
	}))
}
