package ui

import (
	"net/http"
	"slices"
	"sync"

	"github.com/sa-conformance/conformance/internal/doctor"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/ui/live"
)

// exam is an examination of a target by the doctor.
type exam struct {
	id, place string
	setup     *Setup
	log       *live.Log

	mu       sync.Mutex
	findings []doctor.Finding
	over     bool
	problem  string
	health   doctor.Health
	warnings []string
}

// keptExams is how many examinations stay in memory.
const keptExams = 5

// posted reads the form of a request, and returns what the form before it said; nil if there was none. If the form cannot be read,
// the page says so.
func (s *Server) posted(w http.ResponseWriter, req *http.Request) (before *Setup, ok bool) {
	if req.ParseForm() != nil {
		s.setupForm(w, http.StatusBadRequest, "The form cannot be read.")
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.setup, true
}

// check begins an examination with what the form says.
func (s *Server) check(w http.ResponseWriter, req *http.Request) {
	before, ok := s.posted(w, req)
	if !ok {
		return
	}
	setup := before
	if setup == nil || req.PostFormValue("kind") != "" { // else the same again
		setup = setupOf(req, before)
		s.remember(setup)
	}
	if setup.Kind == kindReference {
		s.setupForm(w, http.StatusUnprocessableEntity, "The built-in reference needs no check: start the run.")
		return
	}
	cfg, warnings, err := s.configured(req.Context(), setup)
	if err != nil {
		s.setupForm(w, http.StatusUnprocessableEntity, report.Printable(s.secrets.Conceal(err.Error())))
		return
	}
	x := &exam{place: setup.Place(), setup: setup, log: live.NewLog(), warnings: warnings}
	s.mu.Lock()
	x.id = s.next()
	s.exams = append(s.exams[max(0, len(s.exams)-keptExams+1):], x)
	s.jobs.Go(func() { s.examine(x, cfg) })
	s.mu.Unlock()
	http.Redirect(w, req, "/check/"+x.id, http.StatusSeeOther)
}

func (s *Server) examine(x *exam, cfg engine.Config) {
	found, err := doctor.Watch(s.base, cfg, x.add)
	x.mu.Lock()
	x.over = true
	if err != nil {
		x.problem = report.Printable(s.secrets.Conceal(err.Error()))
	} else {
		x.health = found.Health
	}
	x.mu.Unlock()
	x.log.Close()
}

func (x *exam) add(f doctor.Finding) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f.Found = report.Printable(f.Found)
	f.Do, _ = x.setup.words(f.Do)
	x.findings = append(x.findings, f)
	x.log.Add(f)
}

func (s *Server) exam(id string) *exam {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.exams, func(x *exam) bool { return x.id == id }); i >= 0 {
		return s.exams[i]
	}
	return nil
}

// examPage is an examination as far as it is.
type examPage struct {
	ID, Place, Problem string
	Over               bool
	Health             doctor.Health
	Findings           []doctor.Finding
	Warnings           []string
	Told               int
}

func (s *Server) showExam(w http.ResponseWriter, req *http.Request) {
	x := s.exam(req.PathValue("id"))
	if x == nil {
		s.notFound(w, req)
		return
	}
	x.mu.Lock()
	p := examPage{
		ID: x.id, Place: x.place, Problem: x.problem, Over: x.over, Health: x.health, Findings: slices.Clone(x.findings), Warnings: x.warnings, Told: len(x.findings),
	}
	x.mu.Unlock()
	s.render(w, http.StatusOK, "check", "Checking "+p.Place, "setup", p)
}

func (s *Server) examEvents(w http.ResponseWriter, req *http.Request) {
	x := s.exam(req.PathValue("id"))
	if x == nil {
		http.NotFound(w, req)
		return
	}
	x.log.ServeHTTP(w, req)
}
