package model

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// act is one request about an account, as the search for an order sees it.
type act struct {
	*exchange.Exchange

	kind kind
	// content is the number of what an update left, by versions; certain is unset if nobody knows whether it did.
	content int
	token   string // that a rotation issued, or that was presented
	certain bool
	// shown are the versions that a list agrees with, and impossible is set if no write may have left what it shows.
	shown      []int
	impossible bool
}

// version is the state of one account: the number of its content, and its last token.
type version struct {
	content int
	token   string
}

// anyContent is content that is not known.
const anyContent = -1

// met looks for an order of the requests about each account that explains the responses, if several of them that may have changed
// it were under way together. Reads may be behind by a grace: of those that were asked for earlier after a write a list has to show
// what some write left, and no more.
func (m *Model) met(ordered []*exchange.Exchange) {
	for _, a := range m.sorted() {
		if !a.meets() {
			continue
		}
		history := m.history(a, ordered)
		if !slices.ContainsFunc(history, func(one act) bool { return one.impossible }) && m.explained(a, history) {
			continue
		}
		for n := range history { // the first that cannot be explained
			if history[n].kind == listing || history[n].kind == userinfo {
				if part := history[:n+1]; history[n].impossible || !m.explained(a, part) {
					m.contradict(Order, history[n].Exchange, a.created, "", "what some order of the requests leaves", timeline(part))
					break
				}
			}
		}
	}
}

// meets reports whether two requests that may have changed the account were under way together.
func (a *account) meets() bool {
	for i, one := range a.writes {
		for _, other := range a.writes[i+1:] {
			if one.from.Before(other.to) && other.from.Before(one.to) {
				return true
			}
		}
	}
	return false
}

// history is what was sent about an account until it was to be deleted, in the order of the responses.
func (m *Model) history(a *account, ordered []*exchange.Exchange) []act {
	var all []act
	versions, numbers, certain := []any{document(a.created)}, map[*exchange.Exchange]int{}, true
	for _, e := range a.updated {
		numbers[e] = len(versions)
		versions, certain = append(versions, document(e)), certain && e.Success()
	}
	for _, e := range ordered {
		if a.deletion != nil && !e.StartedAt.Before(a.deletion.StartedAt) || unsent(e) || e == a.created {
			continue
		}
		mine := changes(e) && bare(accountIn(e.Request.URL)) == a.id
		items, whole := m.whole(e)
		switch {
		case mine && e.Answered() && e.Status()/100 == 4: // a refusal changes nothing
		case mine && e.Operation == operationUpdate:
			one := act{Exchange: e, kind: updating, content: anyContent, certain: e.Success()}
			if e.Success() {
				one.content = numbers[e]
			}
			all = append(all, one)
		case mine && e.Operation == operationRotate:
			all = append(all, act{Exchange: e, kind: rotation, token: e.AccessToken(), certain: e.Success()})
		case mine: // nobody knows what it does
			return nil
		case whole:
			_, at := e.Listed(a.id)
			if at < 0 {
				continue
			}
			one := act{Exchange: e, kind: listing}
			for n, version := range versions {
				if m.agree(version, items[at]) {
					one.shown = append(one.shown, n)
				}
			}
			one.impossible = len(one.shown) == 0 && certain
			last := len(all) - 1
			repeats := last >= 0 && all[last].kind == listing && slices.Equal(all[last].shown, one.shown)
			if one.impossible || a.unchanged(e, m.grace()) && !repeats {
				all = append(all, one)
			}
		case e.Operation == operationList && e.Status() == http.StatusUnauthorized:
			_, text := bearer(e.Request.Header)
			if t := m.tokens[text]; t != nil && t.account == a.id && a.unchanged(e, m.grace()) {
				all = append(all, act{Exchange: e, kind: userinfo, token: text})
			}
		}
	}
	return all
}

func document(e *exchange.Exchange) any {
	shown, _ := e.Document()
	return shown
}

// agree compares what a client writes of two responses about an account.
func (m *Model) agree(a, b any) bool {
	return !slices.ContainsFunc(written, func(pointer string) bool {
		x, _ := exchange.Lookup(a, pointer)
		y, _ := exchange.Lookup(b, pointer)
		return !m.equal(pointer, x, y)
	})
}

// longestSearch bounds the search for an order. What is not found in that time counts as explained.
const longestSearch = 200 * time.Millisecond

// explained reports whether some order of requests explains their responses (linearizability, by Porcupine).
func (m *Model) explained(a *account, history []act) bool {
	var operations []porcupine.Operation
	for i, one := range history {
		from, to := one.StartedAt, one.FinishedAt()
		if !one.certain && one.kind != listing && one.kind != userinfo { // it may be done later
			to = history[len(history)-1].FinishedAt()
		}
		operations = append(operations, porcupine.Operation{ClientId: i, Input: one, Call: from.UnixNano(), Return: max(to.UnixNano(), from.UnixNano())})
	}
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{version{0, a.created.AccessToken()}} },
		Step: func(state, input, _ any) []any {
			now, _ := state.(version)
			one, _ := input.(act)
			return now.after(one)
		},
	}
	return porcupine.CheckOperationsTimeout(model.ToModel(), operations, longestSearch) != porcupine.Illegal
}

// after are the states that an account may be in after a request; none if its response contradicts the state before.
func (v version) after(one act) []any {
	next := v
	switch one.kind {
	case updating:
		next.content = one.content
	case rotation:
		next.token = one.token
	case listing:
		if v.content != anyContent && !slices.Contains(one.shown, v.content) {
			return nil
		}
	default: // a refused token
		if v.token == one.token && v.token != "" {
			return nil
		}
	}
	if !one.certain && (one.kind == updating || one.kind == rotation) {
		return []any{v, next}
	}
	return []any{next}
}

// timeline draws requests, each with its begin and end in milliseconds after the first.
func timeline(history []act) string {
	first := history[0].StartedAt
	for _, one := range history {
		if one.StartedAt.Before(first) {
			first = one.StartedAt
		}
	}
	var lines []string
	for _, one := range history {
		from, to := one.StartedAt.Sub(first).Milliseconds(), one.FinishedAt().Sub(first).Milliseconds()
		lines = append(lines, fmt.Sprintf("%6d to %d ms  %s %d", from, to, one.ID, one.Status()))
	}
	if over := len(lines) - mostDrawn; over > 0 {
		lines = append([]string{fmt.Sprintf("%d before", over)}, lines[over:]...)
	}
	return strings.Join(lines, "\n")
}

// mostDrawn bounds the requests of a timeline.
const mostDrawn = 12
