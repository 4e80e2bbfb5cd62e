package cli

import (
	"bytes"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// reportFlags are the flags of "conformance report".
type reportFlags struct {
	format, out    string
	noColor, quiet bool
}

func (a *app) reportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report REPORT",
		Short: "Show a report.json in another form, without a target",
		Long: `Renders a report.json, which "conformance run --out DIR" wrote, to standard output or to a file. It judges nothing: the
exit code is 0 whatever the verdict is.`,
		Example: `  conformance report reports/report.json
  conformance report reports/report.json --format html --out report.html`,
		Args: oneArgument("report.json"),
		RunE: func(_ *cobra.Command, args []string) error { return a.report(f, args[0]) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.format, "format", "text", "`FORMAT`: "+strings.Join(slices.Sorted(maps.Keys(a.formats(f))), ", "))
	s.StringVar(&f.out, "out", "", "`FILE` to write instead of standard output")
	s.BoolVar(&f.noColor, "no-color", false, "no colors (text)")
	s.BoolVar(&f.quiet, "quiet", false, "only failures and the verdict (text)")
	return cmd
}

// formats are the forms that a report can be shown in.
func (a *app) formats(f reportFlags) map[string]render {
	text := report.TextOptions{Verbose: a.verbose, Quiet: f.quiet}
	if f.out == "" {
		text.Color, text.Width = a.colored(f.noColor), width(a.Stdout)
	}
	return map[string]render{
		"text":     func(w io.Writer, r *report.Report) error { return report.Text(w, r, text) },
		"json":     report.JSON,
		"html":     report.HTML,
		"markdown": report.Markdown,
		"junit":    report.JUnit,
		"sarif":    sarif,
		"waivers":  waiverList,
	}
}

func (a *app) report(f reportFlags, path string) error {
	formats := a.formats(f)
	render, ok := formats[f.format]
	if !ok {
		return wrong("%s: %s is none of %s", a.source("format"), shown(f.format), strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
	}
	over := a.reads()
	defer over()
	file, err := os.Open(path)
	if err != nil {
		return wrong("%s cannot be read: %s; name a report.json", shown(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	r, err := report.ReadJSON(file)
	if err != nil {
		return wrong("%s: %s; name a report.json that \"conformance run --out\" wrote", shown(path), report.Printable(err.Error()))
	}
	var b bytes.Buffer
	if err := render(&b, r); err != nil {
		return broken("%v", err)
	}
	if f.out == "" {
		_, err := a.out.Write(b.Bytes())
		return a.written(err)
	}
	if err := writeFile(f.out, redact.New(), b.Bytes()); err != nil {
		return wrong("%s: %s cannot be written: %s", a.source("out"), shown(f.out), cause(err))
	}
	return nil
}

// sarif renders SARIF with the rules of this suite.
func sarif(w io.Writer, r *report.Report) error {
	contract, catalogue, err := catalogue()
	if err != nil {
		return err
	}
	return report.SARIF(w, r, report.Sources{Contract: contract, Catalogue: catalogue})
}
