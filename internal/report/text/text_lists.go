package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
)

// unjudged adds what is inconclusive or not tested, one entry for each distinct reason, so that one cause is told once
// however many requirements it kept from being judged.
func unjudged(p *plain.Printer, r *report.Report, verbose bool) {
	results := report.CountedResults(r)
	for _, list := range []struct {
		outcome report.Outcome
		title   string
	}{{report.Inconclusive, "Inconclusive"}, {report.NotTested, "Not tested"}} {
		mine := slices.DeleteFunc(slices.Clone(results), func(x report.Result) bool {
			return x.Outcome != list.outcome || report.Explained(x, results)
		})
		if len(mine) == 0 {
			continue
		}
		groups := report.ByReason(mine, r)
		if len(groups) == 1 && len(mine) == len(results) {
			p.Wrapped(list.title+", all "+fmt.Sprint(len(mine))+": ", groups[0].Reason)
			p.Blank()
			continue
		}
		p.Line("%s (%d)", p.Paint(plain.Yellow, list.title), len(mine))
		for _, g := range groups {
			p.Wrapped("  ", g.Reason)
			if !g.Plain || verbose {
				p.Wrapped("      ", g.Names(verbose))
			}
		}
		p.Blank()
	}
}

// notScored adds what was judged and is not in the set: what did not pass by name, the rest by number.
func notScored(p *plain.Printer, r *report.Report, verbose bool) {
	beside := report.NotScored(r)
	if len(beside) == 0 || r.Stopped != "" { // else there would be one reason over and over
		return
	}
	p.Line("%s", p.Paint(plain.Yellow, fmt.Sprintf("Not scored (%d), for they are not in the set %s", len(beside), report.Printable(r.Set.Name))))
	passed := 0
	for _, x := range beside {
		if x.Outcome == report.Pass && !verbose {
			passed++
			continue
		}
		p.Line("  %s  %s  %s", report.Printable(x.ID), report.Printable(x.Standing()), report.Summary(x))
	}
	if passed > 0 {
		p.Line("  %s", report.Plural(passed, "other passed", "others passed"))
	}
	p.Blank()
}

// readings adds what was observed on the points on which the contract contradicts itself.
func readings(p *plain.Printer, r *report.Report, verbose bool) {
	contested := slices.DeleteFunc(report.CountedResults(r), func(x report.Result) bool {
		return len(x.Contested) == 0 || (x.Outcome != report.Pass && x.Outcome != report.Fail)
	})
	if len(contested) == 0 {
		return
	}
	p.Line("%s", p.Paint(plain.Bold, "Contested points, and the reading observed"))
	for _, result := range contested {
		observed := result.Message
		if strings.TrimSpace(observed) == "" {
			observed = "nothing was noted"
		}
		p.Line("  %s", report.Printable(result.ID))
		p.Wrapped("      ", observed)
		if verbose {
			for _, reading := range result.Contested {
				p.Wrapped("      - ", reading)
			}
		}
	}
	p.Blank()
}

// observations adds what checks noted although they passed.
func observations(p *plain.Printer, r *report.Report) {
	noted := slices.DeleteFunc(report.CountedResults(r), func(x report.Result) bool {
		return x.Outcome != report.Pass || x.Message == "" || len(x.Contested) > 0
	})
	if len(noted) == 0 {
		return
	}
	p.Line("%s", p.Paint(plain.Bold, "Observed"))
	for _, result := range noted {
		p.Wrapped("  "+report.Printable(result.ID)+"  ", result.Message)
	}
	p.Blank()
}
