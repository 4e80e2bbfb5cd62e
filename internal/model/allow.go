package model

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// judge compares the status of a response with those that the contract allows for its request, as far as the suite knows
// what the target knows.
func (m *Model) judge(e *exchange.Exchange) {
	if !e.Answered() || e.Foreign != "" || e.Response.Status == http.StatusTooManyRequests || e.Response.Status == http.StatusServiceUnavailable {
		return
	}
	a := m.read(e)
	if shown := m.showing(e); shown != nil {
		m.contradict(Unauthenticated, e, shown.created, "", "no account of the run", "the account "+shown.id)
		return
	}
	if a.kind == other && e.Success() && m.presented(e).standing == bad && e.Request.Method == http.MethodGet && m.readAt(e, straight(e.Request.URL)).kind == listing {
		m.within(Unauthenticated, e, e, refusals)
		return
	}
	if a.kind == other || e.Status() == http.StatusConflict && m.resent(e) { // it met another request
		return
	}
	if m.repeats(e) {
		m.contradict(Answered, e, e, "", "a response that is no server error", e.Status())
		return
	}
	c := m.presented(e)
	switch {
	case c.standing == bad:
		m.unauthenticated(a, c, e)
	case a.kind == undeclared:
		m.within(Undeclared, e, e, refusals)
	case c.standing == operator:
		m.operated(a, e)
	case c.standing == holder:
		m.held(a, c.token, e)
	}
}

// statuses are some that a response may have.
type statuses []int

// refusals is every client error, and 501.
var refusals = append(clientErrors(), http.StatusNotImplemented)

func clientErrors() statuses {
	var all statuses
	for status := 400; status < 500; status++ {
		all = append(all, status)
	}
	return all
}

// within notes a response with another status than the allowed ones. Server errors are another promise's matter.
func (m *Model) within(promise Promise, e, earlier *exchange.Exchange, allowed statuses) {
	if slices.Contains(allowed, e.Status()) || e.Status() >= http.StatusInternalServerError {
		return
	}
	m.contradict(promise, e, earlier, "", allowed.words(), e.Status())
}

func (s statuses) words() string {
	if len(s) >= 100 {
		return "a 4xx, or 501"
	}
	var words []string
	for _, status := range s {
		words = append(words, strconv.Itoa(status))
	}
	return strings.Join(words, " or ")
}

// unauthenticated judges the response to a request without a good credential. What else is wrong with the request may be
// seen first.
func (m *Model) unauthenticated(a asked, c credential, e *exchange.Exchange) {
	earlier, revoked := e, c.token != nil
	if revoked {
		earlier = c.token.revoked
	}
	if a.kind == undeclared || a.kind == userinfo { // a gateway may send somebody to a place where they log in
		if e.Success() {
			m.within(Unauthenticated, e, earlier, refusals)
		}
		return
	}
	m.within(Unauthenticated, e, earlier, refusals)
	if e.Status()/100 != 4 || !a.plain || a.organization != canonical {
		return
	}
	if (a.kind == creation || a.kind == updating) && a.body != valid || a.account != "" && m.lifeOf(a, e) != alive {
		return
	}
	switch {
	case c.absent, revoked:
		m.within(Unauthenticated, e, earlier, demanding(e, statuses{http.StatusUnauthorized}))
	default:
		m.within(Unauthenticated, e, earlier, demanding(e, statuses{http.StatusUnauthorized, http.StatusBadRequest}))
	}
}

