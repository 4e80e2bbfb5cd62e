package probe

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	// mostTries is how often a request whose connection is dropped is sent, each time but the first on a connection of its
	// own. Where others got through on another try, the network may be the cause, and the request is sent again.
	mostTries, patientTries = 5, 10
	// firstPause is the pause before the second try, of what was dropped and of what is awaited; it doubles up to longestPause.
	firstPause, longestPause = 20 * time.Millisecond, 640 * time.Millisecond
	// mostInVain bounds what is sent in vain to a target that has never answered: drops, and requests without an end.
	mostInVain = 8
	// mostSilent is how many requests in a row may come to no end before a target that did answer is given up. It is more
	// than any conversation has under way at once.
	mostSilent = 40

	// mostLostCreates is how many creates may be dropped on every try before the others are sent once, if none got through later.
	mostLostCreates = 3

	// controls is how many requests tell whether a network drops at random.
	controls = 24

	// issuedLabel is how the tokens that a target issues are known among the secrets.
	issuedLabel = "issued"
)

// connectionHealth is what a run learns of the way to its target: whether anybody answers, and how many connections are dropped.
type connectionHealth struct {
	mu sync.Mutex
	// near is set if the target is on this machine, so that no network and no proxy is in between.
	near bool
	// answered is set by the first complete response.
	answered bool
	// silent counts the requests in a row that came to no end in their time, broken the tries that were broken off.
	silent, broken int
	silence        string
	// waiting counts the requests that were put off and are to be sent again.
	waiting int
	// responses counts the responses that did not put a request off; through is when a request that had been put off was
	// answered last. putOff counts those in a row that were put off to the end, refused those that were answered 503 every
	// time while others were served.
	responses, putOff, refused int
	through                    time.Time
	// mended and lost are requests that were broken off and got through on another try, or never. mendedReads counts the
	// reads among the former, removals are those of the clean-up.
	mended, lost, removals []string
	mendedReads            int
	// lostCreates and mendedCreates count the creates among them.
	lostCreates, mendedCreates int
}

func newConnectionHealth(t Target) *connectionHealth {
	l := &connectionHealth{}
	if u, err := url.Parse(t.BaseURL); err == nil {
		ip := net.ParseIP(u.Hostname())
		l.near = u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || ip != nil && ip.IsLoopback()
	}
	return l
}

// note takes an exchange into account.
func (l *connectionHealth) note(e *exchange.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case e.Answered():
		l.answered, l.silent, l.putOff = true, 0, 0
	case e.Failure.Kind == exchange.Timeout:
		l.silent, l.silence = l.silent+1, e.Failure.Message
	case e.Failure.Kind == exchange.Busy:
		l.answered, l.silent = true, 0
	case brokenOff(e):
		l.broken++
	}
}

// dead says why a request is not sent to a target that comes to no end with any; "" if it may be.
func (l *connectionHealth) dead() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.silent >= mostSilent || !l.answered && l.silent >= mostInVain {
		return fmt.Sprintf("it was not sent, since none of the %d before it was answered: %s", l.silent, l.silence)
	}
	return ""
}

// again tells whether a request that was broken off is worth another try.
func (l *connectionHealth) again(request Request, tries int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.answered && l.broken >= mostInVain:
		return false
	case creates(request) && l.lostCreates >= mostLostCreates && l.mendedCreates == 0: // each try may make an account
		return false
	case len(l.mended)+len(l.removals) > 0:
		return tries < patientTries
	}
	return tries < mostTries
}

// unreliable is set once a read got through that had been dropped.
func (l *connectionHealth) unreliable() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mendedReads > 0
}

// came says how a request that had been broken off came out, after so many tries.
func (l *connectionHealth) came(e *exchange.Exchange, through bool, tries int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := fmt.Sprintf("%s/%s (times: %d)", e.Probe, e.Step, tries)
	switch {
	case !through:
		l.lost = append(l.lost, id)
	case e.Probe == Cleanup:
		l.removals = append(l.removals, id)
	default:
		l.mended = append(l.mended, id)
	}
	switch {
	case through && e.Request.Method == http.MethodGet:
		l.mendedReads++
	case through && e.Operation == CreateOperation:
		l.mendedCreates++
	case e.Operation == CreateOperation:
		l.lostCreates++
	}
}

// warned tells what was dropped; never nil.
func (l *connectionHealth) warned() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := []string{}
	if len(l.lost) > 0 {
		said = append(said, "the target dropped the connection every time, on fresh connections too, on "+few(l.lost))
	}
	if len(l.mended) > 0 {
		said = append(said, "the connection was dropped, and the request got through on a fresh one, on "+few(l.mended)+": "+l.suspect()+
			", and no verdict counts it")
	}
	if len(l.removals) > 0 {
		said = append(said, "the target dropped connections while the run removed its accounts, and the request got through on a fresh one, on "+
			few(l.removals))
	}
	return said
}

// suspect says what may have dropped the requests that got through later.
func (l *connectionHealth) suspect() string {
	switch {
	case l.near:
		return "the target is on this machine, so that it closed the connection itself"
	case l.mendedReads == 0:
		return "no read was dropped, so that the target is more likely to blame than the network"
	}
	return "the network or a proxy may be to blame"
}

// fewNames is how many requests a warning names.
const fewNames = 10

func few(names []string) string {
	names = slices.Sorted(slices.Values(names))
	if len(names) > fewNames {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:fewNames], ", "), len(names)-fewNames)
	}
	return strings.Join(names, ", ")
}

// brokenOff reports whether a connection was closed, or the conversation on it was spoiled, before a response was complete.
func brokenOff(e *exchange.Exchange) bool {
	return e.Failure != nil && (e.Failure.Kind == exchange.Dropped || e.Failure.Kind == exchange.Malformed)
}

// overtaken is the failure of an exchange whose refusal may be due to an earlier try of the same request, of which nobody
// knows whether it was done; nil of any other.
func (r *Run) overtaken(request Request, e *exchange.Exchange) *exchange.Failure {
	if !e.Answered() || !r.mayFollow(request, e.Status()) {
		return nil
	}
	return &exchange.Failure{Kind: exchange.Overtaken, Message: fmt.Sprintf(
		"the response %d may be due to an earlier try, which was broken off and may have been done", e.Status())}
}

// mayFollow reports whether a status may follow from the same request having been done before: the name is taken, the
// account is gone or busy, the account's own token is dead.
func (r *Run) mayFollow(request Request, status int) bool {
	switch request.Operation {
	case UpdateOperation, RotateOperation, DeleteOperation:
		changed := status == http.StatusNotFound || status == http.StatusConflict || status == http.StatusUnauthorized && r.issued(request.As)
		return changed && r.tracker.Holds(request.Path)
	}
	return creates(request) && status == http.StatusConflict
}

// issued reports whether a credential is a token that the target issued in this run.
func (r *Run) issued(as Identity) bool {
	return slices.ContainsFunc(as.secretParts(), func(part string) bool {
		label, known := r.secrets.Find([]byte(part))
		return known && strings.HasPrefix(label, issuedLabel)
	})
}
