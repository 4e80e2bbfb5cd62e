// Package reportcmd holds the commands that read reports of earlier runs: report, compare, export and history. None of them sends
// anything.
package reportcmd

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
)

// reportFlags are the flags of "conformance report".
type reportFlags struct {
	format, out    string
	place          string
	noColor, quiet bool
}

func ReportCommand(a *app.App) *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report REPORT",
		Short: "Show a report.json in another form, without a target",
		Long: `Renders a report.json, which "conformance run --out DIR" wrote, to standard output or to a file. It judges nothing: the
exit code is 0 whatever the verdict is.

Formats:
` + formatLines(),
		Example: `  conformance report reports/report.json
  conformance report reports/report.json --format html --out report.html`,
		Args: app.OneArgument("report.json"),
		RunE: func(_ *cobra.Command, args []string) error { return runReport(a, f, args[0]) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.format, "format", "text", "`FORMAT`: "+strings.Join(formats.Names(), ", "))
	s.StringVar(&f.out, "out", "", "`FILE` to write instead of standard output; a directory for allure")
	s.StringVar(&f.place, "place", "", "`FILE` of your repository, as a relative path, that findings are shown at (sarif, gitlab)")
	s.BoolVar(&f.noColor, "no-color", false, "no colors (text)")
	s.BoolVar(&f.quiet, "quiet", false, "only failures, accounts that may be left, and the verdict (text)")
	app.Complete(cmd, "format", formatChoices())
	return cmd
}

// formatLines lists the formats, with what each is for.
func formatLines() string {
	var lines []string
	for _, f := range formats.All() {
		lines = append(lines, fmt.Sprintf("  %-13s%s", f.Name, f.Help))
	}
	return strings.Join(lines, "\n")
}

// formatChoices are the formats as a shell completes them, with what each is for.
func formatChoices() (choices []string) {
	for _, f := range formats.All() {
		choices = append(choices, cobra.CompletionWithDesc(f.Name, f.Help))
	}
	return choices
}

func runReport(a *app.App, f reportFlags, path string) error {
	format, ok := formats.Find(f.format)
	if !ok {
		return app.Wrong("%s: %s is none of %s", a.Source("format"), app.Shown(f.format), strings.Join(formats.Names(), ", "))
	}
	place, ok := repositoryPath(f.place, filepath.Separator)
	if !ok {
		return app.Wrong("%s: %s is not a path within a repository; name one such as .github/workflows/conformance.yaml", a.Source("place"), app.Shown(f.place))
	}
	over := a.Reads()
	defer over()
	file, err := os.Open(path)
	if err != nil {
		return app.Wrong("%s cannot be read: %s; name a report.json", app.Shown(path), app.Cause(err))
	}
	defer func() { _ = file.Close() }()
	r, err := reportjson.Read(file)
	if err != nil {
		return app.Wrong("%s: %s; name a report.json that \"conformance run --out\" wrote", app.Shown(path), report.Printable(err.Error()))
	}
	options := report.Options{Verbose: a.Verbose, Quiet: f.quiet, Place: place}
	if f.out == "" {
		options.Color, options.Width = a.Colored(f.noColor), app.Width(a.Stdout)
	}
	if f.out != "" && format.Files != nil {
		return reportFiles(a, format, f.out, r, options)
	}
	var b bytes.Buffer
	if err := format.Render(&b, r, options); err != nil {
		return app.Broken("%v", err)
	}
	if f.out == "" {
		_, err := a.Out.Write(b.Bytes())
		return a.Written(err)
	}
	if err := outcome.WriteFile(f.out, redact.New(), b.Bytes()); err != nil {
		return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(f.out), app.Cause(err))
	}
	return nil
}

// reportFiles writes the files of a format that is a directory.
func reportFiles(a *app.App, format formats.Format, dir string, r *report.Report, o report.Options) error {
	files, err := format.Files(r, o)
	if err != nil {
		return app.Broken("%v", err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return app.Wrong("%s: %s cannot be written: %s; name a directory that can", a.Source("out"), app.Shown(dir), app.Cause(err))
	}
	for _, file := range files {
		if err := outcome.WriteFile(filepath.Join(dir, file.Name), redact.New(), file.Data); err != nil {
			return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(dir), app.Cause(err))
		}
	}
	return nil
}

// repositoryPath is a path within a repository, as the formats want it: relative and with slashes. The separator is that of the
// system. An empty path stays empty.
func repositoryPath(text string, separator rune) (path string, ok bool) {
	path = strings.TrimPrefix(strings.ReplaceAll(text, string(separator), "/"), "./")
	return path, path == "" || fs.ValidPath(path) && path != "." && !strings.Contains(path, ":") && path == report.Printable(path)
}
