package html

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/sa-conformance/conformance/internal/report"
)

// pageSection is a section of the contract and the results in it.
type pageSection struct {
	Name    string
	Anchor  string
	Results []pageResult
	Passed  int
}

// pageResult is a verdict on a page.
type pageResult struct {
	ID        string
	Kind      string // the outcome, or "warning"
	Level     string
	Profile   string
	Statement string
	Citation  string
	Page      string // the address of the requirement's page; "" for none
	Message   string
	Expected  string
	Seen      string
	Pointer   string
	Probe     string
	Cause     string
	// Standing says how a failure that is waived, or a result that is not scored, counts; "" for every other one.
	Standing string
	told     string
	// Uncounted is set if the profile was not asked for.
	Uncounted bool
	Contested []string
	Evidence  []pageLink
	More      int // pieces of evidence that are not linked
}

// pageCard is a failure with all that explains it.
type pageCard struct {
	pageResult
	Shown        []pageExchange
	Links        []pageLink
	More         int
	Consequences []pageResult
	// Same are the ids of failures that likely have the same cause; SameMore counts those that are not named.
	Same     []string
	SameMore int
	// Trace names the request in the target's own logs.
	Trace string
	// Rerun is the command that judges just this requirement again.
	Rerun string
}

// Glyph is the mark of an outcome, so that none is told by colour alone.
func (r pageResult) Glyph() string { return glyph(r.Kind) }

// Word is the outcome in words.
func (r pageResult) Word() string { return cmp.Or(r.told, strings.ReplaceAll(r.Kind, "-", " ")) }

func glyph(kind string) string {
	switch kind {
	case "pass":
		return "✓"
	case "fail":
		return "✕"
	case "warning":
		return "!"
	case "inconclusive":
		return "?"
	case "unstable":
		return "~"
	}
	return "–"
}

// sections groups the results by section, in the order of their first appearance.
func (m *pageMaker) sections(d detail) []pageSection {
	var out []pageSection
	at := map[string]int{}
	for _, r := range m.report.Results {
		i, ok := at[r.Section]
		if !ok {
			i = len(out)
			at[r.Section] = i
			out = append(out, pageSection{Name: cmp.Or(report.Printable(r.Section), "Without a section"), Anchor: "s" + itoa(i+1)})
		}
		out[i].Results = append(out[i].Results, m.result(r, d))
		if r.Outcome == report.Pass {
			out[i].Passed++
		}
	}
	return out
}

func (m *pageMaker) result(r report.Result, d detail) pageResult {
	x := pageResult{
		ID: report.Printable(r.ID), Page: r.Page(), Kind: kind(r, m.report.Configuration.Strict), Level: report.Printable(string(r.Level)),
		Profile: report.Printable(string(r.Profile)), Statement: report.Shorten(report.Printable(r.Statement), d.text),
		Citation: report.Shorten(report.Printable(r.Citation), d.text), Message: prose(r.Message, d.text),
		Expected: prose(r.Expected, d.text), Seen: prose(r.Seen, d.text), Pointer: report.Shorten(report.Printable(r.Pointer), d.line),
		Probe: report.Printable(r.Probe), Cause: report.Printable(r.ConsequenceOf), Uncounted: !m.asked[r.Profile],
		Standing: prose(report.StandingNote(r), d.text),
	}
	if x.Standing != "" {
		x.told = report.Printable(r.Standing())
	}
	for _, reading := range r.Contested {
		x.Contested = append(x.Contested, report.Shorten(report.Printable(reading), d.text))
	}
	if repeats(r) {
		x.Message = ""
	}
	x.Evidence, x.More = m.links(r.Evidence, r.Probe, d.links)
	return x
}

// repeats reports whether the message of a result says no more than what was expected and seen.
func repeats(r report.Result) bool {
	bare := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }), " ")
	}
	message := bare(r.Message)
	return r.Expected+r.Seen != "" && strings.Contains(message, bare(r.Expected)) && strings.Contains(message, bare(r.Seen))
}

// prose is a text of several lines, each of them printable.
func prose(s string, limit int) string {
	return report.Shorten(strings.Join(report.PrintableLines(s), "\n"), limit)
}

// pageLink leads to an exchange.
type pageLink struct{ Anchor, Name, Told string }

// links leads to exchanges: of a failure, the last one shows it best, and comes first. Those of the conversation that
// was judged go by their steps.
func (m *pageMaker) links(evidence []string, probe string, limit int) (links []pageLink, more int) {
	for _, id := range slices.Backward(evidence) {
		if len(links) == limit {
			return links, len(evidence) - limit
		}
		link := pageLink{Name: report.Printable(strings.TrimPrefix(id, probe+"/")), Told: "not in this report"}
		if i, ok := m.at[id]; ok {
			link.Anchor, link.Told = anchor(i), "no response"
			if answer := m.report.Exchanges[i].Response; answer != nil {
				link.Told = itoa(answer.Status)
			}
		}
		links = append(links, link)
	}
	return links, 0
}

// card is a failure, the number n of them; the first ones show their exchanges, the others link to them.
func (m *pageMaker) card(c report.Card, d detail, n int) pageCard {
	out := pageCard{pageResult: m.result(c.Result, d), Rerun: c.Rerun}
	var rest []string
	rich := n < d.cards
	inline, shown := choose(rich, d.inline, 0), d
	if n < fullCards && d.body < full().body {
		shown = full()
	}
	for at, e := range slices.Backward(c.Exchanges) {
		i, ok := m.at[e.ID]
		if !ok {
			continue
		}
		if len(out.Shown) == inline {
			rest = append([]string{e.ID}, rest...)
			continue
		}
		var pointers []string
		if at == len(c.Exchanges)-1 && c.Pointer != "" {
			pointers = []string{c.Pointer}
		}
		out.Shown = append(out.Shown, m.exchange(i, shown, pointers, true))
	}
	out.Links, out.More = m.links(rest, c.Probe, d.links)
	if rich {
		out.Trace = report.Printable(c.Trace.String())
		out.Same, out.SameMore = fewOf(c.SameCause)
	}
	for _, r := range c.Consequences {
		out.Consequences = append(out.Consequences, m.result(r, d))
	}
	return out
}

// fewOf are the first of some ids, and how many are left out.
func fewOf(ids []string) (few []string, more int) {
	for _, id := range ids[:min(len(ids), report.MostFollowers)] {
		few = append(few, report.Printable(id))
	}
	return few, len(ids) - len(few)
}
