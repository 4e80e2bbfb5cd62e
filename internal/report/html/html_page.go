package html

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// page is all that the template shows.
type page struct {
	Policy string
	Style  template.CSS
	Script template.JS

	Verdict  report.Verdict
	Reason   string
	Gate     string
	Target   string
	Embedded bool
	Insecure bool
	Report   *report.Report
	Started  pageTime
	Took     string
	Counts   []pageCount
	Profiles []pageProfile
	Cards    []pageCard
	Sections []pageSection
	Readings []pageResult
	Unjudged []pageReasons
	Levels   []spec.Level
	Run      pageRun
	Facts    []pageFact
	About    []pageFacts
	Warnings []string
	Left     []string
}

type pageTime struct{ Machine, Human string }

// pageCount is the number of results of one outcome, as the page tells outcomes apart: warnings are one.
type pageCount struct {
	Outcome, Word string
	Count         int
}

// pageProfile is a line of the table of profiles.
type pageProfile struct {
	Name    string
	Verdict report.Verdict
	Counts  []pageCount
	Bars    []pageBar
}

// pageFact is something to know about the run.
type pageFact struct{ Name, Value, Note string }

type pageFacts struct {
	Title string
	Facts []pageFact
}

// pageReasons is what could not be judged, by reason.
type pageReasons struct {
	Title  string
	Count  int
	Groups []pageGroup
}

type pageGroup struct {
	Reason string
	IDs    []string
}

// pageMaker holds what does not depend on how much a page shows.
type pageMaker struct {
	report *report.Report
	asked  map[spec.Profile]bool
	cards  []report.Card
	base   string // what the URLs of the target begin with
	at     map[string]int
	laid   []laidOut
	// everyRequest and everyAnswer are the headers that all requests, or all responses, carry.
	everyRequest, everyAnswer []string
	// failing holds the ids of the failures that rest on an exchange; blamed the pointers into its response.
	failing, blamed map[int][]string
}

// laidOut is the bodies of an exchange on lines.
type laidOut struct{ request, response []bodyLine }

func newPageMaker(r *report.Report) *pageMaker {
	m := &pageMaker{
		report: r, cards: report.Cards(r), at: map[string]int{}, laid: make([]laidOut, len(r.Exchanges)),
		asked: map[spec.Profile]bool{}, failing: map[int][]string{}, blamed: map[int][]string{},
	}
	for _, p := range r.Profiles {
		m.asked[p.Name] = true
	}
	var requests, answers []*report.Message
	for i, e := range r.Exchanges {
		requests = append(requests, &r.Exchanges[i].Request)
		if e.Response != nil {
			answers = append(answers, e.Response)
		}
		if _, ok := m.at[e.ID]; !ok {
			m.at[e.ID] = i
		}
		m.laid[i].request = layLines(e.Request.Body, e.Request.BodyTruncated)
		if e.Response != nil {
			m.laid[i].response = layLines(e.Response.Body, e.Response.BodyTruncated)
		}
	}
	m.everyRequest, m.everyAnswer = everywhere(requests), everywhere(answers)
	if u, err := url.Parse(r.Target.URL); err == nil && u.Host != "" {
		m.base = report.Printable(u.Scheme + "://" + u.Host)
	}
	for _, result := range r.Results {
		if !result.Outcome.Broke() {
			continue
		}
		for n, id := range result.Evidence {
			i, ok := m.at[id]
			if !ok {
				continue
			}
			m.failing[i] = append(m.failing[i], result.ID)
			if n == len(result.Evidence)-1 && result.Pointer != "" { // the last one shows the failure best
				m.blamed[i] = append(m.blamed[i], result.Pointer)
			}
		}
	}
	return m
}

