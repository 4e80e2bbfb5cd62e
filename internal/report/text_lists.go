package report

import (
	"fmt"
	"slices"
	"strings"
)

// unjudged adds what is inconclusive or not tested, one entry for each distinct reason, so that one cause is told once
// however many requirements it kept from being judged.
func unjudged(p *printer, r *Report, verbose bool) {
	results := counted(r)
	for _, list := range []struct {
		outcome Outcome
		title   string
	}{{Inconclusive, "Inconclusive"}, {NotTested, "Not tested"}} {
		mine := slices.DeleteFunc(slices.Clone(results), func(x Result) bool {
			return x.Outcome != list.outcome || explained(x, results)
		})
		if len(mine) == 0 {
			continue
		}
		groups := byReason(mine, r)
		if len(groups) == 1 && len(mine) == len(results) {
			p.wrapped(list.title+", all "+fmt.Sprint(len(mine))+": ", groups[0].reason)
			p.blank()
			continue
		}
		p.line("%s (%d)", p.paint(yellow, list.title), len(mine))
		for _, g := range groups {
			p.wrapped("  ", g.reason)
			if !g.plain || verbose {
				p.wrapped("      ", g.names(verbose))
			}
		}
		p.blank()
	}
}

// notScored adds what was judged and is not in the set: what did not pass by name, the rest by number.
func notScored(p *printer, r *Report, verbose bool) {
	beside := unscored(r)
	if len(beside) == 0 || r.Stopped != "" { // else there would be one reason over and over
		return
	}
	p.line("%s", p.paint(yellow, fmt.Sprintf("Not scored (%d), for they are not in the set %s", len(beside), Printable(r.Set.Name))))
	passed := 0
	for _, x := range beside {
		if x.Outcome == Pass && !verbose {
			passed++
			continue
		}
		p.line("  %s  %s  %s", Printable(x.ID), Printable(x.Standing()), summary(x))
	}
	if passed > 0 {
		p.line("  %s", plural(passed, "other passed", "others passed"))
	}
	p.blank()
}

// readings adds what was observed on the points on which the contract contradicts itself.
func readings(p *printer, r *Report, verbose bool) {
	contested := slices.DeleteFunc(counted(r), func(x Result) bool {
		return len(x.Contested) == 0 || (x.Outcome != Pass && x.Outcome != Fail)
	})
	if len(contested) == 0 {
		return
	}
	p.line("%s", p.paint(bold, "Contested points, and the reading observed"))
	for _, result := range contested {
		observed := result.Message
		if strings.TrimSpace(observed) == "" {
			observed = "nothing was noted"
		}
		p.line("  %s", Printable(result.ID))
		p.wrapped("      ", observed)
		if verbose {
			for _, reading := range result.Contested {
				p.wrapped("      - ", reading)
			}
		}
	}
	p.blank()
}

// observations adds what checks noted although they passed.
func observations(p *printer, r *Report) {
	noted := slices.DeleteFunc(counted(r), func(x Result) bool {
		return x.Outcome != Pass || x.Message == "" || len(x.Contested) > 0
	})
	if len(noted) == 0 {
		return
	}
	p.line("%s", p.paint(bold, "Observed"))
	for _, result := range noted {
		p.wrapped("  "+Printable(result.ID)+"  ", result.Message)
	}
	p.blank()
}
