// Package ui is a web interface on loopback: it sets a run up, shows it while it goes on, and shows what it came to. Runs are
// those of the command line; it judges nothing itself, and prints nothing.
package ui

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/compare"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/ui/guard"
	"github.com/sa-conformance/conformance/internal/ui/page"
	"github.com/sa-conformance/conformance/internal/ui/prose"
	"github.com/sa-conformance/conformance/spec"
)

// Backend is what the command line does for the interface. An error is one line that says what to do.
type Backend interface {
	// Targets lists the targets of the configuration file, and names the file; none without a file.
	Targets() (names []string, file string, err error)
	// Suggested fills in a form that nobody filled in yet, from variables and the configuration file, without secrets; given
	// are the variables of credentials that are set.
	Suggested() (s *Setup, given []string)
	// Config makes the configuration of a run. Warnings are for the operator.
	Config(ctx context.Context, s *Setup) (cfg engine.Config, warnings []string, err error)
	// Judge holds a run.
	Judge(ctx context.Context, cfg engine.Config, s *Setup) (*engine.Result, Backing, error)
	// Decide decides the gate by a file of waivers as it is now; "" for none.
	Decide(r *report.Report, waivers string) error
	// Save writes the reports of a run to a new directory.
	Save(dir string, result *engine.Result) error
	// Write writes a file whole or not at all.
	Write(path string, data []byte) error
	// Load reads a report.json.
	Load(path string) (*report.Report, error)
	// Compare compares two runs, each a report.json.
	Compare(ctx context.Context, old, next string) (*compare.Comparison, error)
	// Keygen makes a key, and returns the names of the private and of the public half.
	Keygen(prefix string) (private, public string, err error)
	// Certify writes a bundle for a run, or returns the obstacles.
	Certify(ctx context.Context, cfg engine.Config, result *engine.Result, backing Backing, o Order) (obstacles []string, done string, err error)
	// Verify checks a bundle.
	Verify(ctx context.Context, bundle, publicKey string, demands Demands) (text string, valid bool, err error)
}

// Order says what certificate is wanted.
type Order struct {
	Key, Bundle, ValidFor, TargetVersion string
	// TSA is the address of a timestamp authority, and TSACert the file of its certificates; "" for none.
	TSA, TSACert string
	NotOffered   []string
}

// Demands are files with what a bundle has to have: the public key of a witness, certificates of a timestamp authority, and a policy.
type Demands struct{ Witness, TSACert, Policy string }

// Backing is what stands behind a run beside the signer's word, in lines for a person.
type Backing interface{ Lines() []string }

// Options say how the server is to be.
type Options struct {
	// Address is where it listens.
	Address string
	// Dir is the directory that runs are kept in; "": in memory alone.
	Dir string
	// Waivers is the file of waivers; "": none.
	Waivers string
	Version string
	Now     func() time.Time
}

// Server holds the state of one session. It is safe for concurrent use.
type Server struct {
	Options
	backend Backend
	guard   *guard.Guard
	pages   *page.Pages
	prose   prose.Renderer
	// contract and catalogue are read once, when a page needs them first.
	contract  func() *spec.Contract
	catalogue func() (*spec.Catalogue, error)
	// base ends when the server does.
	base context.Context //nolint:containedctx // runs outlive the requests that start them
	stop context.CancelFunc
	// jobs waits for runs and their clean-up.
	jobs sync.WaitGroup
	// secrets are the typed credentials, which every page is searched for.
	secrets *redact.Registry
	history historyCache

	mu    sync.Mutex
	typed []string // credentials
	setup *Setup   // the last one; nil before the first
	last  int
	runs  []*run
	exams []*exam
	loads []*loaded
}

// New makes a server.
func New(backend Backend, o Options) (*Server, error) {
	pages, err := page.Load()
	if err != nil {
		return nil, err
	}
	s := &Server{Options: o, backend: backend, guard: guard.New(o.Address), pages: pages, secrets: redact.New()}
	s.contract, s.catalogue = sync.OnceValue(spec.BeginContract), sync.OnceValues(spec.LoadCatalogue)
	s.base, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Path lets a browser in, once.
func (s *Server) Path() string { return s.guard.Path() }

// Close stops what goes on, and returns when it is cleaned up.
func (s *Server) Close() {
	s.stop()
	s.jobs.Wait()
}

// Handler serves the pages.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]http.HandlerFunc{
		"GET /{$}":                          s.showSetup,
		"GET /assets/{name}":                s.asset,
		"POST /check":                       s.check,
		"GET /check/{id}":                   s.showExam,
		"GET /check/{id}/events":            s.examEvents,
		"POST /runs":                        s.start,
		"GET /runs/{id}":                    s.showRun,
		"GET /runs/{id}/events":             s.runEvents,
		"POST /runs/{id}/stop":              s.stopRun,
		"POST /runs/{id}/again":             s.runAgain,
		"GET /runs/{id}/requirements/{req}": s.showRequirement,
		"GET /runs/{id}/exchanges":          s.showExchanges,
		"GET /runs/{id}/exchanges/{number}": s.showExchange,
		"GET /runs/{id}/files/{name}":       s.download,
		"GET /history":                      s.showHistory,
		"GET /history/open":                 s.openHistory,
		"GET /history/compare":              s.showComparison,
		"GET /waivers":                      s.showWaivers,
		"POST /waivers/preview":             s.previewWaiver,
		"POST /waivers/write":               s.writeWaiver,
		"GET /certify":                      s.showCertify,
		"POST /certify/key":                 s.makeKey,
		"POST /certify/make":                s.makeCertificate,
		"POST /certify/verify":              s.verifyCertificate,
		"GET /":                             s.notFound,
	} {
		mux.HandleFunc(pattern, handle)
	}
	return s.guard.Wrap(mux, "/assets/", s.refuse)
}