func (m *pageMaker) page(d detail) *page {
	r := m.report
	p := &page{
		Report: r, Verdict: report.Verdict(report.Printable(string(r.Verdict))), Reason: m.reason(), Gate: report.Printable(r.Gate.Line()),
		Target: report.Printable(r.Target.URL), Embedded: r.Target.Embedded, Insecure: r.Target.Insecure,
		Started:  pageTime{Machine: r.StartedAt.UTC().Format(time.RFC3339), Human: r.StartedAt.UTC().Format("2 January 2006, 15:04:05 UTC")},
		Took:     took(r.DurationSeconds),
		Counts:   pageCounts(r.Results, r.Results, r.Configuration.Strict),
		Profiles: m.profiles(),
		Sections: m.sections(d),
		Levels:   []spec.Level{spec.Must, spec.Should},
		Unjudged: m.unjudged(d),
		Run:      m.run(d),
		Facts:    m.facts(),
		About:    m.about(),
	}
	for i, c := range m.cards {
		p.Cards = append(p.Cards, m.card(c, d, i))
	}
	for _, section := range p.Sections {
		for _, result := range section.Results {
			if len(result.Contested) > 0 {
				p.Readings = append(p.Readings, result)
			}
		}
	}
	for _, warning := range slices.Concat(r.Warnings, r.Gate.Warnings) {
		p.Warnings = append(p.Warnings, report.Shorten(report.Printable(warning), d.text))
	}
	for _, account := range r.Accounts.Remaining {
		p.Left = append(p.Left, report.Shorten(report.Printable(account), d.line))
	}
	return p
}

// kind is the outcome of a result as a page tells outcomes apart.
func kind(r report.Result, strict bool) string {
	switch {
	case r.Outcome == report.Fail && report.IsWarning(r, strict):
		return "warning"
	case r.Outcome == report.Pass, r.Outcome == report.Fail, r.Outcome == report.Unstable, r.Outcome == report.Inconclusive:
		return string(r.Outcome)
	}
	return string(report.NotTested)
}

// kinds are the outcomes that a page tells apart, in the order in which it shows them.
func kinds() []pageCount {
	return []pageCount{
		{Outcome: "fail", Word: "Failed"},
		{Outcome: "unstable", Word: "Unstable"},
		{Outcome: "warning", Word: "Warnings"},
		{Outcome: "inconclusive", Word: "Inconclusive"},
		{Outcome: "not-tested", Word: "Not tested"},
		{Outcome: "pass", Word: "Passed"},
	}
}

// pageCounts counts results by outcome; one that is unusual is told only if it is among all.
func pageCounts(results, all []report.Result, strict bool) []pageCount {
	counts := kinds()
	for _, r := range results {
		k := kind(r, strict)
		counts[slices.IndexFunc(counts, func(c pageCount) bool { return c.Outcome == k })].Count++
	}
	return slices.DeleteFunc(counts, func(c pageCount) bool {
		return c.Outcome == "unstable" && !slices.ContainsFunc(all, func(r report.Result) bool { return kind(r, strict) == c.Outcome })
	})
}

// profiles counts by profile, and draws the shares of the outcomes.
func (m *pageMaker) profiles() []pageProfile {
	all := m.report.Results
	var out []pageProfile
	for _, profile := range m.report.Profiles {
		mine := slices.DeleteFunc(slices.Clone(all), func(r report.Result) bool { return bool(r.Unscored) || r.Profile != profile.Name })
		p := pageProfile{
			Name: report.Printable(string(profile.Name)), Verdict: report.Verdict(report.Printable(string(profile.Verdict))),
			Counts: pageCounts(mine, all, m.report.Configuration.Strict),
		}
		at := 0.0
		for _, c := range p.Counts {
			width := float64(c.Count) / float64(max(1, len(mine))) * thousand
			p.Bars = append(p.Bars, pageBar{Class: c.Outcome, X: decimal(at), W: decimal(width)})
			at += width
		}
		out = append(out, p)
	}
	return out
}

// unjudged is what is inconclusive or not tested, by reason.
func (m *pageMaker) unjudged(d detail) []pageReasons {
	results := report.CountedResults(m.report)
	var out []pageReasons
	for _, list := range []pageReasons{{Title: "Inconclusive"}, {Title: "Not tested"}} {
		outcome := map[string]report.Outcome{"Inconclusive": report.Inconclusive, "Not tested": report.NotTested}[list.Title]
		mine := slices.DeleteFunc(slices.Clone(results), func(x report.Result) bool {
			return x.Outcome != outcome || report.Explained(x, results)
		})
		for _, g := range report.ByReason(mine, m.report) {
			shown := pageGroup{Reason: report.Shorten(report.Printable(g.Reason), d.text)}
			for _, id := range g.Ids {
				shown.IDs = append(shown.IDs, report.Printable(id))
			}
			list.Groups = append(list.Groups, shown)
		}
		if list.Count = len(mine); list.Count > 0 {
			out = append(out, list)
		}
	}
	return out
}

// Judged is what a reader has to know first.
func (p *page) Judged() string { return report.Judged(p.Report) }

// host is the authority of the target, for the title.
func (p *page) Host() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.Target, "https://"), "http://")
}
