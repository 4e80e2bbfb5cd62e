package text

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
	"github.com/sa-conformance/conformance/spec"
)

// widestName is the width up to which the first column of the table grows.
const widestName = 48

// row is one line of the table.
type row struct {
	name    string
	counts  report.Counts
	verdict report.Verdict // "" for a section
}

// table adds the counts by profile, and by section within it.
func table(p *plain.Printer, r *report.Report) {
	rows := tableRows(r)
	if r.Stopped != "" || report.Silence(r.Exchanges) != "" { // sections say no more than profiles
		rows = slices.DeleteFunc(rows, func(x row) bool { return x.verdict == "" })
	}
	if len(rows) == 0 {
		return
	}
	width := 0
	for _, x := range rows {
		width = max(width, utf8.RuneCountInString(x.name))
	}
	columns := tableColumns(rows, r.Configuration.Strict)
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.title
	}
	p.Line("%-*s  %s", width, "", p.Paint(plain.Dim, strings.Join(titles, "  ")))
	for _, x := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = p.Cell(c.number(x.counts), len(c.title), c.style)
		}
		name := x.name + strings.Repeat(" ", width-utf8.RuneCountInString(x.name))
		if x.verdict != "" {
			name = p.Paint(plain.Bold, name)
			cells = append(cells, p.Paint(verdictStyle(x.verdict), report.Printable(string(x.verdict))))
		}
		p.Line("%s  %s", name, strings.Join(cells, "  "))
	}
	p.Blank()
}

// column is one outcome in the table.
type column struct {
	title  string
	style  plain.Style
	number func(report.Counts) int
}

// tableColumns are the outcomes that occurred, and passed and failed in any case.
func tableColumns(rows []row, strict bool) []column {
	all := []column{
		{"passed", "", func(c report.Counts) int { return c.Passed }},
		{"failed", plain.Red, func(c report.Counts) int { failed, _ := report.FailedAndWarnings(c, strict); return failed }},
		{"warnings", plain.Yellow, func(c report.Counts) int { _, warnings := report.FailedAndWarnings(c, strict); return warnings }},
		{"unstable", plain.Yellow, func(c report.Counts) int { return c.Unstable }},
		{"inconclusive", plain.Yellow, func(c report.Counts) int { return c.Inconclusive }},
		{"not tested", "", func(c report.Counts) int { return c.NotTested }},
	}
	return slices.DeleteFunc(all, func(c column) bool {
		return c.title != "passed" && c.title != "failed" &&
			!slices.ContainsFunc(rows, func(x row) bool { return c.number(x.counts) > 0 })
	})
}

// tableRows lists profiles, and below each the sections of which anything was tested, in the order of their first
// appearance.
func tableRows(r *report.Report) []row {
	var rows []row
	for _, profile := range r.Profiles {
		rows = append(rows, row{name: report.Printable(string(profile.Name)), counts: profile.Counts, verdict: profile.Verdict})
		for _, section := range sections(r.Results, profile.Name) {
			mine := slices.DeleteFunc(slices.Clone(r.Results), func(x report.Result) bool {
				return bool(x.Unscored) || x.Profile != profile.Name || x.Section != section
			})
			counts := report.Count(mine)
			if counts.NotTested == len(mine) {
				continue // of which the reasons have been told
			}
			rows = append(rows, row{name: "  " + report.Shorten(report.Printable(section), widestName), counts: counts})
		}
	}
	return rows
}

// sections lists the sections that a profile has results in; those of no section count in the profile only.
func sections(results []report.Result, profile spec.Profile) []string {
	var names []string
	for _, x := range results {
		if x.Profile == profile && x.Section != "" && !slices.Contains(names, x.Section) {
			names = append(names, x.Section)
		}
	}
	return names
}
