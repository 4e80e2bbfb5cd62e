package cli

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report/formats"
	"github.com/sa-conformance/conformance/suites"
)

func (a *app) judgeCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "judge RECORDING",
		Short: "Judge a recording again, without a target",
		Long: `Judges a recording.har, which "conformance run --out DIR" wrote, with the checks of this version. Nothing is sent.

What was left out of the run is left out again. Requirements that need a live token are not tested, and the report says so.
The exit codes are those of "conformance run".`,
		Example: `  conformance judge reports/recording.har
  conformance judge reports/recording.har --out again`,
		Args: oneArgument("recording"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.judge(cmd, &f, args[0]) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.bindSet(s)
	f.bindContract(s)
	f.gateFlags.bind(s)
	s.BoolVar(&f.strict, "strict", false, "a failed SHOULD is an error, not a warning, even if the run did not use --strict")
	s.BoolVar(&f.acceptIncomplete, "accept-incomplete", false, "exit 0, not 3, if the verdict is incomplete")
	s.StringVar(&f.out, "out", "", "`DIR` for the reports: "+strings.Join(formats.Files(), ", "))
	s.BoolVar(&f.noColor, "no-color", false, "no colors")
	s.BoolVar(&f.quiet, "quiet", false, "only failures, accounts that may be left, and the verdict")
	return cmd
}

func (a *app) judge(cmd *cobra.Command, f *runFlags, path string) error {
	if f.quiet && a.verbose {
		return wrong("%s and %s contradict each other; give one of them", a.source("quiet"), a.source("verbose"))
	}
	set, err := a.chosenSet(f.set)
	if err != nil {
		return err
	}
	contract, err := a.givenContract(cmd.Context(), f.contract)
	if err != nil {
		return err
	}
	door, err := a.door(cmd.Context(), f, true)
	if err != nil {
		return err
	}
	over := a.reads()
	defer func() { over() }()
	file, err := os.Open(path)
	if err != nil {
		return wrong("%s cannot be read: %s; name a recording.har", shown(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	result, fault := suites.Rejudge(cmd.Context(), file, engine.RejudgeConfig{Strict: f.strict, Set: set, Contract: contract, Version: a.Build.Version, Commit: a.Build.Commit})
	over()
	over = func() {}
	switch {
	case result == nil && cmd.Context().Err() != nil:
		return stopped(cmd.Context())
	case engine.NotARecording(fault):
		return wrong("%s: %s; name a recording.har that \"conformance run --out\" wrote", shown(path), fault)
	case errors.As(fault, new(*fs.PathError)):
		return wrong("%s cannot be read: %s; name a recording.har", shown(path), cause(fault))
	case result == nil:
		return broken("judging the recording: %v", fault)
	}
	out := outputs{dir: f.out} // only now: it may be where the recording is
	if err := out.prepare(a.source("out")); err != nil {
		return err
	}
	f.strict = result.Report.Configuration.Strict
	a.deliver(cmd.Context(), f, out, door, result, fault)
	return nil
}
