package reportcmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/compare"
)

// compareFlags are the flags of "conformance compare".
type compareFlags struct {
	failOn, recording  string
	asJSON, asMarkdown bool
}

// What compare can fail on.
const (
	onRegression = "regression"
	onAny        = "any"
)

func CompareCommand(a *app.App) *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Tell what is different between two runs, and what made it so",
		Long: `Compares two runs, each a report.json or a recording.har that "conformance run --out DIR" wrote: what is newly failing,
newly untested or newly passing, and what rests on other evidence. It says for each what moved it: the target, the suite,
the catalogue, the contract or the configuration. To tell these apart it judges the old recording, which it looks for
beside the old report, with the checks of this version. Nothing is sent.

A regression is a MUST (with --strict of the new run: a SHOULD too) that is newly failing, or passed and is no longer
tested, for another reason than the suite's.

Exit codes: 0 compared, 1 there is what --fail-on names, 2 a file cannot be read.`,
		Example: `  conformance compare last/report.json reports/report.json --fail-on regression
  conformance compare last/recording.har reports/recording.har --markdown`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return app.Wrong(`"%s" takes an old and a new report.json or recording.har, and got %d arguments; see "%s --help"`, cmd.CommandPath(), len(args), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompare(cmd.Context(), a, f, args[0], args[1])
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.failOn, "fail-on", "", "exit 1 if there is `WHAT`: regression, or any change")
	s.StringVar(&f.recording, "old-recording", "", "recording.har `FILE` of the old run (default: beside the old report)")
	s.BoolVar(&f.asJSON, "json", false, "print JSON")
	s.BoolVar(&f.asMarkdown, "markdown", false, "print Markdown")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	return cmd
}

func runCompare(ctx context.Context, a *app.App, f compareFlags, old, next string) error {
	if f.failOn != "" && f.failOn != onRegression && f.failOn != onAny {
		return app.Wrong("%s: %s is neither %s nor %s", a.Source("fail-on"), app.Shown(f.failOn), onRegression, onAny)
	}
	before, err := outcome.LoadBaseline(ctx, a, old, f.recording)
	if err != nil {
		return err
	}
	after, recorded, err := outcome.LoadRun(ctx, a, next)
	if err != nil {
		return err
	}
	c := before.Compare(after, recorded)
	switch {
	case f.asJSON:
		err = a.PrintJSON(c)
	case f.asMarkdown:
		err = a.Written(compare.Markdown(a.Out, c))
	default:
		err = a.Written(compare.Text(a.Out, c))
	}
	if err != nil {
		return err
	}
	switch n := len(c.Regressions()); {
	case f.failOn == onRegression && n > 0:
		return &app.Failure{Code: app.ExitNonConformant, Text: app.Count(n, "regression")}
	case f.failOn == onAny && len(c.Changes) > 0:
		return &app.Failure{Code: app.ExitNonConformant, Text: app.Count(len(c.Changes), "change")}
	}
	return nil
}