// operated judges the response to a request with the operator's credential.
func (m *Model) operated(a asked, e *exchange.Exchange) {
	life := unknown
	if a.account != "" {
		life = m.lifeOf(a, e)
	}
	switch {
	case a.organization == strange:
		m.within(Unknown, e, e, refusals)
	case a.organization != canonical || !a.plain || a.account != "" && a.written == spelled:
		return // a target may take it or refuse it
	case a.kind == listing:
		m.within(Accepted, e, e, statuses{http.StatusOK})
	case a.kind == creation:
		m.content(a, e, http.StatusCreated)
	case a.kind == userinfo:
		return // an operator need not be somebody that it knows
	case life == gone || life == never:
		m.missing(a, e)
	case life != alive:
		return
	case a.kind == updating:
		m.content(a, e, http.StatusOK)
	case a.kind == rotation:
		m.within(Accepted, e, e, statuses{http.StatusOK, http.StatusConflict})
	case a.kind == deletion:
		m.within(Accepted, e, e, statuses{http.StatusOK, http.StatusAccepted, http.StatusNoContent, http.StatusConflict})
	}
}

// missing judges a request about an account that is not there.
func (m *Model) missing(a asked, e *exchange.Exchange) {
	allowed := statuses{http.StatusNotFound}
	if a.kind == updating && a.body != valid {
		allowed = append(allowed, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
	}
	if a.written != canonical {
		allowed = refusals
	}
	m.within(Unknown, e, e, allowed)
}

// content judges the response to a create or an update.
func (m *Model) content(a asked, e *exchange.Exchange, success int) {
	switch {
	case a.body == invalid:
		m.within(Invalid, e, e, demanding(e, statuses{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}))
	case a.body == valid && (m.ordinary(e) || e.Status() == http.StatusUnsupportedMediaType || e.Status() == http.StatusNotAcceptable):
		m.within(Accepted, e, e, statuses{success, http.StatusConflict})
	}
}

// demanding adds 411 to the statuses of a chunked request: a target may want a Content-Length (RFC 9110 section 15.5.12).
func demanding(e *exchange.Exchange, allowed statuses) statuses {
	if e.Request.Chunked {
		return append(allowed, http.StatusLengthRequired)
	}
	return allowed
}

// ordinary reports whether a target has no reason to refuse a body that is valid by the schema: groups that the operator
// named, each once, no reserved tag, and texts of moderate length without control characters.
func (m *Model) ordinary(e *exchange.Exchange) bool {
	if e.Request.Chunked { // a target may want a Content-Length (RFC 9110 section 15.5.12)
		return false
	}
	sent, _ := firstSent(e)
	description, _ := exchange.Lookup(sent, "/metadata/description")
	if text, _ := description.(string); len(text) > longestDescription || controls(text) {
		return false
	}
	groups, _ := exchange.Lookup(sent, "/spec/groupIDs")
	var seen []string
	for _, group := range texts(groups) {
		if !slices.Contains(m.facts.Groups, group) || slices.Contains(seen, group) {
			return false
		}
		seen = append(seen, group)
	}
	all, _ := exchange.Lookup(sent, "/metadata/tags")
	names := map[string]bool{}
	for tag := range tags(all) {
		name, value, _ := strings.Cut(tag, "\x00")
		if !usualTag.MatchString(name) || names[name] || len(name) > longestTag || len(value) > longestTag || controls(name+value) {
			return false
		}
		names[name] = true
	}
	return len(names) == len(items(all)) && len(names) <= mostTags
}

// usualTag is a name of a tag that no target has a reason to refuse.
var usualTag = regexp.MustCompile(`^[0-9A-Za-z._-]+$`)

// Up to these lengths in bytes, and this many tags, no deployment is known to have a limit.
const (
	longestDescription = 250
	longestTag         = 63
	mostTags           = 32
)

func items(value any) []any {
	all, _ := value.([]any)
	return all
}

// controls reports whether a text has characters that a parser may refuse (RFC 8259 section 9): control characters, line ends
// included, and noncharacters.
func controls(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == 0xfffe || r == 0xffff })
}

