package probe

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/silence"
	"github.com/sa-conformance/conformance/internal/tracking"
	"github.com/sa-conformance/conformance/internal/wire"
)

// Probe is one conversation with the target.
type Probe struct {
	// Name is made of words, area.purpose; steps are named within it.
	Name string
	// Steps is about how many requests of the conversation wait for one another; longer conversations begin first.
	Steps int
	// First conversations begin before all others: the run creates no more once responses named accounts of others, and what
	// they show is to be known in any case.
	First bool
	// Apart keeps the exchanges out of the evidence of everything.
	Apart bool
	// Run holds the conversation. It must return soon after ctx is done.
	Run func(ctx context.Context, s *Session)
	// Finally, if there is one, goes on with the conversation when every probe's Run is over.
	Finally func(ctx context.Context, s *Session)
}

// Everything is the name of the evidence that holds the exchanges of all probes.
const Everything = "everything"

// Run is one run over a target: its recording, its secrets and the accounts that it made.
type Run struct {
	target         Target
	limits         Limits
	prefix         string
	now            func() time.Time
	recording      *exchange.Recording
	secrets        *redact.Registry
	tracker        *tracking.Tracker
	owners         *tracking.Ownership
	ownershipReads ownershipReads
	writes         writes
	budget         *budget
	health         *connectionHealth
	silence        silence.Log
	losses         lostAccounts
	pace           *pace
	peers          wire.Peers
	bodies         *bodies.Budget
	lists          *bodies.Lists
	hidden         *issued
	alone          *http.Client // see alone
	journal        Journal
	credentials    *credentialStore

	mu       sync.Mutex
	names    map[string]int
	disguise *disguise.Disguise // nil for none
	ids      map[string]int
	fault    error
	warnings []string

	under      sync.WaitGroup // the conversations that are under way
	placesOnce sync.Once
	faults     faults
	places     chan struct{} // one for each conversation at a time

	restrictedOnce sync.Once
	restricted     *Identity
}

// OperatorVariable is the environment variable that holds the token of the run.
const OperatorVariable = "CONFORMANCE_TOKEN"

// New prepares a run. The id becomes part of the name of every account; it is short and made of letters, digits and dashes.
func New(target Target, limits Limits, id string, secrets *redact.Registry, now func() time.Time) *Run {
	for _, v := range []redact.Variable{
		{Name: OperatorVariable, Value: target.Operator},
		{Name: "CONFORMANCE_RESTRICTED_TOKEN", Value: target.Restricted},
		{Name: "CONFORMANCE_EXPIRED_TOKEN", Value: target.Expired},
		{Name: "CONFORMANCE_NOT_YET_VALID_TOKEN", Value: target.NotYetValid},
	} {
		secrets.AddOperator("token", v.Value)
		secrets.Name(v.Value, v.Name)
	}
	r := &Run{
		target: target, limits: limits, prefix: "conf-" + id + "-", now: now,
		recording: &exchange.Recording{}, secrets: secrets, tracker: tracking.NewTracker(),
		owners: tracking.NewOwnership("conf-"+id+"-", now), credentials: newCredentialStore(target, secrets, now),
		budget: newBudget(), health: newConnectionHealth(target), pace: newPace(), bodies: bodies.NewBudget(max(limits.Bodies, 1)), alone: wire.Alone(target.Client), journal: unjournalled{},
		names: map[string]int{}, ids: map[string]int{},
	}
	r.lists, r.hidden = bodies.NewLists(r.ours), newIssued(secrets)
	return r
}

// Disguise makes the run look like an ordinary client. It is called before anything is sent.
func (r *Run) Disguise(d *disguise.Disguise) {
	r.disguise, r.prefix = d, d.Prefix()
	r.owners = tracking.NewOwnership(r.prefix, r.now)
}

// Sound sets what tells whether no check has anything to object to in an account of others, given as JSON: of such
// accounts, long lists keep few. It is called before anything is sent, and sound must be safe for concurrent use.
func (r *Run) Sound(sound func(account []byte) bool) { r.lists.Sound = sound }

// Seek makes long lists keep the accounts that wanted is true of, beside those of this run. It is called before anything is
// sent, and wanted must be safe for concurrent use.
func (r *Run) Seek(wanted func(account any) bool) {
	r.lists.Wanted = func(account any) bool { return r.ours(account) || wanted(account) }
}

