// Command conformance judges implementations of "create service account" against the contract. Its code is in internal/cli; only this
// package exits.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"

	"github.com/sa-conformance/conformance/internal/cli"
	"github.com/sa-conformance/conformance/internal/cli/app"
)

func main() {
	log.SetOutput(io.Discard) // net/http logs pieces of odd answers there, which may be secret
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, cli.Signals()...)
	os.Exit(cli.Run(context.Background(), app.Process{
		Args:    os.Args[1:],
		Lookup:  os.LookupEnv,
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Signals: signals,
		Build:   build(),
	}))
}

// build reads what the Go tool wrote into the binary.
func build() app.Build {
	b := app.Build{Version: "devel", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}
