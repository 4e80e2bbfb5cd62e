package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/ui/live"
	"github.com/sa-conformance/conformance/suites"
)

// keptRuns is how many runs stay in memory.
const keptRuns = 20

// run is a run of this session.
type run struct {
	id     string
	setup  *Setup
	cfg    engine.Config
	log    *live.Log
	board  *board
	cancel context.CancelCauseFunc

	mu       sync.Mutex
	stopping bool
	over     bool
	problem  string // why there is no result
	saved    string // the directory that it is kept in
	warnings []string
	result   *engine.Result
	backing  Backing
	view     *view
}

// Handle takes the events of the run.
func (r *run) Handle(e event.Event) {
	r.board.take(e, func() { r.log.Add(e) })
}

func (r *run) going() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.over
}

// errStopped ends a run that somebody stopped on its page.
var errStopped = errors.New("the run was stopped")

// errBusy refuses a second run at the same time: both would share the limits of the target.
var errBusy = errors.New("a run is going on; wait for it, or stop it")

// launch begins a run.
func (s *Server) launch(ctx context.Context, setup *Setup) (*run, error) {
	cfg, warnings, err := s.configured(ctx, setup)
	if err != nil {
		return nil, err
	}
	suite, err := suites.Load()
	if err != nil {
		return nil, err
	}
	chosen, err := engine.Select(suite, cfg)
	if err != nil {
		return nil, err
	}
	r := &run{setup: setup, cfg: cfg, log: live.NewLog(), warnings: warnings}
	r.board = newBoard(cfg, chosen)
	runs, cancel := context.WithCancelCause(s.base)
	r.cancel = cancel
	r.cfg.Events = append(r.cfg.Events, r)
	r.cfg.Plain = true
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.runs); n > 0 && s.runs[n-1].going() {
		cancel(nil)
		return s.runs[n-1], errBusy
	}
	if s.base.Err() != nil {
		cancel(nil)
		return nil, errors.New("the server is stopping")
	}
	r.id = s.next()
	s.runs = append(s.runs[max(0, len(s.runs)-keptRuns+1):], r)
	s.jobs.Go(func() { s.hold(runs, r) })
	return r, nil
}

// configured makes the configuration of a run, unless the form lacks something.
func (s *Server) configured(ctx context.Context, setup *Setup) (engine.Config, []string, error) {
	if problem := setup.wrong(); problem != "" {
		return engine.Config{}, nil, errors.New(problem)
	}
	return s.backend.Config(ctx, setup) //nolint:wrapcheck // a line for the page
}

// hold holds a run to its end.
func (s *Server) hold(ctx context.Context, r *run) {
	defer r.cancel(nil)
	result, backing, err := s.backend.Judge(ctx, r.cfg, r.setup)
	problem := ""
	if err != nil {
		problem, _ = r.setup.words(report.Printable(s.secrets.Conceal(err.Error())))
	}
	var shown *view
	saved := ""
	if result != nil && result.Report != nil {
		if err := s.backend.Decide(result.Report, s.Waivers); err != nil {
			problem = report.Printable(err.Error())
		}
		if shown, err = newView(result.Report, result); err != nil {
			problem = err.Error()
		}
		if s.Dir != "" {
			saved = filepath.Join(s.Dir, fmt.Sprintf("%s-%s", s.Now().UTC().Format("20060102-150405"), result.Report.RunID))
			if err := s.backend.Save(saved, result); err != nil {
				problem, saved = "the reports were not kept: "+report.Printable(err.Error()), ""
			}
		}
	}
	r.mu.Lock()
	r.over, r.problem, r.saved, r.result, r.view, r.backing = true, problem, saved, result, shown, backing
	r.mu.Unlock()
	r.log.Close()
}

func (s *Server) run(id string) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.runs, func(r *run) bool { return r.id == id }); i >= 0 {
		return s.runs[i]
	}
	return nil
}

