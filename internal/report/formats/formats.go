// Package formats is the list of the formats of a report. A new format is one package that has a report.Renderer, and one
// line here. It renders nothing itself.
package formats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/allure"
	"github.com/sa-conformance/conformance/internal/report/ctrf"
	"github.com/sa-conformance/conformance/internal/report/github"
	"github.com/sa-conformance/conformance/internal/report/gitlab"
	"github.com/sa-conformance/conformance/internal/report/html"
	"github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/internal/report/junit"
	"github.com/sa-conformance/conformance/internal/report/markdown"
	"github.com/sa-conformance/conformance/internal/report/openmetrics"
	"github.com/sa-conformance/conformance/internal/report/sarif"
	"github.com/sa-conformance/conformance/internal/report/text"
	"github.com/sa-conformance/conformance/internal/report/waivers"
)

// Format is one way to show a report.
type Format struct {
	// Name is what --format takes.
	Name string
	// File is the name of its file in the directory of --out; "" if it has none.
	File string
	// Help says in some words what it is for.
	Help   string
	Render report.Renderer
	// Files is set for a format that is a directory of files.
	Files report.Files
}

// All lists the formats by name.
func All() []Format {
	return []Format{
		{"allure", "", "results for Allure: with --out a directory", allure.Render, allure.Files},
		{"ctrf", "", "Common Test Report Format, for dashboards", ctrf.Render, nil},
		{"github", "", "annotations of GitHub Actions", github.Render, nil},
		{"gitlab", "", "code quality report of GitLab", gitlab.Render, nil},
		{"html", "report.html", "one page for a browser", html.Render, nil},
		{"json", "report.json", "for programs; the other formats are made from it", json.Render, nil},
		{"junit", "junit.xml", "for CI servers", junit.Render, nil},
		{"markdown", "report.md", "for the summary of a CI job", markdown.Render, nil},
		{"openmetrics", "", "metrics for Prometheus: textfile collector or push gateway", openmetrics.Render, nil},
		{"sarif", "report.sarif", "for code scanning", sarif.Render, nil},
		{"text", "", "for a terminal", text.Render, nil},
		{"waivers", "", "a waiver to fill in for each failure", waivers.Render, nil},
	}
}

// Names lists the names of all formats.
func Names() (names []string) {
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

// Find returns the format of a name.
func Find(name string) (Format, bool) {
	return first(func(f Format) bool { return f.Name == name })
}

// OfFile returns the format that a file in the directory of --out has.
func OfFile(file string) (Format, bool) {
	return first(func(f Format) bool { return f.File != "" && f.File == file })
}

func first(wanted func(Format) bool) (Format, bool) {
	all := All()
	if i := slices.IndexFunc(all, wanted); i >= 0 {
		return all[i], true
	}
	return Format{}, false
}

// Files lists the files that --out writes.
func Files() (names []string) {
	for _, f := range All() {
		if f.File != "" {
			names = append(names, f.File)
		}
	}
	slices.Sort(names)
	return names
}

// Table is the list as Markdown, as docs/running.md has it.
func Table() string {
	var b strings.Builder
	b.WriteString("| format | file | for |\n|---|---|---|\n")
	for _, f := range All() {
		file := "`" + f.File + "`"
		if f.File == "" {
			file = ""
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, file, f.Help)
	}
	return b.String()
}
