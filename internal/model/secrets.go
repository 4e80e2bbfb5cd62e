package model

import (
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// shortest is the length in bytes below which a text may stand in a response by chance.
const shortest = 24

// mostClean bounds the texts that are known to hold no token of the run. Lists show most texts many times.
const mostClean = 10_000

// leaks judges a response that holds a token: only the response to a create or a rotation has one, and only its own.
func (m *Model) leaks(e *exchange.Exchange) {
	if e.Response == nil || e.Request.Method == "TRACE" {
		return
	}
	own := ""
	if (e.Operation == operationCreate || e.Operation == operationRotate) && e.Success() {
		own = e.AccessToken()
		if t := m.tokens[own]; t != nil && t.issued != e {
			m.contradict(Distinct, e, t.issued, "/status/accessToken", "a token of its own", "one that was issued before")
		}
	}
	for name, values := range e.Response.Header {
		for _, value := range values {
			m.leak(e, value, own, "the header "+name)
		}
	}
	if document, ok := e.Document(); ok && !e.Response.Truncated {
		m.walk(e, document, own)
		return
	}
	m.leak(e, string(e.Response.Body), own, "the body")
}

// walk looks at every text of a document.
func (m *Model) walk(e *exchange.Exchange, value any, own string) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			m.walk(e, item, own)
		}
	case map[string]any:
		for name, member := range v {
			m.leak(e, name, own, "the body")
			m.walk(e, member, own)
		}
	case string:
		m.leak(e, v, own, "the body")
	}
}

// leak looks for a token in one text. The message shows none.
func (m *Model) leak(e *exchange.Exchange, text, own, where string) {
	if len(text) < shortest || text == own || m.clean[text] {
		return
	}
	holds := func(secret string) bool {
		return len(secret) >= shortest && len(secret) <= len(text) && strings.Contains(text, secret)
	}
	earlier := e
	found := false
	for secret := range m.operators {
		found = found || holds(secret)
	}
	for secret, t := range m.tokens {
		if secret != own && holds(secret) {
			found, earlier = true, t.issued
		}
	}
	if !found && own == "" && len(m.clean) < mostClean {
		if m.clean == nil {
			m.clean = map[string]bool{}
		}
		m.clean[text] = true
	}
	if found {
		m.contradict(Secret, e, earlier, "", "a response without a credential", "one stands in "+where)
	}
}