// Keep makes the run tell a journal of its creates. It is called before anything is sent.
func (r *Run) Keep(journal Journal) { r.journal = journal }

// Recording is what has been said so far.
func (r *Run) Recording() *exchange.Recording { return r.recording }

// Remarks are what there is to say about the run itself; never nil.
func (r *Run) Remarks() []string { return r.credentials.remarks() }

// Facts is what the operator told the run, as far as checks may know it.
func (r *Run) Facts() exchange.Facts {
	disguised := ""
	if r.disguise != nil {
		disguised = r.disguise.String()
	}
	return exchange.Facts{
		Disguise:     disguised,
		Organization: r.target.Organization, OtherOrganization: r.target.OtherOrganization,
		Groups: r.target.Groups, Prefix: r.prefix, BaseURL: r.target.BaseURL,
	}
}

// Future is the evidence of a probe that may still be running.
type Future struct {
	done      chan struct{}
	exchanges []*exchange.Exchange
	reason    string
}

// Wait returns the exchanges of the probe once it is over, and why it ended before all was said, if it did.
func (f *Future) Wait(ctx context.Context) (exchanges []*exchange.Exchange, reason string, err error) {
	select {
	case <-f.done: // evidence that is there is evidence, also when the run was interrupted
		return f.exchanges, f.reason, nil
	default:
	}
	select {
	case <-f.done:
		return f.exchanges, f.reason, nil
	case <-ctx.Done():
		return nil, "", fmt.Errorf("waiting for a probe: %w", context.Cause(ctx))
	}
}

// Settled makes a future that is over already, for judging what was recorded before.
func Settled(exchanges []*exchange.Exchange, reason string) *Future {
	f := &Future{done: make(chan struct{})}
	f.settle(exchanges, reason)
	return f
}

func (f *Future) settle(exchanges []*exchange.Exchange, reason string) {
	f.exchanges, f.reason = exchanges, reason
	close(f.done)
}

// RunAll starts the probes and returns at once with a future for each, and one for Everything. The answered function is
// called when a probe is over, from several goroutines.
func (r *Run) RunAll(ctx context.Context, probes []Probe, answered func(name string)) map[string]*Future {
	futures := map[string]*Future{Everything: {done: make(chan struct{})}}
	for _, p := range probes {
		futures[p.Name] = &Future{done: make(chan struct{})}
	}
	r.under.Go(func() { r.runProbes(ctx, probes, futures, answered) })
	return futures
}

func (r *Run) runProbes(ctx context.Context, probes []Probe, futures map[string]*Future, answered func(string)) {
	probes = slices.Clone(probes)
	slices.SortStableFunc(probes, func(a, b Probe) int { return longestFirst(&a, &b) })
	sessions := map[string]*Session{}
	for _, p := range probes {
		sessions[p.Name] = &Session{run: r, probe: p.Name, first: p.First}
	}
	settle := func(p Probe) {
		futures[p.Name].settle(r.recording.Of(p.Name), sessions[p.Name].Reason())
		answered(p.Name)
	}
	r.each(probes, func(p Probe) {
		r.runProbe(ctx, sessions[p.Name], p.Run)
		if p.Finally == nil {
			settle(p)
		}
	})
	var last []Probe
	for _, p := range probes {
		if p.Finally != nil {
			last = append(last, p)
		}
	}
	r.each(last, func(p Probe) {
		r.runProbe(ctx, sessions[p.Name], p.Finally)
		settle(p)
	})
	apart := map[string]bool{}
	for _, p := range probes {
		apart[p.Name] = p.Apart
	}
	futures[Everything].settle(slices.DeleteFunc(slices.Clone(r.recording.All()), func(e *exchange.Exchange) bool { return apart[e.Probe] }), "")
}

