package ui

import (
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/model"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/html"
	"github.com/sa-conformance/conformance/internal/standard"
	"github.com/sa-conformance/conformance/internal/ui/edit"
	"github.com/sa-conformance/conformance/spec"
)

// requirementPage is a verdict with all that explains it.
type requirementPage struct {
	Run, Kind, Glyph, Word, Standing, Rerun string
	report.Result
	Why, Breaks string
	Citations   []citation
	Evidence    []shownExchange
	More        int
	Same        []string
	Differences []difference
	Session     bool
	Waiver      bool
}

// citation is a place in the contract, with its words, or a section of an RFC, with what it says in ours.
type citation struct {
	Place, Title, Words, Says, Address string
	Prose                              template.HTML
}

// shownExchange is a request and its response side by side.
type shownExchange struct {
	Number                                                         int
	ID, Conversation, Identity, Took, Failure, Curl, CurlVariables string
	Method, Status, Class, Trace                                   string
	Sides                                                          []html.Side
	Beliefs                                                        []belief
	Recorded                                                       bool
}

// belief is what the model believed of an account.
type belief struct {
	Account, State, Created, Written, Token string
	Members                                 []believedMember
}

type believedMember struct{ Pointer, Value string }

// difference is what two attempts of one request have apart.
type difference struct {
	Step, First, Second string
	Lines               []edit.Line
	Same                bool
}

// mostEvidence is how many exchanges a page of a requirement shows in full.
const mostEvidence = 6

func (s *Server) showRequirement(w http.ResponseWriter, req *http.Request) {
	v, session := s.viewOf(req.PathValue("id"))
	if v == nil {
		s.notFound(w, req)
		return
	}
	i := slices.IndexFunc(v.report.Results, func(r report.Result) bool { return r.ID == req.PathValue("req") })
	if i < 0 {
		s.notFound(w, req)
		return
	}
	r := v.report.Results[i]
	strict := v.report.Configuration.Strict
	c := report.CardOf(v.report, r)
	p := requirementPage{
		Run: req.PathValue("id"), Result: shown(r), Kind: html.Kind(r, strict), Word: report.Printable(r.Standing()), Standing: report.Printable(report.StandingNote(r)),
		Rerun: c.Rerun, Same: c.SameCause, Session: session != nil, Waiver: s.Waivers != "" && r.Outcome.Broke(),
	}
	p.Glyph, p.Message = html.Glyph(p.Kind), report.Shorten(report.Printable(c.Note()), 4000)
	var err error
	if p.Citations, err = s.citations(r.Citation); err != nil {
		s.fail(w, http.StatusInternalServerError, err, "/runs/"+p.Run)
		return
	}
	if catalogue, err := s.catalogue(); err == nil {
		if known, ok := catalogue.Find(r.ID); ok {
			p.Why, p.Breaks = known.Why, known.Breaks
		}
	}
	evidence := slices.Clone(r.Evidence)
	slices.Reverse(evidence) // the last one shows the failure best
	for _, id := range evidence {
		index, ok := v.Index(id)
		if !ok {
			continue
		}
		if len(p.Evidence) == mostEvidence {
			p.More++
			continue
		}
		var pointers []string
		if r.Pointer != "" {
			pointers = []string{r.Pointer}
		}
		shown, err := v.exchange(index, pointers)
		if err != nil {
			s.fail(w, http.StatusInternalServerError, err, "/runs/"+p.Run)
			return
		}
		p.Evidence = append(p.Evidence, shown)
	}
	p.Differences = v.differences(r)
	s.render(w, http.StatusOK, "requirement", report.Printable(r.ID), "run", p)
}

// citations splits a citation into its places.
func (s *Server) citations(text string) (all []citation, err error) {
	contract := s.contract()
	for _, place := range strings.Split(text, "; ") {
		c := citation{Place: report.Printable(place)}
		if pointer, ok := strings.CutPrefix(place, spec.File+"#"); ok {
			c.Words = strings.TrimSpace(contract.Words(pointer))
		}
		if title, _, ok := spec.ProseSection(place); ok {
			c.Title = title
			if c.Prose, err = s.prose.HTML(place); err != nil {
				return nil, err
			}
		}
		if section, ok := standard.Find(place); ok {
			c.Title, c.Says, c.Address = section.Title, section.Says, section.Address
		}
		all = append(all, c)
	}
	return all, nil
}

// exchange shows one exchange of the report.
func (v *view) exchange(index int, pointers []string) (x shownExchange, err error) {
	e := v.report.Exchanges[index]
	x = v.line(index)
	x.Failure, x.Curl = report.Printable(e.Failure), strings.Join(report.PrintableLines(e.Curl), "\n")
	x.CurlVariables = report.Printable(strings.Join(report.CurlVariables(e), "; "))
	x.Trace = report.Printable(report.TraceOf(e).String())
	if x.Sides, err = v.Sides(index, pointers...); err != nil {
		return x, err
	}
	x.Recorded = v.recorded != nil
	x.Beliefs = v.beliefs(e.ID)
	return x, nil
}