// held judges the response to a request with the good token of an account.
func (m *Model) held(a asked, t *token, e *exchange.Exchange) {
	if e.Status() == http.StatusUnauthorized && (a.kind == listing || a.kind == userinfo) {
		m.refusedToken(a, t, e)
		return
	}
	if a.kind == userinfo && e.Success() {
		if sub, there := e.Member("/sub"); there && !textual(sub, t.account, strings.EqualFold) {
			m.contradict(Subject, e, t.issued, "/sub", t.account, sub)
		}
		return
	}
	if a.organization == strange {
		m.within(Unknown, e, e, refusals)
		return
	}
	m.own(a, t, e)
	if a.account == "" || a.organization != canonical || m.accounts[a.account] == nil || m.accounts[a.account].created == nil {
		return
	}
	if own := m.accounts[a.account]; a.account == t.account && a.kind == updating && e.Success() && own.written != nil {
		before, _ := exchange.Lookup(own.content, "/spec/groupIDs")
		if after, _ := e.Member("/spec/groupIDs"); !m.equal("/spec/groupIDs", before, after) {
			m.contradict(OwnGroups, e, own.written, "/spec/groupIDs", before, after)
		}
	}
	if a.account != t.account && (a.kind == updating || a.kind == rotation || a.kind == deletion) {
		m.within(Neighbour, e, e, refusals)
	}
}

// refusedToken judges a 401 to a good token. One that is new need not be known everywhere yet, and one of an account that
// was changed since may be another one's matter.
func (m *Model) refusedToken(a asked, t *token, e *exchange.Exchange) {
	known := m.accounts[t.account]
	if t.fresh(e) || !a.plain || a.organization != canonical || known == nil { // a response may name an account that nothing else does
		return
	}
	for _, s := range known.writes {
		if s.from.Before(e.FinishedAt()) && s.to.After(e.StartedAt.Add(-m.grace())) {
			return
		}
	}
	promise := Works
	for _, update := range known.updated {
		if update.StartedAt.Before(e.StartedAt) && update.FinishedAt().After(t.usedBefore(e).FinishedAt()) {
			promise = Survives
		}
	}
	m.contradict(promise, e, t.issued, "", "the token that it issued is taken", e.Status())
}

// life is what a client may believe of the existence of an account.
type life int

const (
	unknown life = iota
	alive
	gone  // it was deleted, and a list showed that it is gone
	never // it never was an account
)

// lifeOf tells whether the account that a request names exists while the request is under way.
func (m *Model) lifeOf(a asked, e *exchange.Exchange) life {
	known := m.accounts[a.account]
	switch {
	case known == nil || known.created == nil:
		if m.shown[a.account] {
			return unknown
		}
		return never // the guard lets no request out for an account that is not of the run, but for ids that it made up
	case known.deletion == nil || known.deletion.StartedAt.After(e.FinishedAt()):
		if since(known.created, e) >= m.grace() || known.first != nil && !known.first.FinishedAt().After(e.StartedAt) {
			return alive
		}
	case known.absent != nil && since(known.absent, e) >= m.grace(),
		known.absent != nil && waited(e, known) && !known.absent.FinishedAt().After(e.StartedAt):
		return gone
	}
	return unknown // reads may be behind, and a deletion may take its time
}

// resent reports whether the same request was sent again in its step.
func (m *Model) resent(e *exchange.Exchange) bool {
	step := m.steps[e.Probe+"/"+e.Step]
	at := slices.Index(step, e)
	return at >= 0 && slices.ContainsFunc(step[at+1:], func(later *exchange.Exchange) bool {
		return later.Request.URL == e.Request.URL && string(later.Request.Body) == string(e.Request.Body)
	})
}

// repeats reports whether a request was answered with a server error every time.
func (m *Model) repeats(e *exchange.Exchange) bool {
	if !failed(e) || len(e.Request.Body) > largest {
		return false
	}
	step := m.steps[e.Probe+"/"+e.Step]
	return len(step) > 1 && step[len(step)-1] == e && failed(step[len(step)-2]) &&
		step[len(step)-2].Request.URL == e.Request.URL && string(step[len(step)-2].Request.Body) == string(e.Request.Body)
}

func failed(e *exchange.Exchange) bool {
	return e.Answered() && e.Status() >= http.StatusInternalServerError && e.Status() != http.StatusNotImplemented && e.Status() != http.StatusServiceUnavailable
}
