package report

import (
	"fmt"
	"slices"
	"strings"
)

// fewIDs is the number of ids up to which a list names them all.
const fewIDs = 12

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

// group is the requirements that share a reason.
type group struct {
	reason string
	ids    []string
	// plain is set where the reason says all: the target answered nothing, or the operator left them out.
	plain bool
}

// byReason groups results by their messages, in the order of their first appearance. Messages that tell of requests
// without an answer ("create.minimal/create was not answered: …; …") and differ only in which these were are one reason; of
// a target that answered nothing at all, there is one reason for everything.
func byReason(results []Result, r *Report) []group {
	isExchange := map[string]bool{}
	for _, e := range r.Exchanges {
		isExchange[e.ID] = true
	}
	silent := ""
	if r.Stopped == "" { // else every result says why
		silent = silence(r.Exchanges)
	}
	var groups []group
	at := map[string]int{}
	for _, r := range results {
		reason := strings.TrimSpace(r.Message)
		if reason == "" {
			reason = "no reason was given"
		}
		key, several := reason, reason
		if silent != "" && r.Outcome == Inconclusive {
			key, reason = silent, silent
		} else if n, cause := unanswered(reason, isExchange); n > 0 {
			key, several = "no answer: "+cause, "a request was not answered: "+cause
			if n > 1 {
				reason, several = fmt.Sprintf("%d requests were not answered: %s", n, cause), "requests were not answered: "+cause
			}
		}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, group{reason: reason, plain: key == silent || strings.HasPrefix(key, "left out by ")})
		}
		if groups[i].reason != reason {
			groups[i].reason = several
		}
		groups[i].ids = append(groups[i].ids, r.ID)
	}
	return groups
}

// unanswered reads a message that tells of nothing but requests without an answer, and all for one cause. It returns how
// many these are; 0 of any other message.
func unanswered(message string, isExchange map[string]bool) (n int, cause string) {
	for clause := range strings.SplitSeq(message, "; ") {
		id, why, ok := strings.Cut(clause, " was not answered: ")
		if !ok || !isExchange[id] || n > 0 && why != cause {
			return 0, ""
		}
		n, cause = n+1, why
	}
	return n, cause
}

// silence says why a target answered nothing at all; "" where it did answer, or for more than one cause.
func silence(exchanges []Exchange) string {
	cause := ""
	for _, e := range exchanges {
		if strings.HasPrefix(e.Failure, "limit: ") { // it was not sent
			continue
		}
		if e.Response != nil || e.Failure == "" || cause != "" && e.Failure != cause {
			return ""
		}
		cause = e.Failure
	}
	if cause == "" {
		return ""
	}
	_, words, _ := strings.Cut(cause, ": ") // "kind: words"
	return "the target answered nothing: " + words
}

func (g group) names(verbose bool) string {
	if len(g.ids) <= fewIDs || verbose {
		return strings.Join(g.ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(g.ids[:fewIDs], ", "), len(g.ids)-fewIDs)
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
