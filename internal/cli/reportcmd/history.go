package reportcmd

import (
	"bytes"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/history"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

func HistoryCommand(a *app.App) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "history DIR",
		Short: "Make one page of the reports of many runs",
		Long: `Reads every report.json below a directory, whatever its name, and writes one static page: for each target the verdict and
the counts over time, the outcomes of each requirement and how flaky it is, what changed when and what moved it, and the latency
by operation.`,
		Example: "  conformance history reports --out history.html",
		Args:    app.OneArgument("directory"),
		RunE:    func(_ *cobra.Command, args []string) error { return runHistory(a, args[0], out) },
	}
	cmd.Flags().StringVar(&out, "out", "history.html", "`FILE` to write")
	_ = cmd.Flags().SetAnnotation("out", app.Elsewhere, []string{"history-out"}) // of a flag that is there
	return cmd
}

func runHistory(a *app.App, dir, out string) error {
	targets, passed, err := history.Read(dir)
	switch {
	case err != nil:
		return app.Wrong("%s cannot be read: %s; name a directory with reports", app.Shown(dir), app.Cause(err))
	case len(targets) == 0:
		return app.Wrong("%s holds no report.json that \"conformance run --out\" wrote", app.Shown(dir))
	}
	if a.Verbose {
		for _, file := range passed {
			a.PrintErr("conformance: %s is no report\n", report.Printable(file))
		}
	}
	var b bytes.Buffer
	if err := history.Page(&b, targets); err != nil {
		return app.Broken("%v", err)
	}
	if err := outcome.WriteFile(out, redact.New(), b.Bytes()); err != nil {
		return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(out), app.Cause(err))
	}
	return nil
}
