package model

import (
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// write takes a request into account that may have changed an account.
func (m *Model) write(e *exchange.Exchange) {
	if e.Operation == operationCreate {
		m.create(e)
		return
	}
	a := m.accounts[bare(accountIn(e.Request.URL))]
	switch {
	case a == nil || a.created == nil:
	case e.Failure != nil && e.Failure.Kind == exchange.Limit: // it was not sent
	case e.Answered() && e.Status()/100 == 4: // a refusal changes nothing
	case !e.Success() || !a.alone(e):
		a.unknown(e.Operation)
	case e.Operation == operationUpdate:
		m.update(a, e)
	case e.Operation == operationRotate:
		a.expires = e
		m.identity(a, e, "")
		m.rotated(a, e)
		m.owned(a, e, "")
	default: // deleted, or changed in a way that the contract does not have
		a.unknown(operationDelete)
	}
}

// unknown notes that nobody knows what a request came to.
func (a *account) unknown(operation string) {
	switch operation {
	case operationRotate:
		a.expires = nil
	case operationUpdate:
		a.written, a.content = nil, nil
	default:
		a.deleted = true
	}
}

func (m *Model) create(e *exchange.Exchange) {
	if !e.Success() || !strings.EqualFold(organizationIn(e.Request.URL), m.facts.Organization) {
		return
	}
	a := m.accounts[strings.ToLower(e.AccountID())]
	if a == nil || a.created != nil || !a.alone(e) { // an id that two creates answered is somebody else's finding
		return
	}
	a.created, a.expires, m.order = e, e, nil
	if other := m.elsewhere(a, e); other != nil {
		m.contradict(Location, e, other.created, "", "a Location of the account "+a.id, "one of the account "+other.id)
	}
	m.adopt(a, e)
	a.give(e)
	m.owned(a, e, "")
}

func (m *Model) update(a *account, e *exchange.Exchange) {
	m.adopt(a, e)
	m.identity(a, e, "")
	m.expiry(a, e, "")
	a.give(e)
	m.owned(a, e, "")
}

// rotated compares what a rotation shows of the content with what is known of it, once a list has shown that. What it does not
// show is not judged.
func (m *Model) rotated(a *account, e *exchange.Exchange) {
	if a.written == nil || a.confirmed != a.written { // reads may be behind
		return
	}
	for _, pointer := range written {
		want, _ := exchange.Lookup(a.content, pointer)
		if got, shown := e.Member(pointer); shown && !m.equal(pointer, want, got) {
			m.contradict(Rotated, e, a.written, pointer, want, got)
		}
	}
}

// adopt believes a response to a write, unless it contradicts what was sent.
func (m *Model) adopt(a *account, e *exchange.Exchange) {
	a.written, a.content = nil, nil
	is := sentIn(e)
	sent, isObject := is.document.(map[string]any)
	if !is.clean || !is.valid || !isObject && is.document != nil {
		return // what a lenient target makes of it is not known
	}
	document, ok := e.Document()
	if !ok || e.Response.Truncated || !conforms(sent) { // what a target makes of a body that it should have refused is not known
		return
	}
	before := len(m.found)
	for _, pointer := range written {
		want, _ := exchange.Lookup(sent, pointer)
		got, _ := exchange.Lookup(document, pointer)
		if !m.same(pointer, want, got, e.Operation == operationUpdate) {
			m.contradict(Echo, e, e, pointer, want, got)
		}
	}
	if len(m.found) == before {
		a.written = e
		a.content, _ = document.(map[string]any)
	}
}

// written are the members that a client writes, by their JSON pointers.
var written = []string{"/metadata/name", "/metadata/description", "/metadata/tags", "/spec/groupIDs"}

func isText(value any) bool {
	_, ok := value.(string)
	return ok
}
