package model

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// standing is what a client may believe of the credential of one request.
type standing int

const (
	doubtful standing = iota // nothing is known of it
	bad                      // it is none, was never one, or is one no more
	operator
	holder // the good token of an account
)

// credential is what one request presents.
type credential struct {
	standing standing
	token    *token // nil if no account has it
	absent   bool   // there is none at all
}

// token is an access token of one of the run's accounts.
type token struct {
	account string // its id, in lower case
	issued  *exchange.Exchange
	// ended is the first request that may have revoked it, revoked the response after which it is certainly dead, and refused
	// the first 401 to it after that; nil for none.
	ended, revoked, refused *exchange.Exchange
	// works is the first response that let it in, and uses are all.
	works *exchange.Exchange
	uses  []*exchange.Exchange
}

// wellKnown are the words for credentials that the suite takes from the operator or from elsewhere, whatever they are.
var wellKnown = []string{"restricted", "account without groups", "expired", "not-yet-valid", "canary"}

// learn notes the operator's tokens, those that accounts were issued, and those that are somebody's.
func (m *Model) learn(ordered []*exchange.Exchange) {
	m.tokens, m.operators, m.somebodys = map[string]*token{}, map[string]bool{}, map[string]bool{}
	for _, e := range ordered {
		scheme, text := bearer(e.Request.Header)
		switch {
		case scheme != "bearer" || text == "":
		case e.Identity == "operator":
			m.operators[text] = true
		case slices.Contains(wellKnown, e.Identity):
			m.somebodys[text] = true
		}
		if e.Operation != operationCreate && e.Operation != operationRotate || !e.Success() {
			continue
		}
		text = e.AccessToken()
		id := strings.ToLower(e.AccountID())
		if text == "" || id == "" {
			continue
		}
		if m.tokens[text] != nil { // two accounts have it; nobody knows whose it is
			m.somebodys[text] = true
			continue
		}
		m.tokens[text] = &token{account: id, issued: e}
	}
}

// presented tells what a request presents. More than one credential is doubtful.
func (m *Model) presented(e *exchange.Exchange) credential {
	values := e.Request.Header.Values("Authorization")
	if e.Identity == "operator" {
		return credential{standing: operator}
	}
	if len(values) == 0 {
		return credential{standing: bad, absent: true}
	}
	if len(values) > 1 || strings.Contains(e.Request.URL, "access_token") {
		return credential{}
	}
	scheme, text := bearer(e.Request.Header)
	t := m.tokens[text]
	switch {
	case scheme == "basic":
		return credential{standing: bad}
	case scheme != "bearer" && text != "": // a server may offer further schemes (RFC 9110 section 11.1)
		return credential{}
	case m.somebodys[text]:
		return credential{}
	case m.operators[text]:
		return credential{standing: operator}
	case t == nil:
		return credential{standing: bad}
	}
	return credential{standing: t.at(e), token: t}
}

// deadStep begins the steps of conversations that waited, after the first refusal of a token, for as long as the replicas of
// the target may differ.
const deadStep = "dead-"

// waited reports whether a request is one of a conversation that deleted an account and waited then. Others know nothing of that
// deletion: lists may still differ in it.
func waited(e *exchange.Exchange, a *account) bool {
	return strings.HasPrefix(e.Step, deadStep) && a.deletion != nil && a.deletion.Probe == e.Probe
}

// at is the standing of a token at a request.
func (t *token) at(e *exchange.Exchange) standing {
	switch {
	case t.issued.FinishedAt().After(e.StartedAt):
		return doubtful
	case t.ended == nil, t.ended == e:
		return holder
	case t.ended.StartedAt.After(e.FinishedAt()):
		return holder
	case t.revoked == nil || t.refused == nil:
		return doubtful
	case e.StartedAt.Sub(t.refused.FinishedAt()) >= Grace, strings.HasPrefix(e.Step, deadStep) && e.StartedAt.After(t.refused.FinishedAt()):
		return bad
	}
	return doubtful
}

// lives follows the tokens through the exchanges of a run, which are in the order of their ends.
func (m *Model) lives(ordered []*exchange.Exchange) {
	for _, e := range ordered {
		m.revoke(e)
	}
	for _, e := range ordered {
		_, text := bearer(e.Request.Header)
		t := m.tokens[text]
		switch {
		case t == nil || !e.Answered():
		case e.Status() == http.StatusUnauthorized && t.revoked != nil && e.StartedAt.After(t.revoked.FinishedAt()):
			if t.refused == nil || e.FinishedAt().Before(t.refused.FinishedAt()) {
				t.refused = e
			}
		case e.Success():
			t.uses = append(t.uses, e)
			if t.works == nil {
				t.works = e
			}
		}
	}
}

// revoke notes which tokens a request may have ended.
func (m *Model) revoke(e *exchange.Exchange) {
	id := accountIn(e.Request.URL)
	if id == "" || !changes(e) || e.Operation == operationUpdate || unsent(e) || e.Answered() && e.Status()/100 == 4 {
		return
	}
	certain := e.Success() && (e.Operation == operationRotate || e.Operation == operationDelete)
	id = bare(id)
	for _, t := range m.tokens {
		if t.account != id || t.issued == e || t.issued.StartedAt.After(e.FinishedAt()) {
			continue
		}
		if t.ended == nil || e.StartedAt.Before(t.ended.StartedAt) {
			t.ended = e
		}
		if certain && (t.revoked == nil || e.FinishedAt().Before(t.revoked.FinishedAt())) {
			t.revoked = e
		}
	}
}

// bare is an id of a path without the forms that a UUID may have.
func bare(id string) string {
	_, plain := spelling(id, "")
	return plain
}

func unsent(e *exchange.Exchange) bool { return e.Failure != nil && e.Failure.Kind == exchange.Limit }

// bearer takes the Authorization header of a request apart; the scheme is in lower case.
func bearer(header http.Header) (scheme, text string) {
	scheme, text, _ = strings.Cut(strings.TrimSpace(header.Get("Authorization")), " ")
	return strings.ToLower(scheme), strings.TrimSpace(text)
}

// fresh reports whether a token may not be known everywhere yet.
func (t *token) fresh(e *exchange.Exchange) bool {
	return e.StartedAt.Sub(t.issued.FinishedAt()) < Grace
}

// usedBefore is the last response before an exchange that let the token in, which began after the one that issued it; the one that
// issued it if there is none.
func (t *token) usedBefore(e *exchange.Exchange) *exchange.Exchange {
	last := t.issued
	for _, use := range t.uses {
		if use.FinishedAt().Before(e.StartedAt) && use.StartedAt.After(last.StartedAt) {
			last = use
		}
	}
	return last
}

// since is the time from the end of one exchange to the beginning of another.
func since(earlier, e *exchange.Exchange) time.Duration { return e.StartedAt.Sub(earlier.FinishedAt()) }
