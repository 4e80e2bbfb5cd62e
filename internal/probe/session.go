package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// Session is a probe's hand on the target. It is safe for concurrent use.
type Session struct {
	// State is the probe's own: what its Run leaves for its Finally. A probe itself has no state, since several runs may
	// share it.
	State any

	run      *Run
	probe    string
	repeated bool
	first    bool // see Probe

	mu     sync.Mutex
	reason string
}

// Target is what the run talks to, with the operator's token of the moment.
func (s *Session) Target() Target {
	t := s.run.target
	t.Operator, t.Renew = s.run.credentials.token(), nil
	return t
}

// Repeated is set if the conversation is held again because a check of it failed.
func (s *Session) Repeated() bool { return s.repeated }

// Facts is what the operator told the run.
func (s *Session) Facts() exchange.Facts { return s.run.Facts() }

// Exchanges are those of the whole run so far, in the order in which they were sent.
func (s *Session) Exchanges() []*exchange.Exchange { return s.run.recording.All() }

// Said are the exchanges of this conversation so far, in the order in which they were sent.
func (s *Session) Said() []*exchange.Exchange { return s.run.recording.Of(s.probe) }

// Operator is the credential of the run. Where it can be renewed, a request that carries it is sent with the token of the
// moment, and once more when that is refused and another one is to be had.
func (s *Session) Operator() Identity { return s.run.credentials.identity() }

// Expired is a token that was good once; false if the operator supplied none.
func (s *Session) Expired() (Identity, bool) {
	return Bearer("expired", s.run.target.Expired), s.run.target.Expired != ""
}

// NotYetValid is a token that is good from a moment to come; false if the operator supplied none.
func (s *Session) NotYetValid() (Identity, bool) {
	return Bearer("not-yet-valid", s.run.target.NotYetValid), s.run.target.NotYetValid != ""
}

// Name makes a name that no other account has: the prefix of the run and a label of a few letters, digits and dashes.
func (s *Session) Name(label string) string { return s.run.unique(label) }

// NameOf makes such a name of exactly length characters.
func (s *Session) NameOf(label string, length int) string {
	name := s.run.unique(label)
	if len(name) <= length {
		return name + strings.Repeat("x", length-len(name))
	}
	name = name[:length]
	if strings.HasSuffix(name, "-") { // a name ends with a letter or a digit
		name = name[:length-1] + "x"
	}
	return name
}

// Mark is a text that only accounts of this run carry; in a description it lets clean-up find an account whose name is
// not its own.
func (s *Session) Mark() string { return s.run.prefix }

// Give up the rest of the conversation: reason says in one sentence why, for the verdicts that now lack evidence.
func (s *Session) GiveUp(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason == "" {
		s.reason = fmt.Sprintf(format, args...)
	}
}

// Reason says why the conversation ended before all was said; "" if it did not.
func (s *Session) Reason() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason
}

