package cli

import (
	"bytes"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/history"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

func (a *app) historyCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "history DIR",
		Short: "Make one page of the reports of many runs",
		Long: `Reads every report.json below a directory, whatever its name, and writes one static page: for each target the verdict and
the counts over time, the outcomes of each requirement and how flaky it is, what changed when and what moved it, and the latency
by operation.`,
		Example: "  conformance history reports --out history.html",
		Args:    oneArgument("directory"),
		RunE:    func(_ *cobra.Command, args []string) error { return a.history(args[0], out) },
	}
	cmd.Flags().StringVar(&out, "out", "history.html", "`FILE` to write")
	_ = cmd.Flags().SetAnnotation("out", elsewhere, []string{"history-out"}) // of a flag that is there
	return cmd
}

func (a *app) history(dir, out string) error {
	targets, passed, err := history.Read(dir)
	switch {
	case err != nil:
		return wrong("%s cannot be read: %s; name a directory with reports", shown(dir), cause(err))
	case len(targets) == 0:
		return wrong("%s holds no report.json that \"conformance run --out\" wrote", shown(dir))
	}
	if a.verbose {
		for _, file := range passed {
			a.printErr("conformance: %s is no report\n", report.Printable(file))
		}
	}
	var b bytes.Buffer
	if err := history.Page(&b, targets); err != nil {
		return broken("%v", err)
	}
	if err := writeFile(out, redact.New(), b.Bytes()); err != nil {
		return wrong("%s: %s cannot be written: %s", a.source("out"), shown(out), cause(err))
	}
	return nil
}
