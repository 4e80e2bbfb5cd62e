package witness

import (
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// matcher finds the entries of exchanges. Each entry is of one exchange.
type matcher struct {
	normal normal
	// exact and loose hold the entries that are left, by the digests of their requests.
	exact, loose map[string][]*Entry
	taken        map[*Entry]bool
	all          int
	clocks       clocks
}

func newMatcher(t *Testimony) *matcher {
	m := &matcher{normal: newNormal(), exact: map[string][]*Entry{}, loose: map[string][]*Entry{}, taken: map[*Entry]bool{}}
	for i := range t.Entries {
		if e := &t.Entries[i]; e.Repeats == 0 {
			m.exact[e.Request] = append(m.exact[e.Request], e)
			m.loose[e.Loose] = append(m.loose[e.Loose], e)
			m.all++
		}
	}
	return m
}

// left counts the entries of which no exchange was found.
func (m *matcher) left() int { return m.all - len(m.taken) }

// take finds the entry of an exchange, or with loosely one that agrees but for a text that the recording hides.
func (m *matcher) take(e *exchange.Exchange, loosely bool) (found bool) {
	seen, wanted, token := m.seen(e), purpose(e.Purpose()), ""
	if strings.Contains(e.Request.Header.Get("Authorization"), "redacted-token.") {
		token = m.normal.presented(e.Request.Header)
	}
	fits := func(entries []*Entry, agrees func(*Entry) bool) bool {
		at := slices.IndexFunc(entries, func(entry *Entry) bool {
			return !m.taken[entry] && entry.Purpose == wanted && (token == "" || entry.Presented == token) && entry.Started.Sub(e.StartedAt).Abs() <= mostApart && agrees(entry)
		})
		if at < 0 {
			return false
		}
		m.taken[entries[at]] = true
		m.clocks.note(entries[at], e)
		return true
	}
	request, loose := m.normal.request(e.Request.Method, e.Request.URL, e.Request.Header, e.Request.Body)
	if !loosely {
		return fits(m.exact[request], func(entry *Entry) bool { return agrees(entry, e, seen) })
	}
	return e.Status()/100 != 2 && hides(e) && fits(m.loose[loose], func(entry *Entry) bool {
		other := seen
		if entry.Response.Loose == seen.Loose {
			other.Body = entry.Response.Body
		}
		return agrees(entry, e, other)
	})
}

func (m *matcher) seen(e *exchange.Exchange) (r Response) {
	if e.Response != nil {
		r = m.normal.response(e.Response.Status, e.Response.Header, e.Response.Body)
		r.Items = m.normal.items(e.Response.Body)
	}
	return r
}

// hides reports whether a recording hides something in an exchange, beside the credential of its header.
func hides(e *exchange.Exchange) bool {
	texts := []string{e.Request.URL, string(e.Request.Body)}
	for name, values := range e.Request.Header {
		if name != "Authorization" {
			texts = append(texts, values...)
		}
	}
	if e.Response != nil {
		texts = append(texts, string(e.Response.Body))
	}
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, "redacted-") })
}

// agrees reports whether an entry is of a recorded exchange, of whose response seen is the digest.
func agrees(entry *Entry, e *exchange.Exchange, seen Response) bool {
	if e.Response == nil {
		return entry.Broken || entry.Undelivered
	}
	r := e.Response
	switch {
	case entry.Response.Status != r.Status:
		return false
	case r.HeaderCut && !entry.Response.LongHeader, !r.HeaderCut && entry.Response.Header != seen.Header:
		return false
	case seen.Token != "" && seen.Token != entry.Response.Token:
		return false
	case entry.Broken:
		return e.Failure != nil
	case cut(e):
		return entry.Response.Length > shortBody
	case r.Reduction != nil:
		return r.Reduction.Items == len(entry.Response.Items) && !slices.ContainsFunc(seen.Items, func(item string) bool {
			return !slices.Contains(entry.Response.Items, item)
		})
	}
	return entry.Response.Body == seen.Body
}
