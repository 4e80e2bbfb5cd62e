// Package cli is the command line: it turns arguments, variables and signals into a run, and a report into files,
// lines and an exit code. It judges nothing and sends nothing to a target.
package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/certifycmd"
	"github.com/sa-conformance/conformance/internal/cli/fleetcmd"
	"github.com/sa-conformance/conformance/internal/cli/manual"
	"github.com/sa-conformance/conformance/internal/cli/provecmd"
	"github.com/sa-conformance/conformance/internal/cli/reportcmd"
	"github.com/sa-conformance/conformance/internal/cli/uicmd"
)

// Run runs one command to its end and returns its exit code.
func Run(ctx context.Context, p app.Process) int {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	a := &app.App{Process: p, Out: &app.Gate{W: p.Stdout}, Err: &app.Gate{W: p.Stderr}}
	a.OfRun = func() *pflag.FlagSet { return runCommand(a).Flags() }
	done := make(chan int, 1)
	go func() { done <- execute(ctx, a) }()
	var again *time.Ticker
	var stuck <-chan time.Time // ticks once the command was interrupted
	for {
		select {
		case code := <-done:
			return code
		case <-stuck:
			if a.Reading.Load() == 0 {
				continue
			}
			a.Out.Shut()
			a.Err.Shut()
			code, _ := app.Interrupted(ctx)
			_, _ = fmt.Fprintf(p.Stderr, "exit %d: interrupted while a file was read\n", code)
			return code
		case signal := <-p.Signals:
			if ctx.Err() == nil {
				cancel(app.Interruption{Signal: signal})
				again = time.NewTicker(50 * time.Millisecond)
				defer again.Stop()
				stuck = again.C
				continue
			}
			a.Out.Shut()
			a.Err.Shut()
			code := app.Interruption{Signal: signal}.Code()
			said := "service accounts of this run may be left on the target" + a.Remedied()
			if a.Remedied() == "" && a.Reading.Load() > 0 { // no run has begun
				said = "interrupted while a file was read"
			}
			_, _ = fmt.Fprintf(p.Stderr, "exit %d: stopped at once: %s\n", code, said)
			return code
		}
	}
}

// execute runs the command and says in one line what is wrong, if anything is.
func execute(ctx context.Context, a *app.App) (code int) {
	defer func() {
		if cause := recover(); cause != nil {
			code = a.Fail(app.Broken("stopped on a fault of its own: %v; run again with --verbose and report it", cause))
			if a.Verbose {
				a.PrintErr("%s", debug.Stack())
			}
		}
	}()
	root := root(a)
	root.SetArgs(a.Args)
	root.SetIn(a.Stdin)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	if err := root.ExecuteContext(ctx); err != nil {
		return a.Fail(err)
	}
	return a.Code
}

func root(a *app.App) *cobra.Command {
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
			if err := a.BindVariables(cmd); err != nil {
				return err
			}
			if err := a.BindFile(cmd); err != nil {
				return err
			}
			return a.SettleOut(cmd)
		},
		RunE: unknownCommand,

		SuggestionsMinimumDistance: 2,
	}
	root.Version = a.Build.Version
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.Flags().Bool("version", false, "print the version; \"conformance version\" prints those of contract and catalogue too") // without a letter
	root.PersistentFlags().BoolVar(&a.Verbose, "verbose", false, "say more")
	root.SetFlagErrorFunc(app.FlagError)
	root.SetHelpCommand(helpCommand(root))
	root.AddCommand(runCommand(a), fleetcmd.FleetCommand(a), certifycmd.CertifyCommand(a), certifycmd.VerifyCommand(a), certifycmd.MatrixCommand(a), certifycmd.RegistryCommand(a), certifycmd.KeygenCommand(a), judgeCommand(a), reportcmd.CompareCommand(a), reportcmd.ReportCommand(a), reportcmd.ExportCommand(a), reportcmd.HistoryCommand(a), planCommand(a), exploreCommand(a), sweepCommand(a), doctorCommand(a), manual.InitCommand(a), provecmd.ProveCommand(a), serveCommand(a), uicmd.UiCommand(a), certifycmd.WitnessCommand(a), manual.ListCommand(a), manual.ExplainCommand(a), manual.VersionCommand(a), manual.ContractCommand(a), manual.ManCommand(a))
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = cobra.ArbitraryArgs, unknownShell
	}
	return root
}

func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return app.Wrong(`no command was given; "conformance help" lists them, "conformance run" judges`)
	}
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return app.Wrong("unknown command %s; did you mean %q?", app.Shown(args[0]), near[0])
	}
	return app.Wrong(`unknown command %s; "conformance help" lists the commands`, app.Shown(args[0]))
}

func unknownShell(*cobra.Command, []string) error {
	return app.Wrong(`"conformance completion" takes the name of a shell: bash, fish, powershell or zsh`)
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
