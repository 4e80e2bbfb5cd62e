// Package model predicts the state of the run's own accounts from the exchanges of a run, and reports each response that
// contradicts the prediction. It sends nothing and decides no verdict.
package model

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Promise is the kind of promise that a response contradicts.
type Promise string

// The promises, each with what contradicts it.
const (
	// Echo: the response to a write shows something else than was sent.
	Echo Promise = "echo"
	// Identity: the id, the organization, the creation time or the creator of an account changes.
	Identity Promise = "identity"
	// Present: a list lacks an account that was created and not deleted.
	Present Promise = "present"
	// Content: a list shows another name or description, or other tags or groups, than the last write.
	Content Promise = "content"
	// Expiry: a list or an update shows another expiry than the last token has.
	Expiry Promise = "expiry"
	// Rotated: a rotation shows another name or description, or other tags or groups, than the last write.
	Rotated Promise = "rotated"
	// ReadOnly: a member that the server owns has the value that a request gave it.
	ReadOnly Promise = "read-only"
	// Answered: a request is answered with a server error every time.
	Answered Promise = "answered"
	// Steady: requests of one kind are often answered with 500, and not when they are sent again.
	Steady Promise = "steady"
	// Liberty: a target does something else with a kind of request than the time before.
	Liberty Promise = "liberty"
	// Order: no order of requests that met explains what the responses show.
	Order Promise = "order"
	// Accepted: a request that the contract allows is refused, with the operator's credential.
	Accepted Promise = "accepted"
	// Invalid: a body that violates the schema is taken.
	Invalid Promise = "invalid"
	// Unauthenticated: a request without a good credential is let in, or refused in another way than the contract says.
	Unauthenticated Promise = "unauthenticated"
	// Unknown: a request about an account or an organization that is not there is not refused.
	Unknown Promise = "unknown"
	// Undeclared: a method that the contract does not have does something.
	Undeclared Promise = "undeclared"
	// Neighbour: the token of an account changes another account.
	Neighbour Promise = "neighbour"
	// OwnGroups: the token of an account changes the groups of the account.
	OwnGroups Promise = "own groups"
	// OwnList: the list that an account reads lacks the account, or shows a part of the others.
	OwnList Promise = "own list"
	// Turned: a rotation with the account's own token is refused though an earlier one was not, or for its form.
	Turned Promise = "turned"
	// Powerless: an account without groups creates though another create of such an account was refused.
	Powerless Promise = "powerless"
	// Works: a token that was issued, and that nothing revoked, is refused. Survives: the same after an update.
	Works, Survives Promise = "works", "survives"
	// Subject: the claims of a token name another account.
	Subject Promise = "subject"
	// Secret: a response holds a credential that it must not hold.
	Secret Promise = "secret"
	// Distinct: a token is issued twice.
	Distinct Promise = "distinct"
	// Unasked: a list shows an account that was refused.
	Unasked Promise = "unasked"
	// Location: the response to a create names another account as the one that it made.
	Location Promise = "location"
	// Back: a list shows an account that was deleted, and that an earlier list lacked.
	Back Promise = "back"
)

// Contradiction is a response that contradicts what a client may believe.
type Contradiction struct {
	Promise Promise
	// Exchange holds the response, and Earlier the one that it contradicts.
	Exchange, Earlier *exchange.Exchange
	// Pointer is the JSON pointer (RFC 6901) of the member in the body of Exchange; "" for the whole body.
	Pointer        string
	Expected, Seen any
}

// Grace is how long reads may be behind writes before they count. The contract grants some tens of milliseconds. If the lists
// of a run lagged more, the time that they lagged is added: how long they may lag is the promise of list.contains.created.
const Grace = time.Second

func (m *Model) grace() time.Duration {
	if m.lag <= Grace {
		return Grace
	}
	return m.lag + Grace
}

// Model is what a client may believe after some exchanges.
type Model struct {
	facts    exchange.Facts
	accounts map[string]*account // by id, in lower case
	// order is what sorted returns, nil if it has to be sorted again.
	order []*account
	found []Contradiction
	// listed is set once a list showed one of the accounts: the credential may see them.
	listed bool
	// lag is the longest time from a create to the first list that showed its account, if an earlier list lacked it.
	lag time.Duration

	tokens map[string]*token
	// operators are the tokens of the operator, and somebodys those of which nothing is known.
	operators, somebodys map[string]bool
	// clean are texts of responses that hold none of the tokens.
	clean map[string]bool
	// shown are the ids that responses named, in lower case, steps the exchanges of each step, and named the writes that
	// asked for each name.
	shown map[string]bool
	steps map[string][]*exchange.Exchange
	named map[string][]*exchange.Exchange
	// powerless is the first create that an account without groups was refused, and powerful the first that succeeded; nil for none.
	powerless, powerful *exchange.Exchange
	// choices are the liberties that the target took.
	choices map[liberty]choice
}

// account is one of the run's own accounts.
type account struct {
	id      string
	created *exchange.Exchange
	// written is the last write that changed the content, and expires the last response with a token of the account; nil
	// if it is not known.
	written, expires *exchange.Exchange
	// content is what written asked for; nil if it is not known.
	content map[string]any
	writes  []span
	deleted bool // or perhaps deleted
	// first is the first list that showed the account, doomed the first request that may have deleted it, and absent the first
	// list without it after that; nil for none.
	first, deletion, absent *exchange.Exchange
	// updated are the requests that may have changed its content.
	updated []*exchange.Exchange
	// confirmed is the last write whose content a list showed; nil for none.
	confirmed *exchange.Exchange
	// agreed is the item of the last list that contradicted nothing.
	agreed agreement
	// turned is the first rotation with the account's own token that succeeded; nil for none.
	turned *exchange.Exchange
	// given are the values that requests gave to members that the server owns, by pointer.
	given map[string]string
}

