// Package cli is the command line: it turns arguments, variables and signals into a run, and a report into files,
// lines and an exit code. It judges nothing and sends nothing to a target.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

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

// Run runs one command to its end and returns its exit code.
func Run(ctx context.Context, p Process) int {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	a := &app{Process: p, out: &gate{w: p.Stdout}, err: &gate{w: p.Stderr}}
	done := make(chan int, 1)
	go func() { done <- a.execute(ctx) }()
	var again *time.Ticker
	var stuck <-chan time.Time // ticks once the command was interrupted
	for {
		select {
		case code := <-done:
			return code
		case <-stuck:
			if a.reading.Load() == 0 {
				continue
			}
			a.out.shut()
			a.err.shut()
			code, _ := interrupted(ctx)
			_, _ = fmt.Fprintf(p.Stderr, "exit %d: interrupted while a file was read\n", code)
			return code
		case signal := <-p.Signals:
			if ctx.Err() == nil {
				cancel(interruption{signal})
				again = time.NewTicker(50 * time.Millisecond)
				defer again.Stop()
				stuck = again.C
				continue
			}
			a.out.shut()
			a.err.shut()
			code := interruption{signal}.code()
			_, _ = fmt.Fprintf(p.Stderr, "exit %d: stopped at once: service accounts of this run may be left on the target%s\n", code, a.remedied())
			return code
		}
	}
}

// app is one command on its way.
type app struct {
	Process
	out, err *gate
	verbose  bool
	// streaming is set if events go to standard output.
	streaming bool
	// code is the exit code of a command that came to its end.
	code int
	// variables maps the flags that a variable set to its name.
	variables map[string]string
	// sweep is the command that removes what a run leaves when it is stopped at once; nil if there is none.
	sweep atomic.Pointer[string]
	// reading counts the files that are being opened or read before anything is sent. A pipe may never have a writer, and no
	// context ends the wait for one: a signal then ends the command.
	reading atomic.Int32
	// parsed is the configuration file of a fleet, read once; nil otherwise.
	parsed *parsedConfig
	configured
}

// execute runs the command and says in one line what is wrong, if anything is.
func (a *app) execute(ctx context.Context) (code int) {
	defer func() {
		if cause := recover(); cause != nil {
			code = a.fail(broken("stopped on a fault of its own: %v; run again with --verbose and report it", cause))
			if a.verbose {
				a.printErr("%s", debug.Stack())
			}
		}
	}()
	root := a.root()
	root.SetArgs(a.Args)
	root.SetIn(a.Stdin)
	root.SetOut(a.out)
	root.SetErr(a.err)
	if err := root.ExecuteContext(ctx); err != nil {
		return a.fail(err)
	}
	return a.code
}

// fail prints one line that says what to do and what the exit code means.
func (a *app) fail(err error) int {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: exitWrong, text: err.Error()} // of cobra, about arguments
	}
	text := strings.Join(strings.Fields(f.text), " ")
	a.printErr("conformance: %s (exit %d: %s)\n", text, f.code, meaning(f.code))
	return f.code
}

func (a *app) warn(format string, args ...any) {
	a.printErr("conformance: warning: "+format+"\n", args...)
}

func (a *app) printErr(format string, args ...any) {
	_, _ = fmt.Fprintf(a.err, format, args...)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "conformance",
		Short: "Judge implementations of \"create service account\" against their contract",
		Long: `Judges any implementation of "create service account" over HTTP, and shows its evidence.

Every flag has a variable: CONFORMANCE_ and the flag's name in upper case, with _ for - (--ca-file is
CONFORMANCE_CA_FILE); where a flag takes several values, the variable separates them by commas. A flag beats its
variable, and a variable beats the configuration file.`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.bindVariables(cmd); err != nil {
				return err
			}
			return a.bindFile(cmd)
		},
		RunE: unknownCommand,

		SuggestionsMinimumDistance: 2,
	}
	root.Version = a.Build.Version
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.Flags().Bool("version", false, "print the version; \"conformance version\" prints those of contract and catalogue too") // without a letter
	root.PersistentFlags().BoolVar(&a.verbose, "verbose", false, "say more")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand(root))
	root.AddCommand(a.runCommand(), a.fleetCommand(), a.certifyCommand(), a.verifyCommand(), a.matrixCommand(), a.registryCommand(), a.keygenCommand(), a.judgeCommand(), a.compareCommand(), a.reportCommand(), a.exportCommand(), a.historyCommand(), a.planCommand(), a.exploreCommand(), a.sweepCommand(), a.doctorCommand(), a.initCommand(), a.proveCommand(), a.serveCommand(), a.uiCommand(), a.witnessCommand(), a.listCommand(), a.explainCommand(), a.versionCommand(), a.contractCommand(), a.manCommand())
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = cobra.ArbitraryArgs, unknownShell
	}
	return root
}

func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return wrong(`no command was given; "conformance help" lists them, "conformance run" judges`)
	}
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return wrong("unknown command %s; did you mean %q?", shown(args[0]), near[0])
	}
	return wrong(`unknown command %s; "conformance help" lists the commands`, shown(args[0]))
}

func unknownShell(*cobra.Command, []string) error {
	return wrong(`"conformance completion" takes the name of a shell: bash, fish, powershell or zsh`)
}

func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, args)
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// noArguments refuses arguments without echoing them: one of them may be a token.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrong("%q takes flags and no arguments, and got %d; see \"%s --help\"",
			cmd.CommandPath(), len(args), cmd.CommandPath())
	}
	return nil
}

// oneArgument wants the name of one thing, without echoing what else it got.
func oneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return wrong(`"%s" takes the name of one %s, and got %d arguments; see "%s --help"`, cmd.CommandPath(), what, len(args), cmd.CommandPath())
		}
		return nil
	}
}
