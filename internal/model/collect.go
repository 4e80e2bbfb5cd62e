package model

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// collect notes what has to be known of a whole run before the first response is judged: which accounts there were when,
// and whose the tokens are.
func (m *Model) collect(ordered []*exchange.Exchange) {
	m.shown, m.steps, m.named = map[string]bool{}, map[string][]*exchange.Exchange{}, map[string][]*exchange.Exchange{}
	created := map[string]*exchange.Exchange{}
	for _, e := range ordered {
		m.steps[e.Probe+"/"+e.Step] = append(m.steps[e.Probe+"/"+e.Step], e)
		if id := strings.ToLower(e.AccountID()); id != "" {
			m.shown[id] = true
			if e.Operation == operationCreate && e.Success() && created[id] == nil {
				created[id] = e
			}
		}
		if !changes(e) || unsent(e) {
			continue
		}
		if name := m.sentName(e); name != "" {
			m.named[name] = append(m.named[name], e)
		}
		m.threaten(e)
	}
	missing := map[string]bool{} // accounts that a list lacked after their create
	for _, e := range ordered {
		items, whole := m.whole(e)
		if !whole {
			continue
		}
		present := map[string]bool{}
		for _, item := range items {
			id := strings.ToLower(exchange.ItemID(item))
			m.shown[id], present[id] = true, true
		}
		for id := range created {
			a := m.accounts[id]
			switch {
			case a == nil:
			case present[id] && a.first == nil:
				a.first = e
				if missing[id] {
					m.lag = max(m.lag, since(created[id], e))
				}
			case !present[id] && a.first == nil && a.deletion == nil && since(created[id], e) > 0:
				missing[id] = true
			case !present[id] && a.first != nil && a.deletion != nil && a.absent == nil && a.deletion.Success() && e.StartedAt.After(a.deletion.FinishedAt()):
				a.absent = e
			}
		}
	}
	m.learn(ordered)
	m.lives(ordered)
}

// long is the length in bytes from which a body is not parsed for the name that it asks for.
const long = 64 << 10

// sentName is the name that a body asks for; "" if it has none. In a long body it is the first member of that name whose value
// begins with the prefix of the run.
func (m *Model) sentName(e *exchange.Exchange) string {
	if text := e.Request.Body; len(text) > long {
		_, rest, found := bytes.Cut(text, []byte(`"name":"`+m.facts.Prefix))
		name, _, ends := bytes.Cut(rest, []byte(`"`))
		if !found || !ends || m.facts.Prefix == "" {
			return ""
		}
		return m.facts.Prefix + string(name)
	}
	is := sentIn(e)
	if !is.valid {
		return ""
	}
	value, _ := exchange.Lookup(is.document, "/metadata/name")
	name, _ := value.(string)
	return name
}

// threaten notes the requests that may have deleted an account, or changed its content.
func (m *Model) threaten(e *exchange.Exchange) {
	a := m.accounts[bare(accountIn(e.Request.URL))]
	if a == nil || e.Answered() && e.Status()/100 == 4 {
		return
	}
	switch {
	case e.Operation == operationUpdate:
		a.updated = append(a.updated, e)
	case e.Operation != operationRotate && e.Operation != operationCreate && a.deletion == nil:
		a.deletion = e
	}
}

// decoded is a body as JSON, with numbers as they stand.
func decoded(text []byte) (document any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return document, decoder.Decode(&document) == nil
}