// span is the time of a request that may have changed an account.
type span struct{ from, to time.Time }

// Follow reads the exchanges of a run and judges them.
func Follow(facts exchange.Facts, exchanges []*exchange.Exchange) *Model {
	m, ordered := begin(facts, exchanges)
	m.collect(ordered)
	for _, e := range ordered {
		m.judge(e)
		m.unread(e)
		m.follow(e)
		m.leaks(e)
		m.hold(e)
	}
	m.steady(ordered)
	m.met(ordered)
	return m
}

// Believe reads the exchanges of a run for what Agrees and AgreesOn compare, and judges none. It costs a small part of Follow.
func Believe(facts exchange.Facts, exchanges []*exchange.Exchange) *Model {
	m, ordered := begin(facts, exchanges)
	for _, e := range ordered {
		if changes(e) && !unsent(e) {
			m.threaten(e)
		}
	}
	for _, e := range ordered {
		if e.Operation != operationList && changes(e) {
			m.write(e)
		}
	}
	return m
}

// begin notes every write of a run, since all are known before the first list is judged, and returns the exchanges in the order
// of their ends.
func begin(facts exchange.Facts, exchanges []*exchange.Exchange) (m *Model, ordered []*exchange.Exchange) {
	m = &Model{facts: facts, accounts: map[string]*account{}}
	ordered = slices.Clone(exchanges)
	slices.SortStableFunc(ordered, func(a, b *exchange.Exchange) int { return a.FinishedAt().Compare(b.FinishedAt()) })
	for _, e := range ordered {
		m.span(e)
	}
	return m, ordered
}

// Contradictions returns what contradicts one of the promises, in the order of the responses.
func (m *Model) Contradictions(promises ...Promise) []Contradiction {
	return slices.DeleteFunc(slices.Clone(m.found), func(c Contradiction) bool { return !slices.Contains(promises, c.Promise) })
}

// Seen reports whether a list ever showed an account of the run.
func (m *Model) Seen() bool { return m.listed }

// Agrees reports whether a list shows what a client may believe, however short ago the last write was.
func (m *Model) Agrees(list *exchange.Exchange) bool {
	other := &Model{facts: m.facts, accounts: m.accounts}
	other.judgeList(list, 0)
	return len(other.found) == 0
}

// span notes when an account may have been changed.
func (m *Model) span(e *exchange.Exchange) {
	if !changes(e) || e.Failure != nil && e.Failure.Kind == exchange.Limit || refusedOutright(e) {
		return
	}
	id := accountIn(e.Request.URL)
	if id == "" {
		id = e.AccountID() // of a create
	}
	if id = bare(id); id == "" {
		return
	}
	if m.accounts[id] == nil {
		m.accounts[id] = &account{id: id}
	}
	m.accounts[id].writes = append(m.accounts[id].writes, span{e.StartedAt, e.FinishedAt()})
}

// refusedOutright reports whether a request certainly changed nothing: a target that refuses it has done nothing. A 404 to a
// request that a gateway sent twice is not meant, nor is a 408 or a 409.
func refusedOutright(e *exchange.Exchange) bool {
	if !e.Answered() {
		return false
	}
	switch e.Status() {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// changes reports whether a request may change an account.
func changes(e *exchange.Exchange) bool {
	switch e.Request.Method {
	case "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

func (m *Model) follow(e *exchange.Exchange) {
	switch {
	case e.Operation == operationList:
		m.judgeList(e, m.grace())
		m.strangers(e)
	case changes(e):
		m.write(e)
	}
}

// The operations of the contract, by their operationId.
const (
	operationCreate = "createServiceAccount"
	operationList   = "listServiceAccounts"
	operationUpdate = "updateServiceAccount"
	operationRotate = "rotateServiceAccount"
	operationDelete = "deleteServiceAccount"
)

// alone reports whether nothing else may have changed the account while an exchange was under way.
func (a *account) alone(e *exchange.Exchange) bool {
	return countIf(a.writes, func(s span) bool { return s.from.Before(e.FinishedAt()) && s.to.After(e.StartedAt) }) <= 1
}

// unchanged reports whether nothing may have changed the account from a while before an exchange began to its end.
func (a *account) unchanged(e *exchange.Exchange, grace time.Duration) bool {
	return countIf(a.writes, func(s span) bool { return s.from.Before(e.FinishedAt()) && s.to.After(e.StartedAt.Add(-grace)) }) == 0
}

func countIf[T any](all []T, is func(T) bool) (n int) {
	for _, one := range all {
		if is(one) {
			n++
		}
	}
	return n
}

// accountIn is the id of the account that a URL names; "" for none.
func accountIn(url string) string {
	url, _, _ = strings.Cut(url, "?")
	_, rest, found := strings.Cut(url, "/serviceaccounts/")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// organizationIn is the organization that a URL names; "" for none.
func organizationIn(url string) string {
	_, rest, _ := strings.Cut(url, "/api/v1/organizations/")
	organization, _, _ := strings.Cut(rest, "/")
	return organization
}

func (m *Model) contradict(promise Promise, e, earlier *exchange.Exchange, pointer string, expected, seen any) {
	m.found = append(m.found, Contradiction{promise, e, earlier, pointer, expected, seen})
}

// sorted are the accounts in the order of their creation.
func (m *Model) sorted() []*account {
	if m.order != nil {
		return m.order
	}
	var all []*account
	for _, a := range m.accounts {
		if a.created != nil {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b *account) int {
		return cmp.Or(a.created.StartedAt.Compare(b.created.StartedAt), strings.Compare(a.id, b.id))
	})
	m.order = all
	return all
}
