package exchange

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Evidence is what one check may look at. It remembers which exchanges the check looked at, so that a verdict can
// point at the bytes behind it. An Evidence serves one check and is not safe for concurrent use.
type Evidence struct {
	exchanges []*Exchange
	facts     Facts
	reason    string
	touched   []string
	seen      map[string]bool
	notes     []string
	shared    *Shared
}

// Shared holds what several checks find out about the same exchanges, so that it is found out once. The zero value is empty.
// It is safe for concurrent use.
type Shared struct {
	mu    sync.Mutex
	found map[string]func() any
}

func (s *Shared) of(key string, find func() any) func() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found[key] == nil {
		if s.found == nil {
			s.found = map[string]func() any{}
		}
		s.found[key] = sync.OnceValue(find)
	}
	return s.found[key]
}

// Sharing makes the evidence share what is found out about the exchanges of a conversation.
func (ev *Evidence) Sharing(s *Shared) *Evidence {
	ev.shared = s
	return ev
}

// Found is what find tells of all exchanges of the evidence. Where evidence is shared it is asked once for a key, and its
// result must not be changed. It looks at the exchanges without a trace: see Touch.
func (ev *Evidence) Found(key string, find func(facts Facts, all []*Exchange) any) any {
	if ev.shared == nil || len(ev.exchanges) == 0 {
		return find(ev.facts, ev.exchanges)
	}
	key = fmt.Sprintf("%s %p %d", key, ev.exchanges[0], len(ev.exchanges))
	return ev.shared.of(key, func() any { return find(ev.facts, ev.exchanges) })()
}

// Touch notes that the check looked at exchanges.
func (ev *Evidence) Touch(exchanges ...*Exchange) {
	for _, e := range exchanges {
		ev.touch(e)
	}
}

// Facts is what the operator told the run, as far as checks may know it.
type Facts struct {
	// Organization is the organization of the run, as the operator wrote it.
	Organization string
	// OtherOrganization exists and is not open to the operator's credential; "" if none was named.
	OtherOrganization string
	// Groups are the groups that accounts may be put into.
	Groups []string
	// Prefix begins the name of every account of this run, and of no other.
	Prefix string
	// Disguise is the text of the disguise of the run, see internal/disguise; "" for none.
	Disguise string
	// BaseURL is the target's address, without a trailing slash.
	BaseURL string
	// Recorded is set if the evidence was read from a recording, in which placeholders stand for tokens. Digests are
	// those of the recording's own placeholders, see Archive.
	Recorded bool
	Digests  []string
}

// NewEvidence makes the evidence for one check out of the exchanges that it may see. The reason, "" if there is
// none, says why the conversation ended before all was said.
func NewEvidence(facts Facts, exchanges []*Exchange, reason string) *Evidence {
	return &Evidence{exchanges: exchanges, facts: facts, reason: reason}
}

// Missing is the panic value of a look at a step that was never recorded; the runner of a check turns it into an
// inconclusive verdict.
type Missing struct {
	Reason string
	// Live is set if a recording cannot hold what is missing.
	Live bool
}

func (m Missing) Error() string { return m.Reason }

// Facts returns what the operator told the run.
func (ev *Evidence) Facts() Facts { return ev.facts }

// At returns the last exchange of a step, which is answered. Where the step was not sent or not answered it panics
// with Missing.
func (ev *Evidence) At(step string) *Exchange {
	e := ev.Sent(step)
	if !e.Answered() {
		panic(Missing{Reason: e.Unanswered()})
	}
	return e
}

// Sent returns the last exchange of a step, answered or not. Where the step has none it panics with Missing.
func (ev *Evidence) Sent(step string) *Exchange {
	for _, e := range slices.Backward(ev.exchanges) {
		if e.Step == step {
			ev.touch(e)
			return e
		}
	}
	panic(Missing{Reason: ev.never(fmt.Sprintf("the step %q was never sent", step))})
}

// Has reports whether a step was sent.
func (ev *Evidence) Has(step string) bool {
	return slices.ContainsFunc(ev.exchanges, func(e *Exchange) bool { return e.Step == step })
}

// Every returns the last exchange of each step whose name begins with prefix, in the order of sending. If there is
// none it panics with Missing.
func (ev *Evidence) Every(prefix string) []*Exchange {
	last := map[string]*Exchange{}
	var order []string
	for _, e := range ev.exchanges {
		if !strings.HasPrefix(e.Step, prefix) {
			continue
		}
		if last[e.Probe+"/"+e.Step] == nil {
			order = append(order, e.Probe+"/"+e.Step)
		}
		last[e.Probe+"/"+e.Step] = e
	}
	if len(order) == 0 {
		panic(Missing{Reason: ev.never(fmt.Sprintf("no step named %q… was sent", prefix))})
	}
	found := make([]*Exchange, 0, len(order))
	for _, key := range order {
		ev.touch(last[key])
		found = append(found, last[key])
	}
	return found
}

// Where returns every exchange, repetitions included, that satisfies keep, in the order of sending.
func (ev *Evidence) Where(keep func(*Exchange) bool) []*Exchange {
	var found []*Exchange
	for _, e := range ev.exchanges {
		if keep(e) {
			ev.touch(e)
			found = append(found, e)
		}
	}
	return found
}

// Observe notes a reading or a fact that the report shows beside the verdict, whatever the verdict is.
func (ev *Evidence) Observe(format string, args ...any) {
	ev.notes = append(ev.notes, fmt.Sprintf(format, args...))
}

// Touched lists the ids of the exchanges that the check looked at, in the order of looking.
func (ev *Evidence) Touched() []string { return slices.Clone(ev.touched) }

// Notes lists what the check observed.
func (ev *Evidence) Notes() []string { return slices.Clone(ev.notes) }

func (ev *Evidence) never(what string) string {
	if ev.reason == "" {
		return what
	}
	return ev.reason
}

func (ev *Evidence) touch(e *Exchange) {
	if ev.seen[e.ID] {
		return
	}
	if ev.seen == nil {
		ev.seen = map[string]bool{}
	}
	ev.seen[e.ID] = true
	ev.touched = append(ev.touched, e.ID)
}