// longestFirst puts before all others, however long, what is taken up again at the end: time has to pass before that.
func longestFirst(a, b *Probe) int {
	resumed := func(p *Probe) int {
		if p.Finally != nil {
			return 1
		}
		return 0
	}
	first := func(p *Probe) int {
		if p.First {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(first(b), first(a)), cmp.Compare(resumed(b), resumed(a)), cmp.Compare(b.Steps, a.Steps))
}

// Attempt is the name under which a further attempt (2, 3) of a probe is recorded.
func Attempt(name string, attempt int) string { return fmt.Sprintf("%s (attempt %d)", name, attempt) }

// Again holds a conversation once more, from its beginning to its end, and records it under a name of its own.
func (r *Run) Again(ctx context.Context, p Probe, attempt int) *Future {
	s := &Session{run: r, probe: Attempt(p.Name, attempt), repeated: true}
	f := &Future{done: make(chan struct{})}
	r.under.Go(func() {
		defer func() { f.settle(r.recording.Of(s.probe), s.Reason()) }()
		defer r.enter()()
		r.runProbe(ctx, s, p.Run)
		if p.Finally != nil {
			r.runProbe(ctx, s, p.Finally)
		}
	})
	return f
}

// Idle waits until no conversation is under way, reruns included: one that is would create behind a clean-up's back.
func (r *Run) Idle(ctx context.Context) {
	over := make(chan struct{})
	go func() {
		r.under.Wait()
		close(over)
	}()
	select {
	case <-over:
	case <-ctx.Done():
	}
}

// runProbe holds a conversation. A panic ends it, and no other: it is a fault of the probe, which Fault tells of.
func (r *Run) runProbe(ctx context.Context, s *Session, talk func(context.Context, *Session)) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		s.GiveUp("the probe itself failed: %v", cause)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.fault == nil {
			r.fault = &exchange.Broken{Part: "the probe " + s.probe, Cause: cause, Stack: string(debug.Stack())}
		}
	}()
	talk(ctx, s)
}

// Fault is the first panic of a probe, with its stack: a fault of the suite, not of the target. It is nil if there was
// none.
func (r *Run) Fault() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault
}

// each runs do for every probe, as many at a time as the limits allow, and returns when all are over.
func (r *Run) each(probes []Probe, do func(Probe)) {
	var wg sync.WaitGroup
	for _, p := range probes {
		leave := r.enter()
		wg.Go(func() {
			defer leave()
			do(p)
		})
	}
	wg.Wait()
}

// enter waits for a place among the conversations, which leave gives back.
func (r *Run) enter() (leave func()) {
	r.placesOnce.Do(func() { r.places = make(chan struct{}, max(r.limits.Concurrency, 1)) })
	r.places <- struct{}{}
	return func() { <-r.places }
}

// Warnings are remarks on the run: the limits that it hit, what became of its journal, and what was dropped.
func (r *Run) Warnings() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Concat(r.budget.warned(), r.warnings, r.health.warned(), r.faults.warned())
}

// LimitsHit names the limits beyond which something was not sent.
func (r *Run) LimitsHit() []string { return r.budget.warned() }

func (r *Run) warn(warning string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.warnings, warning) {
		r.warnings = append(r.warnings, warning)
	}
}

// longestLabelled is the length that prefix and label together may have: a name has 63 characters, and a number or some
// more of the probe's own may follow.
const longestLabelled = 55

// unique makes a name that no other account of this run has. Where the prefix is long, it cuts the label.
func (r *Run) unique(label string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.disguise != nil {
		label = r.disguise.Label(label)
	}
	if room := longestLabelled - len(r.prefix); len(label) > room {
		label = strings.TrimRight(label[:max(room, 0)], "-._")
	}
	return uniqueName(r.names, r.prefix+label, "-")
}

// exchangeID numbers the repetitions of a step.
func (r *Run) exchangeID(probe, step string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return uniqueName(r.ids, probe+"/"+step, "#")
}

// uniqueName is the text, or the text with the first number from 2 on that makes it one that is not taken. It is taken then, and
// each text keeps the number that it had last.
func uniqueName(taken map[string]int, text, separator string) string {
	free := text
	for taken[free] > 0 {
		taken[text]++
		free = fmt.Sprintf("%s%s%d", text, separator, taken[text])
	}
	taken[free] = 1
	return free
}

// ours reports whether an account of a list carries a text of this run.
func (r *Run) ours(account any) bool { return r.owners.Carries(tracking.MarksOf(account)) }

// Peer is who answered; nil if nobody did.
func (r *Run) Peer() *wire.Peer { return r.peers.Get() }
