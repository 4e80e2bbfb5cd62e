package reportcmd

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/export"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// exportFlags are the flags of "conformance export".
type exportFlags struct {
	format, only, out string
}

func ExportCommand(a *app.App) *cobra.Command {
	var f exportFlags
	var names, lines []string
	for _, format := range export.Formats() {
		names, lines = append(names, format.Name), append(lines, "  "+format.Name+strings.Repeat(" ", 10-len(format.Name))+format.Help)
	}
	cmd := &cobra.Command{
		Use:   "export REPORT",
		Short: "Write the conversation of a failure for another tool, without a target",
		Long: `Writes the conversation in which a requirement failed, from a report.json that "conformance run --out DIR" wrote, in a form that
runs without this program. It ends with the deletion of what it creates. Credentials are variables; ids and tokens of accounts
are taken from the responses. What was expected is tested if it is a status or a member of the body, and stands in a comment
in any case. Without --only it is the first failure of the report.

Formats:
` + strings.Join(lines, "\n"),
		Example: `  conformance export reports/report.json --format hurl --out failure.hurl
  conformance export reports/report.json --only create.status.created --format go > main.go`,
		Args: app.OneArgument("report.json"),
		RunE: func(_ *cobra.Command, args []string) error { return runExport(a, f, args[0]) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.format, "format", "hurl", "`FORMAT`: "+strings.Join(names, ", "))
	s.StringVar(&f.only, "only", "", "`ID` of the requirement")
	_ = s.SetAnnotation("only", app.Elsewhere, []string{"export-only"}) // of a flag that is there
	s.StringVar(&f.out, "out", "", "`FILE` to write instead of standard output, or directory for bruno")
	_ = s.SetAnnotation("out", app.Elsewhere, []string{"export-out"}) // of a flag that is there
	app.Complete(cmd, "format", names)
	return cmd
}

func runExport(a *app.App, f exportFlags, path string) error {
	formats := export.Formats()
	at := slices.IndexFunc(formats, func(x export.Format) bool { return x.Name == f.format })
	if at < 0 {
		var names []string
		for _, x := range formats {
			names = append(names, x.Name)
		}
		return app.Wrong("%s: %s is none of %s", a.Source("format"), app.Shown(f.format), strings.Join(names, ", "))
	}
	format := formats[at]
	if format.File == "" && f.out == "" {
		return app.Wrong("--format %s writes several files; name a directory with --out", format.Name)
	}
	r, err := a.ReadReport("", path)
	if err != nil {
		return err
	}
	id := f.only
	if id == "" {
		cards := report.Cards(r)
		if len(cards) == 0 {
			return app.Wrong("%s: nothing failed, so that there is no conversation to export", app.Shown(path))
		}
		id = cards[0].ID
		if n := len(cards) - 1; n > 0 {
			a.PrintErr("conformance: exporting %s; --only ID takes one of the %s\n", report.Printable(id), app.Count(n, "other failure"))
		}
	}
	script, err := export.Build(r, id)
	if err != nil {
		return app.Wrong("%s: %s", app.Shown(path), err.Error())
	}
	files, err := format.Write(script)
	if err != nil {
		return app.Wrong("%s as %s: %s", report.Printable(id), format.Name, err.Error())
	}
	if f.out == "" {
		_, err := a.Out.Write(files[format.File])
		return a.Written(err)
	}
	return exportFiles(a, f.out, format, files)
}

func exportFiles(a *app.App, out string, format export.Format, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := out
		if format.File == "" {
			path = filepath.Join(out, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(out), app.Cause(err))
			}
		}
		if err := outcome.WriteFile(path, redact.New(), files[name]); err != nil {
			return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(path), app.Cause(err))
		}
	}
	return nil
}