// Send sends a request and records what came of it. A target that asks to be left alone is left alone and asked again.
// A connection that is dropped is replaced by a fresh one, and only a request that is dropped every time stays unanswered.
// A request that is answered with a server error is sent again too, and so is a write that is refused with 409; the last
// response counts.
func (s *Session) Send(ctx context.Context, step string, request Request) *exchange.Exchange {
	r := s.run
	request.disguised(r.disguise)
	for _, part := range append(request.As.secretParts(), Header("", request.Header.Values("Authorization")...).secretParts()...) {
		r.secrets.Add("credential", part)
	}
	request.first = s.first
	w := throttleWaits{brief: request.Brief}
	tries, idle, gap := 0, false, firstPause
	failed, conflicts := 0, 0 // responses with a 5xx, and with 409
	var before refusal
	for {
		request.As = r.credentials.present(ctx, request.As)
		leave := r.writes.enter(request, conflicts > 0)
		purpose := exchange.Purpose{Probe: s.probe, Step: step, Identity: request.As.Name}
		e, unused := r.dispatch(exchange.WithPurpose(ctx, purpose), s.probe == Cleanup, request)
		leave()
		e.Probe, e.Step, e.ID = s.probe, step, r.exchangeID(s.probe, step)
		pause, wait := r.deferred(e, &w)
		if tries > 0 || idle || failed > 0 {
			if failure := r.overtaken(request, e); failure != nil && s.probe != Cleanup {
				e.Failure = failure
			}
		}
		if request.scan == nil && request.Operation == ListOperation {
			e.Foreign = r.learnFromList(e)
		}
		if !unsent(e) {
			if request.Operation == DeleteOperation && e.Success() {
				r.tracker.Removed(request.Path)
			}
			r.health.note(e)
			if e.Answered() || kindOf(e) == exchange.Timeout {
				r.silence.Note(kindName(request), e.Timings.Total, e.Answered())
			}
		}
		r.hidden.hide(e)
		r.recording.Add(e)
		if wait && sleep(ctx, pause) { // a target that says "at once" every time is asked less and less often
			w.add(pause)
			continue
		}
		if e.Answered() && r.credentials.again(ctx, request.As, e.Status(), &before, r.limits.Await, w.least()) {
			w.times++
			continue
		}
		if faulty(e) && !request.Once && s.probe != Cleanup && failed < r.faults.times(request.Operation) && sleep(ctx, faultPauses[failed]) {
			failed++
			continue
		}
		if collided(request, e) && !request.Once && s.probe != Cleanup && conflicts < len(conflictPauses) && sleep(ctx, conflictPauses[conflicts]) {
			conflicts++
			continue
		}
		if failed > 0 {
			r.faults.came(e)
		}
		if request.Once {
			return e
		}
		if unused && !idle {
			idle, request.newConnection = true, true // a target may close a connection that is not in use
			continue
		}
		if brokenOff(e) && !request.single && !bodies.Undecodable(e) {
			if tries++; r.health.again(request, tries) && sleep(ctx, gap) {
				gap, request.newConnection = min(2*gap, longestPause), true
				continue
			}
		}
		if tries > 0 && ctx.Err() == nil && (e.Response != nil || brokenOff(e)) {
			r.health.came(e, !brokenOff(e), tries)
		}
		return e
	}
}

// Sent returns the exchanges of a step of this conversation so far.
func (s *Session) Sent(step string) []*exchange.Exchange {
	return slices.DeleteFunc(s.run.recording.Of(s.probe), func(e *exchange.Exchange) bool { return e.Step != step })
}

// Steady reports whether the target drops nothing that is sent to it alone: it reads the list many times, each time on a
// connection of its own. A network that dropped a read before is unreliable. A dropped write proves nothing about the network: it
// may be what the target does to writes that meet.
func (s *Session) Steady(ctx context.Context, step string) bool {
	request := s.ListRequest()
	request.Once = true
	for range controls {
		if s.run.health.unreliable() || brokenOff(s.Send(ctx, step, request)) {
			return false
		}
	}
	return ctx.Err() == nil
}

// Await sends a request until done is satisfied with the response, the run's patience with slow reads is over, or there is
// nobody to talk to. It returns the last exchange.
func (s *Session) Await(ctx context.Context, step string, request Request, done func(*exchange.Exchange) bool) *exchange.Exchange {
	return s.await(ctx, step, request, s.run.limits.Await, done)
}

// AwaitGone is Await for what a deletion does, for which deployments take longer.
func (s *Session) AwaitGone(ctx context.Context, step string, request Request, done func(*exchange.Exchange) bool) *exchange.Exchange {
	return s.await(ctx, step, request, deletionShare*s.run.limits.Await, done)
}

// AwaitRefusal sends a request until it is refused with 401, or the time in which the token may go on working is over:
// deleted is set if its account was deleted, which may take longer than a rotation.
func (s *Session) AwaitRefusal(ctx context.Context, step string, request Request, deleted bool) *exchange.Exchange {
	window := s.run.limits.Revocation
	if deleted {
		window = max(window, deletionShare*s.run.limits.Await)
	}
	return s.await(ctx, step, request, window, func(e *exchange.Exchange) bool { return e.Status() == http.StatusUnauthorized })
}

// Settle is how long after the first refusal of a token every refusal counts.
func (s *Session) Settle() time.Duration { return s.run.limits.Settle }

// leastAsked is how often a target that takes a long part of the limit for each response is asked at least.
const leastAsked = 3

func (s *Session) await(ctx context.Context, step string, request Request, limit time.Duration, done func(*exchange.Exchange) bool) *exchange.Exchange {
	deadline, asked := time.Now().Add(limit), 0
	for pause := firstPause; ; pause = min(pause*2, longestPause) {
		e := s.Send(ctx, step, request)
		if nobody(e) || unsent(e) || slices.Contains([]exchange.Kind{exchange.Busy, exchange.Overtaken}, kindOf(e)) {
			return e
		}
		pause = max(pause, unhurried(e))
		asked++
		slow := e.Answered() && e.Timings.Total > limit/leastAsked
		over := time.Now().Add(pause).After(deadline) && (asked >= leastAsked || !slow)
		over = over || asked >= leastAsked && faulty(e) && s.run.faults.lasting(request.Operation)
		if done(e) || over || !sleep(ctx, pause) {
			return e
		}
	}
}

