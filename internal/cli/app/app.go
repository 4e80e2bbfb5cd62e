// Package app is what every command shares: where it prints, its exit codes, its interruption, and the variables and the
// configuration file behind its flags. It knows no command.
package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/spec"
)

// Process is the world that a command runs in.
type Process struct {
	// Args are the arguments without the name of the program.
	Args []string
	// Lookup finds a variable of the environment.
	Lookup         func(name string) (string, bool)
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Signals asks to stop: the first one in good order, the second one at once. Nil: nobody asks.
	Signals <-chan os.Signal
	Build   Build
	// Sets are the requirement sets to choose from, the oldest first; nil: those that are built in.
	Sets []spec.Set
}

// Build says which binary this is.
type Build struct {
	Version, Commit, Go string
	// Modified is set if the working copy differed from Commit.
	Modified bool
}

// App is one command on its way.
type App struct {
	Process
	Out, Err *Gate
	Verbose  bool
	// Streaming is set if events go to standard output.
	Streaming bool
	// Code is the exit code of a command that came to its end.
	Code int
	// variables maps the flags that a variable set to its name.
	variables map[string]string
	// sweep is the command that removes what a run leaves when it is stopped at once; nil if there is none.
	sweep atomic.Pointer[string]
	// Reading counts the files that are being opened or read before anything is sent. A pipe may never have a writer, and no
	// context ends the wait for one: a signal then ends the command.
	Reading atomic.Int32
	// Parsed is the configuration file of a fleet, read once; nil otherwise.
	Parsed *ParsedConfig
	configured
	// OfRun returns the flags of "conformance run", which the configuration file may set.
	OfRun func() *pflag.FlagSet
}

// Fail prints one line that says what to do and what the exit code means.
func (a *App) Fail(err error) int {
	var f *Failure
	if !errors.As(err, &f) {
		f = &Failure{Code: ExitWrong, Text: err.Error()} // of cobra, about arguments
	}
	text := strings.Join(strings.Fields(f.Text), " ")
	a.PrintErr("conformance: %s (exit %d: %s)\n", text, f.Code, Meaning(f.Code))
	return f.Code
}

func (a *App) Warn(format string, args ...any) {
	a.PrintErr("conformance: warning: "+format+"\n", args...)
}

func (a *App) PrintErr(format string, args ...any) {
	_, _ = fmt.Fprintf(a.Err, format, args...)
}

// PrintJSON prints a value as indented JSON.
func (a *App) PrintJSON(value any) error {
	encoder := json.NewEncoder(a.Out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return a.Written(encoder.Encode(value))
}

// Written words an error of writing to standard output.
func (a *App) Written(err error) error {
	if err != nil {
		return Broken("writing to standard output: %s", Cause(err))
	}
	return nil
}

// Remedy notes the command that removes what a run leaves when it is stopped at once.
func (a *App) Remedy(command string) {
	if command != "" {
		a.sweep.Store(&command)
	}
}

func (a *App) Remedied() string {
	if command := a.sweep.Load(); command != nil {
		return "; remove them: " + *command
	}
	return ""
}
