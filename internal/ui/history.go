package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/compare"
	"github.com/sa-conformance/conformance/internal/history"
	"github.com/sa-conformance/conformance/internal/report"
)

// loaded is a run that was opened from the history.
type loaded struct {
	id, file string
	view     *view
}

// keptLoads is how many of them stay in memory.
const keptLoads = 10

// historyCache keeps what the directory held until it changes.
type historyCache struct {
	mu      sync.Mutex
	state   string
	targets []*history.Target
}

// read reads the directory again if a report in it is new, changed or gone.
func (c *historyCache) read(dir string) ([]*history.Target, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var state strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".json") {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintf(&state, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist): // nothing was kept yet
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the directory of runs: %w", err)
	case state.String() == c.state && c.targets != nil:
		return c.targets, nil
	}
	targets, _, err := history.Read(dir)
	if err == nil {
		c.state, c.targets = state.String(), targets
	}
	return targets, err
}

// historyPage lists the runs of a directory.
type historyPage struct {
	Dir     string
	Session []sessionRun
	Targets []historyTarget
	Runs    int
}

// sessionRun is a run of this session, which is in memory.
type sessionRun struct{ ID, Place, Verdict, What string }

type historyTarget struct {
	URL, Organization string
	Runs              []historyRun
	More              int
}

type historyRun struct {
	File, ID, At, Verdict, Version string
	Counts                         report.Counts
}

// mostShown bounds the runs of a target on the page, the newest first.
const mostShown = 200

func (s *Server) showHistory(w http.ResponseWriter, _ *http.Request) {
	p := historyPage{Dir: s.Dir, Session: s.sessionRuns()}
	targets, err := s.kept()
	if err != nil {
		s.fail(w, http.StatusInternalServerError, err, "/")
		return
	}
	for _, t := range targets {
		shown := historyTarget{URL: report.Printable(t.URL), Organization: report.Printable(t.Organization)}
		for _, r := range slices.Backward(t.Runs) {
			p.Runs++
			if len(shown.Runs) == mostShown {
				shown.More++
				continue
			}
			shown.Runs = append(shown.Runs, historyRun{
				File: s.name(r.File), ID: report.Printable(r.RunID), At: r.StartedAt.UTC().Format("2006-01-02 15:04:05"), Verdict: report.Printable(string(r.Verdict)),
				Version: report.Printable(r.Suite.Version), Counts: report.Count(report.Ours(r.Report)),
			})
		}
		p.Targets = append(p.Targets, shown)
	}
	s.render(w, http.StatusOK, "history", "History", "history", p)
}

// sessionRuns lists the runs of this session, the newest first.
func (s *Server) sessionRuns() (all []sessionRun) {
	s.mu.Lock()
	runs := slices.Clone(s.runs)
	s.mu.Unlock()
	for _, r := range slices.Backward(runs) {
		r.mu.Lock()
		one := sessionRun{ID: r.id, Place: report.Printable(r.setup.Place()), Verdict: "going on", What: "all requirements"}
		if n := len(r.cfg.Only); n > 0 {
			one.What = report.Plural(n, "requirement", "requirements")
		}
		switch {
		case r.over && r.view == nil:
			one.Verdict = "not judged"
		case r.over:
			one.Verdict = report.Printable(string(r.view.report.Verdict))
		}
		r.mu.Unlock()
		all = append(all, one)
	}
	return all
}

// kept reads the directory; nothing without one.
func (s *Server) kept() ([]*history.Target, error) {
	if s.Dir == "" {
		return nil, nil
	}
	return s.history.read(s.Dir)
}

// name is the name of a file below the directory.
func (s *Server) name(file string) string {
	if name, err := filepath.Rel(s.Dir, file); err == nil {
		return filepath.ToSlash(name)
	}
	return file
}

// errNotKept says that a name is none of a run of the directory. Names come from pages, and lead nowhere else.
var errNotKept = errors.New("there is no such run in the directory; choose one of the list")

// file finds the run of a name.
func (s *Server) file(name string) (string, error) {
	targets, err := s.kept()
	if err != nil {
		return "", err
	}
	for _, t := range targets {
		for _, r := range t.Runs {
			if s.name(r.File) == name {
				return r.File, nil
			}
		}
	}
	return "", errNotKept
}

func (s *Server) openHistory(w http.ResponseWriter, req *http.Request) {
	name := req.URL.Query().Get("run")
	file, err := s.file(name)
	if err != nil {
		s.fail(w, http.StatusNotFound, err, "/history")
		return
	}
	r, err := s.backend.Load(file)
	if err != nil {
		s.fail(w, http.StatusUnprocessableEntity, err, "/history")
		return
	}
	v, err := newView(r, nil)
	if err != nil {
		s.fail(w, http.StatusInternalServerError, err, "/history")
		return
	}
	s.mu.Lock()
	l := &loaded{id: "h" + s.next(), file: name, view: v}
	s.loads = append(s.loads[max(0, len(s.loads)-keptLoads+1):], l)
	s.mu.Unlock()
	http.Redirect(w, req, "/runs/"+l.id, http.StatusSeeOther)
}

func (s *Server) loaded(id string) *loaded {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.loads, func(l *loaded) bool { return l.id == id }); i >= 0 {
		return s.loads[i]
	}
	return nil
}

// comparisonPage is what is different between two runs.
type comparisonPage struct {
	*compare.Comparison
	Kinds []comparedKind
}

type comparedKind struct {
	Word    string
	Changes []compare.Change
}

func (s *Server) showComparison(w http.ResponseWriter, req *http.Request) {
	query := req.URL.Query()
	old, err := s.file(query.Get("old"))
	if err != nil {
		s.fail(w, http.StatusNotFound, err, "/history")
		return
	}
	next, err := s.file(query.Get("new"))
	if err != nil {
		s.fail(w, http.StatusNotFound, err, "/history")
		return
	}
	c, err := s.backend.Compare(req.Context(), old, next)
	if err != nil {
		s.fail(w, http.StatusUnprocessableEntity, err, "/history")
		return
	}
	p := comparisonPage{Comparison: c}
	for _, kind := range compare.Kinds() {
		group := comparedKind{Word: strings.ReplaceAll(string(kind), "-", " ")}
		for _, change := range c.Changes {
			if change.Kind == kind {
				group.Changes = append(group.Changes, change)
			}
		}
		if len(group.Changes) > 0 {
			p.Kinds = append(p.Kinds, group)
		}
	}
	s.render(w, http.StatusOK, "compare", "Compare two runs", "history", p)
}