// line is an exchange on a line.
func (v *view) line(index int) shownExchange {
	e := v.report.Exchanges[index]
	x := shownExchange{
		Number: index + 1, ID: report.Printable(e.ID), Conversation: report.Printable(e.Probe), Identity: report.Printable(e.Identity), Took: took(e.Seconds),
		Method: report.Printable(e.Request.Method), Status: "no response", Class: "s0",
	}
	if e.Response != nil {
		x.Status, x.Class = strconv.Itoa(e.Response.Status), class(e.Response.Status)
	}
	return x
}

// beliefs are what the model of the contract believed just before an exchange.
func (v *view) beliefs(id string) (all []belief) {
	for _, e := range v.recorded {
		if e.ID != id {
			continue
		}
		for _, b := range model.Before(v.report.Target.Organization, v.recorded, e) {
			shown := belief{Account: v.conceal(b.ID), State: "exists", Created: v.conceal(b.Created), Written: v.conceal(b.Written), Token: v.conceal(b.Token)}
			if b.Deleted {
				shown.State = "is deleted, or may be"
			}
			for _, m := range b.Members {
				value, err := json.Marshal(m.Value)
				if err != nil {
					continue
				}
				shown.Members = append(shown.Members, believedMember{report.Printable(m.Pointer), report.Shorten(v.conceal(string(value)), 300)})
			}
			all = append(all, shown)
		}
		break
	}
	return all
}

// attemptOf splits the name of a conversation: an attempt after the first says which one it is.
func attemptOf(conversation string) (name string, first bool) {
	name, _, again := strings.Cut(conversation, " (attempt ")
	return name, !again
}

// differences compares the responses of each step of the conversation of a result with those of its first repetition.
func (v *view) differences(r report.Result) (all []difference) {
	firsts := map[string]int{}
	for i, e := range v.report.Exchanges {
		if name, first := attemptOf(e.Probe); first && name == r.Probe {
			if _, ok := firsts[e.Step]; !ok {
				firsts[e.Step] = i
			}
		}
	}
	done := map[string]bool{}
	for _, e := range v.report.Exchanges {
		name, first := attemptOf(e.Probe)
		at, ok := firsts[e.Step]
		if first || name != r.Probe || !ok || done[e.Step] {
			continue
		}
		done[e.Step] = true
		old := v.report.Exchanges[at]
		d := difference{
			Step: report.Printable(e.Step), First: report.Printable(old.ID), Second: report.Printable(e.ID),
			Lines: edit.Diff([]byte(html.Text(old.Response)), []byte(html.Text(e.Response))),
		}
		d.Same = len(d.Lines) == 0
		all = append(all, d)
	}
	return all
}

// exchangesPage lists every exchange by conversation.
type exchangesPage struct {
	Run           string
	Session       bool
	Conversations []exchangeGroup
	Total, Span   int
}

type exchangeGroup struct {
	Name  string
	Rows  []shownExchange
	Bars  []boardBar
	Again bool
}

func (s *Server) showExchanges(w http.ResponseWriter, req *http.Request) {
	v, session := s.viewOf(req.PathValue("id"))
	if v == nil {
		s.notFound(w, req)
		return
	}
	p := exchangesPage{Run: req.PathValue("id"), Session: session != nil, Total: len(v.report.Exchanges), Span: 1}
	judges := map[string]bool{} // conversations that a requirement is judged by
	for _, r := range v.report.Results {
		judges[r.Probe] = true
	}
	at := map[string]int{}
	for i, e := range v.report.Exchanges {
		g, ok := at[e.Probe]
		if !ok {
			g = len(p.Conversations)
			at[e.Probe] = g
			p.Conversations = append(p.Conversations, exchangeGroup{Name: report.Printable(e.Probe), Again: judges[e.Probe]})
		}
		line := v.line(i)
		bar := boardBar{X: max(0, int(e.StartedAt.Sub(v.report.StartedAt).Milliseconds())), W: max(1, int(e.Seconds*1000)), Class: line.Class}
		p.Conversations[g].Rows = append(p.Conversations[g].Rows, line)
		p.Conversations[g].Bars = append(p.Conversations[g].Bars, bar)
		p.Span = max(p.Span, bar.X+bar.W)
	}
	s.render(w, http.StatusOK, "exchanges", "Exchanges", "run", p)
}

// exchangePage is one exchange.
type exchangePage struct {
	Run      string
	Session  bool
	Again    bool // a requirement is judged by its conversation
	Failing  []string
	Previous int
	Next     int
	Exchange shownExchange
}

func (s *Server) showExchange(w http.ResponseWriter, req *http.Request) {
	v, session := s.viewOf(req.PathValue("id"))
	number, err := strconv.Atoi(req.PathValue("number"))
	if v == nil || err != nil || number < 1 || number > len(v.report.Exchanges) {
		s.notFound(w, req)
		return
	}
	shown, err := v.exchange(number-1, nil)
	if err != nil {
		s.fail(w, http.StatusInternalServerError, err, "/runs/"+req.PathValue("id"))
		return
	}
	p := exchangePage{Run: req.PathValue("id"), Session: session != nil, Failing: v.Failing(number - 1), Previous: number - 1, Next: number + 1, Exchange: shown}
	name, _ := attemptOf(v.report.Exchanges[number-1].Probe)
	p.Again = slices.ContainsFunc(v.report.Results, func(r report.Result) bool { return r.Probe == name })
	if p.Next > len(v.report.Exchanges) {
		p.Next = 0
	}
	s.render(w, http.StatusOK, "exchange", shown.ID, "run", p)
}