// start begins a run with what the form says.
func (s *Server) start(w http.ResponseWriter, req *http.Request) {
	before, ok := s.posted(w, req)
	if !ok {
		return
	}
	setup := before
	if setup == nil || req.PostFormValue("kind") != "" {
		setup = setupOf(req, before)
		s.remember(setup)
	}
	s.begin(w, req, setup.again(setup.Only, ""))
}

func (s *Server) begin(w http.ResponseWriter, req *http.Request, setup *Setup) {
	r, err := s.launch(req.Context(), setup)
	switch {
	case errors.Is(err, errBusy):
		s.render(w, http.StatusConflict, "message", "A run is going on", "run", message{
			Found: "A run is going on.", Do: "Wait for it, or stop it on its page.", Back: "/runs/" + r.id,
		})
	case err != nil:
		s.setupForm(w, http.StatusUnprocessableEntity, report.Printable(s.secrets.Conceal(err.Error())))
	default:
		http.Redirect(w, req, "/runs/"+r.id, http.StatusSeeOther)
	}
}

func (s *Server) stopRun(w http.ResponseWriter, req *http.Request) {
	r := s.run(req.PathValue("id"))
	if r == nil {
		s.notFound(w, req)
		return
	}
	r.mu.Lock()
	if !r.over && !r.stopping {
		r.stopping = true
		r.board.stop(func() { r.log.Add(map[string]string{"event": "ui.stopping"}) })
		r.cancel(errStopped)
	}
	r.mu.Unlock()
	http.Redirect(w, req, "/runs/"+r.id, http.StatusSeeOther)
}

// runAgain judges one requirement, or those of one conversation, again: with the target and the credentials of the run.
func (s *Server) runAgain(w http.ResponseWriter, req *http.Request) {
	r := s.run(req.PathValue("id"))
	if r == nil {
		s.notFound(w, req)
		return
	}
	places, err := suites.Places()
	if err != nil {
		s.fail(w, http.StatusInternalServerError, err, "/runs/"+r.id)
		return
	}
	var only []string
	name, _, _ := strings.Cut(req.PostFormValue("conversation"), " (attempt ")
	for _, id := range r.board.ids() {
		if id == req.PostFormValue("requirement") || name != "" && places[id].Probe == name {
			only = append(only, id)
		}
	}
	if len(only) == 0 {
		s.fail(w, http.StatusUnprocessableEntity, errors.New("the run judged no such requirement, and held no conversation for one alone"), "/runs/"+r.id)
		return
	}
	s.begin(w, req, r.setup.again(only, r.id))
}

func (s *Server) runEvents(w http.ResponseWriter, req *http.Request) {
	r := s.run(req.PathValue("id"))
	if r == nil {
		http.NotFound(w, req)
		return
	}
	r.log.ServeHTTP(w, req)
}

// livePage is a run that goes on.
type livePage struct {
	ID, Place, Problem string
	Warnings           []string
	Stopping           bool
	snapshot
}

func (s *Server) showRun(w http.ResponseWriter, req *http.Request) {
	r := s.run(req.PathValue("id"))
	if r == nil {
		if l := s.loaded(req.PathValue("id")); l != nil {
			s.showResult(w, l.id, l.view, resultExtras{Place: l.view.report.Target.URL, Warnings: nil, File: l.file})
			return
		}
		s.notFound(w, req)
		return
	}
	r.mu.Lock()
	over, problem, shown, saved, stopping := r.over, r.problem, r.view, r.saved, r.stopping
	r.mu.Unlock()
	switch {
	case !over:
		s.render(w, http.StatusOK, "live", "Judging "+r.setup.Place(), "run", livePage{
			ID: r.id, Place: r.setup.Place(), Warnings: r.warnings, Stopping: stopping, snapshot: r.board.snapshot(),
		})
	case shown == nil:
		s.render(w, http.StatusOK, "message", "Nothing was judged", "run", message{Found: "Nothing was judged: " + problem + ".", Do: "Change the set-up and start again.", Back: "/"})
	default:
		s.showResult(w, r.id, shown, resultExtras{Place: r.setup.Place(), Problem: problem, Saved: saved, Warnings: r.warnings, Session: true, Of: r.setup.Of, setup: r.setup})
	}
}
