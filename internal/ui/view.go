package ui

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
	"github.com/sa-conformance/conformance/internal/report/html"
)

// view is what pages show of a report. Its report does not change: another decision of the gate is another view.
type view struct {
	report *report.Report
	*html.Inspector
	// recorded are the exchanges of the run; nil for a report that was read from a file. Conceal hides what they hold.
	recorded []*exchange.Exchange
	conceal  func(string) string

	files sync.Map // of rendered formats, by name
}

func newView(r *report.Report, result *engine.Result) (*view, error) {
	inspector, err := html.NewInspector(r)
	if err != nil {
		return nil, err
	}
	v := &view{report: r, Inspector: inspector, conceal: report.Printable}
	if result != nil {
		v.recorded = result.Recording.All()
		v.conceal = func(text string) string { return report.Printable(result.Secrets.Conceal(text)) }
	}
	return v, nil
}

// decided is the view after another decision of the gate.
func (v *view) decided(decide func(*report.Report) error) (*view, error) {
	next := *v.report
	next.Results = slices.Clone(v.report.Results)
	if err := decide(&next); err != nil {
		return nil, err
	}
	inspector, err := html.NewInspector(&next)
	if err != nil {
		return nil, err
	}
	return &view{report: &next, Inspector: inspector, recorded: v.recorded, conceal: v.conceal}, nil
}

// viewOf finds a run of this session, or one that was opened from the history.
func (s *Server) viewOf(id string) (v *view, session *run) {
	if r := s.run(id); r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.view, r
	}
	if l := s.loaded(id); l != nil {
		return l.view, nil
	}
	return nil, nil
}

// resultExtras is what a result page knows beside the report.
type resultExtras struct {
	Place, Problem, Saved, File string
	Warnings                    []string
	// Session is set for a run of this session, which can be held again.
	Session bool
	// Of is the run of which this is a part that was run again; "" for a run of its own.
	Of    string
	setup *Setup // of a run of this session
}

// resultPage is what a run came to.
type resultPage struct {
	resultExtras

	ID       string
	Report   *report.Report
	Reason   string
	Gate     string
	Counts   []count
	Cards    []card
	Unjudged []reason
	Sections []resultSection
	Formats  []formats.Format
	Total    int
	Took     string
}

// reason is why some requirements were not judged.
type reason struct {
	Text string
	IDs  []string
}

type count struct {
	Kind, Word string
	N          int
}

// card is a failure on the first page of a result.
type card struct {
	report.Result
	Kind, Standing string
	Consequences   []report.Result
}

type resultSection struct {
	Name   string
	Rows   []resultRow
	Passed int
}

type resultRow struct{ ID, Kind, Word, Glyph, Level, Statement string }

func row(r report.Result, strict bool) resultRow {
	kind := html.Kind(r, strict)
	return resultRow{
		ID: report.Printable(r.ID), Kind: kind, Word: report.Printable(r.Standing()), Glyph: html.Glyph(kind), Level: report.Printable(string(r.Level)),
		Statement: report.Shorten(report.Printable(r.Statement), 300),
	}
}

func (s *Server) showResult(w http.ResponseWriter, id string, v *view, extras resultExtras) {
	r := v.report
	p := resultPage{resultExtras: extras, ID: id, Report: r, Reason: v.Reason(), Gate: report.Printable(r.Gate.Line()), Total: len(r.Results), Took: took(r.DurationSeconds)}
	p.Reason, _ = extras.setup.words(p.Reason)
	at := map[string]int{}
	counts := map[string]int{}
	for _, x := range r.Results {
		i, ok := at[x.Section]
		if !ok {
			i = len(p.Sections)
			at[x.Section] = i
			p.Sections = append(p.Sections, resultSection{Name: report.Printable(x.Section)})
		}
		one := row(x, r.Configuration.Strict)
		counts[one.Kind]++
		p.Sections[i].Rows = append(p.Sections[i].Rows, one)
		if x.Outcome == report.Pass {
			p.Sections[i].Passed++
		}
	}
	for _, c := range []count{{Kind: "fail", Word: "failed"}, {Kind: "unstable", Word: "unstable"}, {Kind: "warning", Word: "warnings"}, {Kind: "inconclusive", Word: "inconclusive"}, {Kind: "not-tested", Word: "not tested"}, {Kind: "pass", Word: "passed"}} {
		c.N = counts[c.Kind]
		p.Counts = append(p.Counts, c)
	}
	for _, c := range report.Cards(r) {
		p.Cards = append(p.Cards, card{Result: shown(c.Result), Kind: html.Kind(c.Result, r.Configuration.Strict), Standing: report.Printable(report.StandingNote(c.Result)), Consequences: c.Consequences})
	}
	unjudged := slices.DeleteFunc(report.CountedResults(r), func(x report.Result) bool {
		return x.Outcome != report.Inconclusive && x.Outcome != report.NotTested
	})
	for _, g := range report.ByReason(unjudged, r) {
		text, _ := extras.setup.words(report.Shorten(report.Printable(g.Reason), 600))
		if extras.Of != "" && g.Reason == "left out by --only" {
			text = "not a part of what was run again"
		}
		p.Unjudged = append(p.Unjudged, reason{text, g.Ids})
	}
	for _, f := range formats.All() {
		if f.Files == nil && f.Name != "github" {
			p.Formats = append(p.Formats, f)
		}
	}
	s.render(w, http.StatusOK, "result", "Result: "+string(r.Verdict), "run", p)
}

// shown is a result with texts that a page can show.
func shown(r report.Result) report.Result {
	for _, text := range []*string{&r.ID, &r.Statement, &r.Message, &r.Expected, &r.Seen, &r.Pointer, &r.Citation, &r.Probe, &r.ConsequenceOf, &r.Section} {
		*text = report.Shorten(report.Printable(*text), 4000)
	}
	return r
}

// took says how long something lasted.
func took(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%.0f ms", seconds*1000)
	}
	return fmt.Sprintf("%.1f s", seconds)
}

// download sends a report in one of the formats as a file.
func (s *Server) download(w http.ResponseWriter, req *http.Request) {
	v, _ := s.viewOf(req.PathValue("id"))
	format, known := formats.Find(req.PathValue("name"))
	if v == nil || !known || format.Files != nil {
		s.notFound(w, req)
		return
	}
	text, ok := v.files.Load(format.Name)
	if !ok {
		var b bytes.Buffer
		if err := format.Render(&b, v.report, report.Options{}); err != nil {
			s.fail(w, http.StatusInternalServerError, err, "/runs/"+req.PathValue("id"))
			return
		}
		text, _ = v.files.LoadOrStore(format.Name, b.Bytes())
	}
	clean, left := s.secrets.Filter(text.([]byte))
	if left != "" {
		s.fail(w, http.StatusInternalServerError, fmt.Errorf("the file would have held a secret (%s); please report this", left), "/runs/"+req.PathValue("id"))
		return
	}
	name := format.File
	if name == "" {
		name = format.Name + ".txt"
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(name, `"`, "")+`"`)
	_, _ = w.Write(clean)
}
