package model

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// strangers judges the accounts of a list that a client must not see there: those that were refused, and those that were
// deleted and gone.
func (m *Model) strangers(e *exchange.Exchange) {
	items, whole := m.whole(e)
	if !whole {
		return
	}
	for i, item := range items {
		at := fmt.Sprintf("/%d", i)
		id := strings.ToLower(exchange.ItemID(item))
		if a := m.accounts[id]; a != nil && a.created != nil {
			if a.absent != nil && (since(a.absent, e) >= m.grace() || waited(e, a) && since(a.absent, e) >= 0) && a.alone(a.deletion) {
				m.contradict(Back, e, a.absent, at, "no account "+a.id, "it is there again")
			}
			m.owned(a, e, at)
			m.confirm(a, e, item)
			continue
		}
		value, _ := exchange.Lookup(item, "/metadata/name")
		name, _ := value.(string)
		asked := m.named[name]
		if len(asked) == 0 || m.facts.Prefix == "" || !strings.HasPrefix(name, m.facts.Prefix) || slices.ContainsFunc(asked, mayHaveMade) {
			continue
		}
		m.contradict(Unasked, e, asked[0], at+"/metadata/name", "no account of a name that was refused", name)
	}
}

// confirm notes that a list shows what the last write left.
func (m *Model) confirm(a *account, e *exchange.Exchange, item any) {
	if a.written == nil || a.confirmed == a.written || a.written.FinishedAt().After(e.StartedAt) {
		return
	}
	for _, pointer := range written {
		want, _ := exchange.Lookup(a.content, pointer)
		got, _ := exchange.Lookup(item, pointer)
		if !m.equal(pointer, want, got) {
			return
		}
	}
	a.confirmed = a.written
}

// mayHaveMade reports whether a request may have made an account.
func mayHaveMade(e *exchange.Exchange) bool { return !e.Answered() || e.Status()/100 != 4 }

// serverOwned are the members that a client cannot write, by their JSON pointers.
var serverOwned = []string{
	"/metadata/id", "/metadata/organizationId", "/metadata/creationTime", "/metadata/createdBy", "/metadata/modifiedTime",
	"/metadata/modifiedBy", "/metadata/deletionTime", "/status/expiry", "/status/accessToken",
}

// give notes what a successful write gave to the members that the server owns.
func (a *account) give(e *exchange.Exchange) {
	if !mayGive(e.Request.Body) {
		return
	}
	sent, ok := firstSent(e)
	if !ok {
		return
	}
	for _, pointer := range serverOwned {
		value, _ := exchange.Lookup(sent, pointer)
		text, isText := value.(string)
		if known, _ := a.created.Member(pointer); !isText || text == "" || a.created != e && known == text {
			continue
		}
		if a.given == nil {
			a.given = map[string]string{}
		}
		a.given[pointer] = text
	}
}

// mayGive reports whether a body may name a member that the server owns: few do, and decoding the others takes time.
func mayGive(body []byte) bool {
	if bytes.IndexByte(body, '\\') >= 0 { // perhaps with escapes
		return true
	}
	for _, pointer := range serverOwned {
		if name := pointer[strings.LastIndexByte(pointer, '/')+1:]; bytes.Contains(body, []byte(`"`+name+`"`)) {
			return true
		}
	}
	return false
}

// owned compares the members that the server owns with what requests gave them.
func (m *Model) owned(a *account, e *exchange.Exchange, at string) {
	for _, pointer := range serverOwned {
		given, there := a.given[pointer]
		if !there {
			continue
		}
		seen, shown := e.Member(at + pointer)
		if shown && textual(seen, given, strings.EqualFold) {
			m.contradict(ReadOnly, e, a.created, at+pointer, "a value of the server's own", seen)
		}
	}
}
