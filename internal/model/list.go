package model

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// judgeList compares a list with what is known of the accounts that were quiet for a while before it.
func (m *Model) judgeList(e *exchange.Exchange, grace time.Duration) {
	items, whole := m.whole(e)
	if !whole {
		return
	}
	positions := make(map[string]int, len(items))
	for i, item := range items {
		positions[strings.ToLower(exchange.ItemID(item))] = i
	}
	for _, a := range m.sorted() {
		at, there := positions[a.id]
		m.listed = m.listed || there
		switch {
		case !a.unchanged(e, grace) || a.deleted || a.created.FinishedAt().After(e.StartedAt):
		case !there:
			m.contradict(Present, e, a.created, "", "the account "+a.id, "a list without it")
		case !a.agreed.with(a, items[at]):
			before := len(m.found)
			m.item(a, e, at, items[at], false)
			if len(m.found) == before {
				a.agreed = agreement{item: items[at], created: a.created, written: a.written, expires: a.expires}
			}
		}
	}
}

// agreement is an item of a list that contradicted nothing, and what was known of its account then. The lists of a run share the
// value of an item that they all have (exchange.Exchange.Document), so that most items are compared once.
type agreement struct {
	item                      any
	created, written, expires *exchange.Exchange
}

// with reports whether an item is the one that agreed, and nothing else is known of the account now.
func (g agreement) with(a *account, item any) bool {
	x, isObject := g.item.(map[string]any)
	y, isObjectToo := item.(map[string]any)
	return isObject && isObjectToo && reflect.ValueOf(x).Pointer() == reflect.ValueOf(y).Pointer() &&
		g.created == a.created && g.written == a.written && g.expires == a.expires
}

// whole are the accounts of a list that is to hold all of the run.
func (m *Model) whole(e *exchange.Exchange) ([]any, bool) {
	items, isList := e.Items()
	return items, isList && e.Success() && !e.Response.Truncated && e.Operation == operationList && e.Identity == "operator" &&
		strings.HasSuffix(path(e.Request.URL), "/"+m.facts.Organization+"/serviceaccounts")
}

// item compares an account of a list with what is known of it. A list for somebody with fewer rights may leave members out.
func (m *Model) item(a *account, e *exchange.Exchange, position int, item any, partly bool) {
	at := "/" + strconv.Itoa(position)
	m.identity(a, e, at)
	m.expiry(a, e, at)
	if a.written == nil {
		return
	}
	for _, pointer := range written {
		want, _ := exchange.Lookup(a.content, pointer)
		got, _ := exchange.Lookup(item, pointer)
		if !m.equal(pointer, want, got) && !(partly && got == nil) {
			m.contradict(Content, e, a.written, at+pointer, want, got)
		}
	}
}

// identity compares what never changes of an account with what the create answered.
func (m *Model) identity(a *account, e *exchange.Exchange, at string) {
	for _, pointer := range []string{"/metadata/id", "/metadata/organizationId", "/metadata/creationTime", "/metadata/createdBy"} {
		want, told := a.created.Member(pointer)
		got, shown := e.Member(at + pointer)
		if told && shown && !m.equal(pointer, want, got) {
			m.contradict(Identity, e, a.created, at+pointer, want, got)
		}
	}
}

// expiry compares the end of the account's token with what the create or the last rotation answered.
func (m *Model) expiry(a *account, e *exchange.Exchange, at string) {
	const pointer = "/status/expiry"
	if a.expires == nil {
		return
	}
	want, told := a.expires.Member(pointer)
	if got, shown := e.Member(at + pointer); told && shown && !m.equal(pointer, want, got) {
		m.contradict(Expiry, e, a.expires, at+pointer, want, got)
	}
}

func path(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return strings.TrimRight(url, "/")
}

// AgreesOn reports whether a list shows what a client may believe of some accounts, however short ago their last write was,
// and none of those that were deleted.
func (m *Model) AgreesOn(list *exchange.Exchange, ids ...string) bool {
	other := &Model{facts: m.facts, accounts: map[string]*account{}}
	for _, id := range ids {
		if a := m.accounts[strings.ToLower(id)]; a != nil && a.created != nil {
			other.accounts[strings.ToLower(id)] = a
			if _, position := list.Listed(a.id); a.deleted && position >= 0 && a.deletion.Success() {
				return false
			}
		}
	}
	other.judgeList(list, 0)
	return list.Success() && len(other.found) == 0
}
