package model

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// liberty is what the contract leaves to a target: what it makes of a kind of request, in one operation.
type liberty struct{ kind, operation string }

// choice is what a target made of a liberty for the first time.
type choice struct {
	made string
	by   *exchange.Exchange
}

// What a target makes of something that it may take or leave.
const (
	refusedIt = "a refusal"
	droppedIt = "it is left out"
	keptIt    = "it is kept"
	tookIt    = "the request succeeds"
)

// hold judges whether a target does the same with a kind of request every time. Conflicts, limits and server errors say nothing.
func (m *Model) hold(e *exchange.Exchange) {
	if !e.Answered() || m.presented(e).standing != operator || !settled(e.Status()) {
		return
	}
	for kind, made := range m.liberties(m.read(e), e) {
		key := liberty{kind, e.Operation}
		before, taken := m.choices[key]
		switch {
		case !taken:
			if m.choices == nil {
				m.choices = map[liberty]choice{}
			}
			m.choices[key] = choice{made, e}
		case before.made != made:
			m.contradict(Liberty, e, before.by, "", kind+": "+before.made, made)
		}
	}
}

// settled reports whether a status says what a target makes of a request.
func settled(status int) bool {
	return status/100 == 2 || status/100 == 4 && status != http.StatusConflict && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout
}

// liberties are the kinds of liberty that a request leaves, each with what became of it.
func (m *Model) liberties(a asked, e *exchange.Exchange) map[string]string {
	found := map[string]string{}
	taken := func() string {
		if e.Success() {
			return tookIt
		}
		return refusedIt
	}
	switch {
	case a.kind == other || a.kind == undeclared || a.kind == userinfo || !a.plain || a.organization == strange || a.body == invalid || a.body == unclear && e.Request.Body != nil:
		return found
	case a.organization == spelled:
		found["the organization in another spelling, "+formOf(organizationIn(e.Request.URL))] = taken()
		return found
	case a.account != "" && a.written == spelled:
		if m.lifeOf(a, e) == alive {
			found["the id of an account in another spelling, "+formOf(accountIn(e.Request.URL))] = taken()
		}
		return found
	case a.kind != creation && a.kind != updating || a.account != "" && m.lifeOf(a, e) != alive:
		return found
	}
	sent, _ := firstSent(e)
	kinds := m.kinds(sent)
	if len(kinds) > 1 {
		return found // nobody knows which of two a refusal is about
	}
	for kind, of := range kinds {
		if found[kind] = refusedIt; e.Success() {
			shown, _ := e.Member(of.pointer)
			found[kind] = droppedIt
			if of.kept(shown) {
				found[kind] = keptIt
			}
		}
	}
	return found
}

// taking tells whether a response shows what was sent.
type taking struct {
	pointer string
	kept    func(shown any) bool
}

// kinds are the liberties that the content of a body leaves.
func (m *Model) kinds(sent any) map[string]taking {
	all := map[string]taking{}
	groups, _ := exchange.Lookup(sent, "/spec/groupIDs")
	ids := texts(groups)
	for _, id := range ids {
		id := id
		switch {
		case id == "":
			all["an empty group"] = taking{"/spec/groupIDs", func(shown any) bool { return slices.Contains(texts(shown), "") }}
		case !contains(m.facts.Groups, id):
			all["an unknown group"] = taking{"/spec/groupIDs", func(shown any) bool { return contains(texts(shown), id) }}
		case countIf(ids, func(other string) bool { return other == id }) > 1:
			all["a group twice"] = taking{"/spec/groupIDs", func(shown any) bool {
				return countIf(texts(shown), func(other string) bool { return strings.EqualFold(other, id) }) > 1
			}}
		}
	}
	if text, there := exchange.Lookup(sent, "/metadata/description"); there && text == "" {
		all["an empty description"] = taking{"/metadata/description", func(shown any) bool { return shown == "" }}
	}
	list, _ := exchange.Lookup(sent, "/metadata/tags")
	for tag := range tags(list) {
		if reserved.MatchString(tag) {
			all["a reserved tag"] = taking{"/metadata/tags", func(shown any) bool { return tags(shown)[tag] }}
		}
	}
	return all
}

var dashless = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)

// formOf says how an id is spelled.
func formOf(id string) string {
	switch {
	case strings.HasPrefix(strings.ToLower(id), "urn"):
		return "as a URN"
	case strings.HasPrefix(id, "{"), strings.HasPrefix(strings.ToUpper(id), "%7B"):
		return "in braces"
	case dashless.MatchString(id):
		return "without dashes"
	}
	return "in upper case"
}
