package model

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Belief is what a client may believe of one of the run's accounts before a response to it arrives. It holds no token.
type Belief struct {
	ID string
	// Created, Written and Token name the exchanges that created the account, that wrote its content last, and that issued its
	// token; "" if that is not known.
	Created, Written, Token string
	// Deleted is set if the account is deleted, or perhaps deleted.
	Deleted bool
	// Members are what the account holds as far as that is known, by JSON pointer.
	Members []BelievedMember
}

// BelievedMember is the value that a member of an account has.
type BelievedMember struct {
	Pointer string
	Value   any
}

// mostBeliefs bounds how many accounts are told of.
const mostBeliefs = 20

// Before returns what a client may believe just before an exchange begins, of the account that it names, or of the accounts that
// a list may show, the newest first. The exchanges are those of the whole run.
func Before(organization string, exchanges []*exchange.Exchange, of *exchange.Exchange) (beliefs []Belief) {
	earlier := slices.DeleteFunc(slices.Clone(exchanges), func(e *exchange.Exchange) bool { return e == of || e.FinishedAt().After(of.StartedAt) })
	m := Believe(exchange.Facts{Organization: organization}, earlier)
	about := cmp.Or(bare(accountIn(of.Request.URL)), strings.ToLower(of.AccountID()))
	for _, a := range slices.Backward(m.sorted()) {
		if about != "" && a.id != about || about == "" && (of.Operation != operationList || a.deleted) || len(beliefs) == mostBeliefs {
			continue
		}
		b := Belief{ID: a.id, Created: a.created.ID, Deleted: a.deleted}
		if a.written != nil {
			b.Written = a.written.ID
			for _, pointer := range written {
				if value, ok := exchange.Lookup(a.content, pointer); ok {
					b.Members = append(b.Members, BelievedMember{pointer, value})
				}
			}
		}
		if a.expires != nil {
			b.Token = a.expires.ID
		}
		beliefs = append(beliefs, b)
	}
	return beliefs
}