// bytesAwaited bounds, for each second, what a request that is repeated may make a target send: a list can be long.
const bytesAwaited = 8 << 20

// unhurried is the least pause behind a response before the same is asked again.
func unhurried(e *exchange.Exchange) time.Duration {
	if e.Response == nil {
		return 0
	}
	return time.Duration(e.Response.Size()) * time.Second / bytesAwaited
}

// nobody reports whether there was nobody to talk to, which waiting for slow reads does not change.
func nobody(e *exchange.Exchange) bool {
	return slices.Contains([]exchange.Kind{exchange.Refused, exchange.DNS, exchange.TLS, exchange.Proxy, exchange.Local}, kindOf(e))
}

// kindOf is the kind of failure; "" if there is none.
func kindOf(e *exchange.Exchange) exchange.Kind {
	if e.Failure == nil {
		return ""
	}
	return e.Failure.Kind
}

// Create asks for a service account with the operator's credential.
func (s *Session) Create(ctx context.Context, step string, body []byte) *exchange.Exchange {
	return s.Send(ctx, step, s.CreateRequest(body))
}

// CreateRequest is what Create sends, for probes that change something about it.
func (s *Session) CreateRequest(body []byte) Request {
	return Request{
		Method: http.MethodPost, Path: Accounts(s.run.target.Organization), Operation: CreateOperation,
		As: s.Operator(), Header: JSON(), Body: body,
	}
}

// List reads the list with the operator's credential, once.
func (s *Session) List(ctx context.Context, step string) *exchange.Exchange {
	return s.Send(ctx, step, s.ListRequest())
}

// ListRequest is what List sends.
func (s *Session) ListRequest() Request {
	return Request{
		Method: http.MethodGet, Path: Accounts(s.run.target.Organization), Operation: ListOperation,
		As: s.Operator(), Header: http.Header{"Accept": {"application/json"}},
	}
}

// ListWith reads the list until it holds every account in ids.
func (s *Session) ListWith(ctx context.Context, step string, ids ...string) *exchange.Exchange {
	return s.Await(ctx, step, s.ListRequest(), func(e *exchange.Exchange) bool {
		for _, id := range ids {
			if _, position := e.Listed(id); position < 0 {
				return false
			}
		}
		return true
	})
}

// ListWithout reads the list until it holds none of the accounts in ids, which were deleted.
func (s *Session) ListWithout(ctx context.Context, step string, ids ...string) *exchange.Exchange {
	return s.AwaitGone(ctx, step, s.ListRequest(), func(e *exchange.Exchange) bool {
		for _, id := range ids {
			if _, position := e.Listed(id); position >= 0 {
				return false
			}
		}
		return e.Success()
	})
}

// UpdateRequest replaces an account's metadata and spec. Like RotateRequest and DeleteRequest it takes an id that a target
// made up; one that could lead to another resource is not sent.
func (s *Session) UpdateRequest(id string, body []byte) Request {
	return Request{
		Method: http.MethodPut, Path: Account(s.run.target.Organization, url.PathEscape(id)), Operation: UpdateOperation,
		As: s.Operator(), Header: JSON(), Body: body, blocked: tracking.Unfit(id),
	}
}

// RotateRequest asks for a new token.
func (s *Session) RotateRequest(id string) Request {
	return Request{
		Method: http.MethodPost, Path: Account(s.run.target.Organization, url.PathEscape(id)) + "/rotate", Operation: RotateOperation,
		As: s.Operator(), Header: http.Header{"Accept": {"application/json"}}, blocked: tracking.Unfit(id),
	}
}

// DeleteRequest removes an account.
func (s *Session) DeleteRequest(id string) Request {
	return Request{
		Method: http.MethodDelete, Path: Account(s.run.target.Organization, url.PathEscape(id)), Operation: DeleteOperation,
		As: s.Operator(), Header: http.Header{"Accept": {"application/json"}}, blocked: tracking.Unfit(id),
	}
}

// sleep waits, and reports whether it waited to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
