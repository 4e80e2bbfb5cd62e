package model

import (
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// own judges what an account does with its own token to itself, and what it sees.
func (m *Model) own(a asked, t *token, e *exchange.Exchange) {
	known := m.accounts[t.account]
	if !a.plain || a.organization != canonical || known == nil || known.created == nil {
		return
	}
	switch {
	case a.kind == rotation && a.account == t.account && a.written == canonical:
		m.ownRotation(known, a, e)
	case a.kind == listing && e.Success():
		m.ownList(known, t, e)
	case a.kind == creation && known.groupless(e) && a.body == valid:
		m.powers(e)
	}
}

// ownRotation judges a rotation with the account's own token. A target may refuse it to all accounts, for want of rights. It does
// not take it once and refuse it later, and it does not refuse its form: it needs no body.
func (m *Model) ownRotation(known *account, a asked, e *exchange.Exchange) {
	life := m.lifeOf(a, e)
	if life == gone || life == never || e.Status() == http.StatusUnauthorized {
		return
	}
	allowed := statuses{http.StatusOK, http.StatusConflict}
	if known.turned == nil || life != alive || !known.groupless(e) {
		allowed = append(allowed, http.StatusForbidden, http.StatusNotFound)
	}
	earlier := e
	if known.turned != nil {
		earlier = known.turned
	}
	m.within(Turned, e, earlier, allowed)
	if e.Success() && known.turned == nil {
		known.turned = e
	}
}

// ownList judges the list that an account reads: it holds the account, and either no other or all.
func (m *Model) ownList(known *account, t *token, e *exchange.Exchange) {
	items, isList := e.Items()
	if !isList || e.Response.Truncated {
		return
	}
	present := map[string]bool{}
	for _, item := range items {
		present[strings.ToLower(exchange.ItemID(item))] = true
	}
	if !present[t.account] && m.lifeOf(asked{account: t.account}, e) == alive && since(known.created, e) >= m.grace() {
		m.contradict(OwnList, e, known.created, "", "a list with the account "+t.account, "one without it")
		return
	}
	m.ownItem(known, e, items, m.grace())
	var seen, hidden *account
	for _, other := range m.sorted() {
		switch {
		case other.id == t.account:
		case present[other.id]:
			seen = other
		case hidden == nil && m.lifeOf(asked{account: other.id}, e) == alive && since(other.created, e) >= m.grace():
			hidden = other
		}
	}
	if seen != nil && hidden != nil {
		m.contradict(OwnList, e, hidden.created, "", "the account "+t.account+" alone, or all accounts", "the account "+seen.id+" too, and not "+hidden.id)
	}
}

// ownItem compares what an account sees of itself with what is known of it.
func (m *Model) ownItem(known *account, e *exchange.Exchange, items []any, grace time.Duration) {
	if known.deleted || !known.unchanged(e, grace) || known.created.FinishedAt().After(e.StartedAt) {
		return
	}
	for i, item := range items {
		if strings.EqualFold(exchange.ItemID(item), known.id) {
			m.item(known, e, i, item, true)
		}
	}
}

// AgreesOnItself reports whether a list that an account reads shows of itself what a client may believe, however short ago its last
// write was.
func (m *Model) AgreesOnItself(list *exchange.Exchange, id string) bool {
	other, known := &Model{facts: m.facts}, m.accounts[strings.ToLower(id)]
	if items, isList := list.Items(); isList && known != nil && known.created != nil {
		other.ownItem(known, list, items, 0)
	}
	return len(other.found) == 0
}

// powers judges a create with the token of an account without groups: if one is refused for want of rights, none succeeds.
func (m *Model) powers(e *exchange.Exchange) {
	switch {
	case (e.Status() == http.StatusForbidden || e.Status() == http.StatusNotFound) && m.powerless == nil:
		m.powerless = e
	case e.Success() && m.powerful == nil:
		m.powerful = e
	default:
		return
	}
	if m.powerful != nil && m.powerless != nil {
		m.contradict(Powerless, m.powerful, m.powerless, "", m.powerless.Status(), m.powerful.Status())
	}
}

// groupless reports whether an account never had a group before a request ended: then nothing gave it rights.
func (a *account) groupless(e *exchange.Exchange) bool {
	for _, write := range append([]*exchange.Exchange{a.created}, a.updated...) {
		if write.StartedAt.After(e.FinishedAt()) {
			continue
		}
		sent, _ := firstSent(write)
		shown, isDocument := write.Document()
		asked, there := exchange.Lookup(sent, "/spec/groupIDs")
		got, _ := exchange.Lookup(shown, "/spec/groupIDs")
		if !write.Success() || !isDocument || !there || !empty(asked) || !empty(got) {
			return false
		}
	}
	return true
}