// frame is what every page has.
type frame struct {
	Title, Nav, CSRF, Version string
	// Current leads to the run that goes on, or to the last one; "" for none.
	Current string
	Going   bool
	// Main is what the template of the page shows.
	Main any
}

func (s *Server) render(w http.ResponseWriter, status int, name, title, nav string, main any) {
	f := frame{Title: title, Nav: nav, CSRF: s.guard.FormToken(), Version: s.Version, Main: main}
	s.mu.Lock()
	if n := len(s.runs); n > 0 {
		f.Current, f.Going = "/runs/"+s.runs[n-1].id, s.runs[n-1].going()
	}
	typed := slices.Clone(s.typed)
	s.mu.Unlock()
	text, err := s.pages.Render(name, f)
	if slices.ContainsFunc(typed, func(secret string) bool { return bytes.Contains(text, []byte(secret)) }) {
		err = errors.New("it would have held a credential that was typed; please report this")
	}
	if err != nil {
		http.Error(w, "the page cannot be shown: "+report.Printable(err.Error()), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// message is a page that says one thing.
type message struct{ Found, Do, Back string }

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, found, do string) {
	if r.Header.Get("Accept") == "text/event-stream" {
		http.Error(w, found, status)
		return
	}
	s.render(w, status, "message", found, "", message{Found: found, Do: do})
}

func (s *Server) fail(w http.ResponseWriter, status int, err error, back string) {
	s.render(w, status, "message", "This did not work", "", message{
		Found: "This did not work: " + report.Printable(s.secrets.Conceal(err.Error())), Do: "Change it and try again.", Back: back,
	})
}

func (s *Server) notFound(w http.ResponseWriter, _ *http.Request) {
	s.render(w, http.StatusNotFound, "message", "There is no such page", "", message{Found: "There is no such page.", Do: "Begin at the set-up.", Back: "/"})
}

func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	data, kind, ok := s.pages.Asset(r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data)
}

// next is a new number, for jobs of this session.
func (s *Server) next() string {
	s.last++
	return strconv.Itoa(s.last)
}

// leastSecret is the length from which a credential is looked for on pages: a shorter one may be a word.
const leastSecret = 16

// remember keeps a setup, and the typed credentials as secrets that no page may show.
func (s *Server) remember(setup *Setup) {
	s.mu.Lock()
	for variable, value := range setup.Secrets {
		s.secrets.AddOperator(variable, value)
		if len(value) >= leastSecret && !slices.Contains(s.typed, value) {
			s.typed = append(s.typed, value)
		}
	}
	s.setup = setup
	s.mu.Unlock()
}

// setupPage is the form.
type setupPage struct {
	*Setup
	Targets     []string
	File        string
	Problem     string
	Wrong       string // the id of the field that the problem is about; "" for none
	Credentials []credentialField
	Profiles    []choice
	Depths      []choice
	Remembered  bool
}

// Limits reports whether the part of the form that is folded has to be seen.
func (p setupPage) Limits() bool {
	return slices.Contains([]string{"only", "concurrency", "rps", "max-requests", "max-created", "production"}, p.Wrong)
}

// Backed reports whether the part of the form for certificates has to be seen.
func (p setupPage) Backed() bool {
	return p.Challenge+p.TargetVersion+p.Witness+p.WitnessToken+p.WitnessCA+p.Runs != "" || p.Disguise
}

type credentialField struct {
	credential

	// Given says in words where a credential comes from that was given already; "" if none was.
	Given string
}

// choice is an option of a form.
type choice struct {
	Value, Label string
	Chosen       bool
}

func (s *Server) showSetup(w http.ResponseWriter, _ *http.Request) { s.setupForm(w, http.StatusOK, "") }

func (s *Server) setupForm(w http.ResponseWriter, status int, problem string) {
	s.mu.Lock()
	setup := s.setup
	s.mu.Unlock()
	p := setupPage{Setup: setup, Remembered: setup != nil && len(setup.Secrets) > 0}
	p.Problem, p.Wrong = setup.words(problem)
	var err error
	if p.Targets, p.File, err = s.backend.Targets(); err != nil {
		p.Problem = report.Printable(err.Error())
	}
	suggested, given := s.backend.Suggested()
	if setup == nil {
		p.Setup = suggested
	}
	p.Setup = p.shown()
	for _, c := range credentials() {
		field := credentialField{credential: c}
		for _, variable := range given {
			if variable == c.Variable {
				field.Given = "taken from " + variable + " unless you type one"
			}
		}
		if setup != nil && setup.Secrets[c.Variable] != "" {
			field.Given = "typed, and kept in memory; leave empty to use it again"
		}
		p.Credentials = append(p.Credentials, field)
	}
	for _, profile := range spec.Profiles() {
		c := choice{Value: string(profile), Label: string(profile), Chosen: len(p.Setup.Profiles) == 0}
		for _, chosen := range p.Setup.Profiles {
			c.Chosen = c.Chosen || chosen == c.Value
		}
		p.Profiles = append(p.Profiles, c)
	}
	for _, d := range []choice{{Value: "", Label: "standard"}, {Value: "smoke", Label: "smoke: a first look in seconds"}, {Value: "deep", Label: "deep: generated conversations too"}} {
		d.Chosen = d.Value == p.Depth
		p.Depths = append(p.Depths, d)
	}
	s.render(w, status, "setup", "Set up a run", "setup", p)
}
