package cli

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report/formats"
	"github.com/sa-conformance/conformance/suites"
)

func judgeCommand(a *app.App) *cobra.Command {
	var f settings.RunFlags
	cmd := &cobra.Command{
		Use:   "judge RECORDING",
		Short: "Judge a recording again, without a target",
		Long: `Judges a recording.har, which "conformance run --out DIR" wrote, with the checks of this version. Nothing is sent.

What was left out of the run is left out again. Requirements that need a live token are not tested, and the report says so.
The exit codes are those of "conformance run".`,
		Example: `  conformance judge reports/recording.har
  conformance judge reports/recording.har --out again`,
		Args: app.OneArgument("recording"),
		RunE: func(cmd *cobra.Command, args []string) error { return runJudge(a, cmd, &f, args[0]) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.BindSet(s)
	f.BindContract(s)
	f.GateFlags.Bind(s)
	s.BoolVar(&f.Strict, "strict", false, "a failed SHOULD is an error, not a warning, even if the run did not use --strict")
	s.BoolVar(&f.AcceptIncomplete, "accept-incomplete", false, "exit 0, not 3, if the verdict is incomplete")
	s.StringVar(&f.Out, "out", "", "`DIR` for the reports: "+strings.Join(formats.Files(), ", "))
	s.BoolVar(&f.NoColor, "no-color", false, "no colors")
	s.BoolVar(&f.Quiet, "quiet", false, "only failures, accounts that may be left, and the verdict")
	return cmd
}

func runJudge(a *app.App, cmd *cobra.Command, f *settings.RunFlags, path string) error {
	if f.Quiet && a.Verbose {
		return app.Wrong("%s and %s contradict each other; give one of them", a.Source("quiet"), a.Source("verbose"))
	}
	set, err := settings.ChosenSet(a, f.Set)
	if err != nil {
		return err
	}
	contract, err := settings.GivenContract(cmd.Context(), a, f.Contract)
	if err != nil {
		return err
	}
	door, err := outcome.OpenDoor(cmd.Context(), a, f, true)
	if err != nil {
		return err
	}
	over := a.Reads()
	defer func() { over() }()
	file, err := os.Open(path)
	if err != nil {
		return app.Wrong("%s cannot be read: %s; name a recording.har", app.Shown(path), app.Cause(err))
	}
	defer func() { _ = file.Close() }()
	result, fault := suites.Rejudge(cmd.Context(), file, engine.RejudgeConfig{Strict: f.Strict, Set: set, Contract: contract, Version: a.Build.Version, Commit: a.Build.Commit})
	over()
	over = func() {}
	switch {
	case result == nil && cmd.Context().Err() != nil:
		return app.Stopped(cmd.Context())
	case engine.NotARecording(fault):
		return app.Wrong("%s: %s; name a recording.har that \"conformance run --out\" wrote", app.Shown(path), fault)
	case errors.As(fault, new(*fs.PathError)):
		return app.Wrong("%s cannot be read: %s; name a recording.har", app.Shown(path), app.Cause(fault))
	case result == nil:
		return app.Broken("judging the recording: %v", fault)
	}
	out := outcome.Outputs{Dir: f.Out} // only now: it may be where the recording is
	if err := out.Prepare(a.Source("out")); err != nil {
		return err
	}
	f.Strict = result.Report.Configuration.Strict
	outcome.Deliver(cmd.Context(), a, f, out, door, result, fault)
	return nil
}
