package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/spec"
)

// widestName is the width up to which the first column of the table grows.
const widestName = 48

// row is one line of the table.
type row struct {
	name    string
	counts  Counts
	verdict Verdict // "" for a section
}

// table adds the counts by profile, and by section within it.
func table(p *printer, r *Report) {
	rows := tableRows(r)
	if len(rows) == 0 {
		return
	}
	width := 0
	for _, x := range rows {
		width = max(width, utf8.RuneCountInString(x.name))
	}
	p.line("%-*s  %s", width, "", p.paint(dim, "passed  failed  warnings  unstable  inconclusive  not tested"))
	for _, x := range rows {
		failed, warnings := failedAndWarnings(x.counts, r.Configuration.Strict)
		cells := []string{
			p.cell(x.counts.Passed, len("passed"), ""),
			p.cell(failed, len("failed"), red),
			p.cell(warnings, len("warnings"), yellow),
			p.cell(x.counts.Unstable, len("unstable"), yellow),
			p.cell(x.counts.Inconclusive, len("inconclusive"), yellow),
			p.cell(x.counts.NotTested, len("not tested"), ""),
		}
		name := x.name + strings.Repeat(" ", width-utf8.RuneCountInString(x.name))
		if x.verdict != "" {
			name = p.paint(bold, name)
			cells = append(cells, p.paint(verdictStyle(x.verdict), Printable(string(x.verdict))))
		}
		p.line("%s  %s", name, strings.Join(cells, "  "))
	}
	p.blank()
}

// cell is a number, right-aligned, and coloured where it is not zero.
func (p *printer) cell(n, width int, s style) string {
	text := fmt.Sprintf("%*d", width, n)
	if n == 0 || s == "" {
		return text
	}
	return p.paint(s, text)
}

// tableRows lists profiles, and below each its sections in the order of their first appearance.
func tableRows(r *Report) []row {
	var rows []row
	for _, profile := range r.Profiles {
		rows = append(rows, row{name: Printable(string(profile.Name)), counts: profile.Counts, verdict: profile.Verdict})
		for _, section := range sections(r.Results, profile.Name) {
			mine := slices.DeleteFunc(slices.Clone(r.Results), func(x Result) bool {
				return x.Profile != profile.Name || x.Section != section
			})
			rows = append(rows, row{name: "  " + shorten(Printable(section), widestName), counts: Count(mine)})
		}
	}
	return rows
}

// sections lists the sections that a profile has results in; those of no section count in the profile only.
func sections(results []Result, profile spec.Profile) []string {
	var names []string
	for _, x := range results {
		if x.Profile == profile && x.Section != "" && !slices.Contains(names, x.Section) {
			names = append(names, x.Section)
		}
	}
	return names
}
