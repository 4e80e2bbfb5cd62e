package ui

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/sa-conformance/conformance/internal/config"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/ui/edit"
)

// longestFile bounds the file of waivers, in bytes.
const longestFile = 1 << 20

// waiversPage lists the waivers, with a form for a new one or for one that is changed.
type waiversPage struct {
	File    string
	Entries []waiverRow
	Form    waiverForm
	Wrong   []string
	Written bool
}

type waiverRow struct {
	config.Waiver
	Until   string
	Expired bool
}

// waiverForm is an entry on its way: Line is that of the one that it replaces, 0 for a new one.
type waiverForm struct {
	edit.Waiver
	Line   int
	Remove bool
}

// previewPage shows what would change in the file.
type previewPage struct {
	File, Digest string
	Form         waiverForm
	Lines        []edit.Line
}

// waiverFile reads the file; a file that is not there holds nothing.
func (s *Server) waiverFile() (text []byte, entries []config.Waiver, err error) {
	file, err := os.Open(s.Waivers)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }()
	text, err = io.ReadAll(io.LimitReader(file, longestFile+1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(text) > longestFile:
		return nil, nil, errors.New("the file is too long")
	}
	entries, err = config.ParseWaivers(text)
	return text, entries, err
}

// showWaivers shows the form filled in for the failure of a run that the address names, or for an entry to change.
func (s *Server) showWaivers(w http.ResponseWriter, req *http.Request) {
	query := req.URL.Query()
	form := waiverForm{}
	form.Requirement = query.Get("requirement")
	form.Line, _ = strconv.Atoi(query.Get("line"))
	if v, _ := s.viewOf(query.Get("run")); v != nil {
		for _, r := range v.report.Results {
			if r.ID == form.Requirement && r.Waiver != nil {
				form.Reason, form.Owner, form.Ticket, form.Expires = r.Waiver.Reason, r.Waiver.Owner, r.Waiver.Ticket, r.Waiver.Expires
			}
		}
	}
	s.waiversForm(w, http.StatusOK, form, nil, query.Has("written"))
}

func (s *Server) waiversForm(w http.ResponseWriter, status int, form waiverForm, wrong []string, written bool) {
	p := waiversPage{File: s.Waivers, Form: form, Wrong: wrong, Written: written}
	if s.Waivers == "" {
		s.render(w, status, "waivers", "Waivers", "waivers", p)
		return
	}
	_, entries, err := s.waiverFile()
	if err != nil {
		p.Wrong = append(p.Wrong, report.Printable(err.Error()))
	}
	for _, e := range entries {
		until := e.Expires.Format(time.DateOnly)
		p.Entries = append(p.Entries, waiverRow{e, until, s.Now().UTC().After(e.Expires.AddDate(0, 0, 1))})
		if e.Line == form.Line && len(wrong) == 0 {
			p.Form.Waiver = edit.Waiver{
				Requirement: e.Requirement, Message: e.Message, Reason: e.Reason, Owner: e.Owner, Ticket: e.Ticket, Expires: until,
				Intermittent: e.Intermittent, WithFollowers: e.WithFollowers,
			}
		}
	}
	s.render(w, status, "waivers", "Waivers", "waivers", p)
}

func waiverOf(req *http.Request) (form waiverForm) {
	form.Waiver = edit.Waiver{
		Requirement: req.PostFormValue("requirement"), Message: req.PostFormValue("message"), Reason: req.PostFormValue("reason"), Owner: req.PostFormValue("owner"),
		Ticket: req.PostFormValue("ticket"), Expires: req.PostFormValue("expires"),
		Intermittent: req.PostFormValue("intermittent") != "", WithFollowers: req.PostFormValue("with-followers") != "",
	}
	form.Line, _ = strconv.Atoi(req.PostFormValue("line"))
	form.Remove = req.PostFormValue("remove") != ""
	return form
}

// change makes the new text of the file. What is wrong with the form comes in sentences.
func (s *Server) change(form waiverForm) (before, after []byte, wrong []string) {
	before, _, err := s.waiverFile()
	if err != nil {
		return nil, nil, []string{report.Printable(err.Error())}
	}
	if form.Remove {
		after, err = edit.Remove(before, form.Line)
	} else {
		if wrong = form.Check(s.Now()); len(wrong) > 0 {
			return nil, nil, wrong
		}
		if !s.isRequirement(form.Requirement) {
			return nil, nil, []string{"There is no such requirement; its page has a link that fills in its id."}
		}
		after, err = edit.Put(before, form.Line, form.Waiver)
	}
	if err != nil {
		return nil, nil, []string{report.Printable(err.Error())}
	}
	return before, after, nil
}

func (s *Server) previewWaiver(w http.ResponseWriter, req *http.Request) {
	if s.Waivers == "" {
		s.waiversForm(w, http.StatusConflict, waiverForm{}, nil, false)
		return
	}
	form := waiverOf(req)
	before, after, wrong := s.change(form)
	if len(wrong) > 0 {
		s.waiversForm(w, http.StatusUnprocessableEntity, form, wrong, false)
		return
	}
	s.render(w, http.StatusOK, "preview", "What changes in the file", "waivers", previewPage{
		File: s.Waivers, Digest: edit.Digest(before), Form: form, Lines: edit.Diff(before, after),
	})
}

// writeWaiver writes what was shown: if the file changed since then, nothing is written.
func (s *Server) writeWaiver(w http.ResponseWriter, req *http.Request) {
	if s.Waivers == "" {
		s.waiversForm(w, http.StatusConflict, waiverForm{}, nil, false)
		return
	}
	form := waiverOf(req)
	before, after, wrong := s.change(form)
	if len(wrong) == 0 && edit.Digest(before) != req.PostFormValue("digest") {
		wrong = []string{"The file was changed in the meantime, and nothing was written. Look at the difference again."}
	}
	if len(wrong) == 0 {
		if err := s.backend.Write(s.Waivers, after); err != nil {
			wrong = []string{report.Printable(err.Error())}
		}
	}
	if len(wrong) > 0 {
		s.waiversForm(w, http.StatusConflict, form, wrong, false)
		return
	}
	s.redecide()
	http.Redirect(w, req, "/waivers?written=1", http.StatusSeeOther)
}

// redecide decides the gates of the runs of this session by the file as it is now.
func (s *Server) redecide() {
	s.mu.Lock()
	runs := append([]*run{}, s.runs...)
	s.mu.Unlock()
	for _, r := range runs {
		r.mu.Lock()
		if r.view != nil {
			next, err := r.view.decided(func(told *report.Report) error { return s.backend.Decide(told, s.Waivers) })
			if err == nil {
				r.view = next
			} else {
				r.problem = report.Printable(err.Error())
			}
		}
		r.mu.Unlock()
	}
}

func (s *Server) isRequirement(id string) bool {
	catalogue, err := s.catalogue()
	if err != nil {
		return false
	}
	_, known := catalogue.Find(id)
	return known
}
