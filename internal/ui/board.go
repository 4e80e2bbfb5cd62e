package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/html"
	"github.com/sa-conformance/conformance/spec"
)

// board holds how far a run is: what a page shows that is opened in the middle of it. It is safe for concurrent use.
type board struct {
	strict bool

	mu   sync.Mutex
	told int // events
	// phase says in words what goes on.
	phase         string
	begun         time.Time
	sections      []*boardSection
	conversations []*boardConversation
	of            map[string]*boardConversation
	requirement   map[string]*boardRequirement
	failures      []*boardRequirement
	judged        int
	requests      boardMeter
	created       boardMeter
	limit         time.Duration
	rps           float64
}

type boardSection struct {
	Name         string
	Requirements []*boardRequirement
}

// boardRequirement is a requirement that is judged, or will be.
type boardRequirement struct {
	ID, Statement, Conversation string
	Level                       spec.Level
	// Kind is the outcome as pages tell outcomes apart, "waiting" before that.
	Kind, Message string
}

// Glyph is the mark of the kind.
func (r boardRequirement) Glyph() string {
	if r.Kind == waiting {
		return "·"
	}
	return html.Glyph(r.Kind)
}

// Word is the kind in words.
func (r boardRequirement) Word() string { return strings.ReplaceAll(r.Kind, "-", " ") }

// boardConversation is a conversation, its requests so far, and how many requirements wait for it.
type boardConversation struct {
	Name    string
	State   string
	Waiting int
	Bars    []boardBar
}

// boardBar is a request on a time line, in milliseconds from the beginning of the run.
type boardBar struct {
	X, W  int
	Class string
}

// boardMeter is a limit that is being used; 0: there is none.
type boardMeter struct{ Used, Limit int }

const waiting = "waiting"

// The limit of a run that has none of its own: a time, and what a number of requests take in addition if their rate is limited.
const (
	usualTime     = 15 * time.Minute
	usualRequests = 600
)

// newBoard knows from the beginning what will be judged, and by which conversation.
func newBoard(cfg engine.Config, chosen []check.Check) *board {
	b := &board{
		strict: cfg.Strict, phase: "Starting", of: map[string]*boardConversation{}, requirement: map[string]*boardRequirement{},
		requests: boardMeter{Limit: cfg.MaxRequests}, created: boardMeter{Limit: cfg.MaxCreated}, limit: cfg.MaxTime, rps: cfg.RPS,
	}
	if b.limit == 0 { // as --max-time says
		b.limit = usualTime
		if cfg.RPS > 0 {
			b.limit += time.Duration(usualRequests / cfg.RPS * float64(time.Second))
		}
	}
	section := map[string]*boardSection{}
	for _, c := range chosen {
		r := &boardRequirement{ID: c.Requirement.ID, Statement: c.Requirement.Statement, Conversation: c.Probe, Level: c.Requirement.Level, Kind: waiting}
		b.requirement[r.ID] = r
		if section[c.Section] == nil {
			section[c.Section] = &boardSection{Name: c.Section}
			b.sections = append(b.sections, section[c.Section])
		}
		section[c.Section].Requirements = append(section[c.Section].Requirements, r)
		b.conversation(c.Probe).Waiting++
	}
	return b
}

func (b *board) conversation(name string) *boardConversation {
	if b.of[name] == nil {
		b.of[name] = &boardConversation{Name: name, State: waiting}
		if name == probe.Everything {
			b.of[name].State = "waits for all other conversations"
		}
		b.conversations = append(b.conversations, b.of[name])
	}
	return b.of[name]
}

func (b *board) ids() (ids []string) {
	for _, s := range b.sections {
		for _, r := range s.Requirements {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// take notes an event, and tells it on in the same order.
func (b *board) take(e event.Event, tell func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told++
	switch e.Kind {
	case event.Started:
		b.phase, b.begun = "Holding conversations", e.Time
	case event.Exchanged:
		b.exchanged(e.Exchange)
	case event.Conversation:
		b.conversation(e.Conversation).State = "finished"
	case event.Judged:
		b.result(e.Result)
	case event.Cleaning:
		b.phase = "Cleaning up: deleting " + report.Plural(e.Cleanup.Accounts, "account", "accounts")
	case event.Finished:
		b.phase = "Finished: " + string(e.Summary.Verdict)
	}
	tell()
}

func (b *board) exchanged(x *event.Exchange) {
	b.requests.Used++
	if x.Operation == "createServiceAccount" && x.Status/100 == 2 {
		b.created.Used++
	}
	c := b.conversation(x.Conversation)
	if c.State == waiting {
		c.State = "going on"
	}
	c.Bars = append(c.Bars, boardBar{X: int(x.StartedAt.Sub(b.begun).Milliseconds()), W: max(1, int(x.Seconds*1000)), Class: class(x.Status)})
}

// class is that of a status: "s2", "s4", …, or "s0" without a response.
func class(status int) string { return "s" + strconv.Itoa(status/100) }

func (b *board) result(x *event.Result) {
	r := b.requirement[x.ID]
	if r == nil {
		return
	}
	if r.Kind == waiting {
		b.judged++
		if c := b.of[r.Conversation]; c != nil && c.Waiting > 0 {
			c.Waiting--
		}
	}
	r.Kind, r.Message = html.Kind(report.Result{Outcome: x.Outcome, Level: x.Level}, b.strict), report.Shorten(strings.ReplaceAll(x.Message, ": | ", ": "), 300)
	if x.Outcome.Broke() && !slices.Contains(b.failures, r) {
		b.failures = append(b.failures, r)
	}
}

// stop notes that somebody stopped the run.
func (b *board) stop(tell func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told++
	b.phase = "Stopping: nothing more is sent but the clean-up"
	tell()
}

// snapshot is the board at one moment, with the number of events that it holds.
type snapshot struct {
	Told          int
	Phase         string
	Begun         int64 // in milliseconds since 1970; 0 before
	Span          int   // of the time lines, in milliseconds
	Sections      []boardSection
	Conversations []boardConversation
	Failures      []boardRequirement
	Judged, All   int
	Requests      boardMeter
	Created       boardMeter
	LimitSeconds  int
	RPS           float64
	Strict        bool
}

func (b *board) snapshot() snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := snapshot{
		Told: b.told, Phase: b.phase, Span: 1, Judged: b.judged, All: len(b.requirement), Requests: b.requests, Created: b.created,
		LimitSeconds: int(b.limit.Seconds()), RPS: b.rps, Strict: b.strict,
	}
	if !b.begun.IsZero() {
		s.Begun = b.begun.UnixMilli()
	}
	for _, section := range b.sections {
		shown := boardSection{Name: section.Name}
		for _, r := range section.Requirements {
			one := *r
			shown.Requirements = append(shown.Requirements, &one)
		}
		s.Sections = append(s.Sections, shown)
	}
	for _, c := range b.conversations {
		shown := *c
		shown.Bars = slices.Clone(c.Bars)
		s.Conversations = append(s.Conversations, shown)
		for _, bar := range c.Bars {
			s.Span = max(s.Span, bar.X+bar.W)
		}
	}
	for _, r := range b.failures {
		s.Failures = append(s.Failures, *r)
	}
	slices.SortStableFunc(s.Failures, func(x, y boardRequirement) int { return cmp.Compare(rank(x.Kind), rank(y.Kind)) })
	return s
}

// rank puts failures before warnings.
func rank(kind string) int {
	return slices.Index([]string{"fail", "unstable", "warning", "inconclusive", "not-tested", "pass"}, kind)
}
