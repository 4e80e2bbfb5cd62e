package scenario

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// NotUUID stands in a path in place of an account's id.
const NotUUID = "not-a-uuid"

// Texts in place of an account's id, each of which has several things that parsers of paths and of UUIDs stumble over.
var oddIDs = map[string]string{
	"update": "urn:uuid:{not-a-uuid}",
	"rotate": "not-a-uuid\x00\xff",
	"delete": "not-a-uuid-" + strings.Repeat("0", 400),
}

// oddly aims a request about NotUUID at the odd text of its operation.
func oddly(s *probe.Session, operation string, request probe.Request) probe.Request {
	request.Path = strings.Replace(request.Path, NotUUID, url.PathEscape(s.Invented(oddIDs[operation])), 1)
	return request
}

// unknownID is the id of no account.
func unknownID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// unknownBeside is the id of no account: the number before the id of an account, as far as its last two digits go. A list must be
// there that lacks it; numbers that were passed over do not come back. If there is none, it is unknownLike.
func unknownBeside(id string, list *exchange.Exchange) string {
	before := []byte(strings.ToLower(id))
	digits := max(len(id)-2, 0)
	last, err := strconv.ParseUint(string(before[digits:]), 16, 8)
	if err != nil || last == 0 || len(id) != len(unknownID()) || !list.Success() || list.Response.Truncated {
		return unknownLike(id)
	}
	beside := string(before[:digits]) + fmt.Sprintf("%02x", last-1)
	items, _ := list.Items()
	_, own := list.Listed(id)
	if _, at := list.Listed(beside); at >= 0 || own < 0 || len(items) != list.ListLength() {
		return unknownLike(id)
	}
	return beside
}

// unknownLike is the id of no account, which begins as another one does: a target may compare a part of it alone.
func unknownLike(id string) string {
	other := unknownID()
	if len(id) != len(other) {
		return other
	}
	const alike = len("00000000-0000-0000-0000-")
	return strings.ToLower(id[:alike]) + other[alike:]
}

// subject creates the account that a conversation is about. It is false if there is none, and gives up then.
func subject(ctx context.Context, s *probe.Session, body []byte) (*exchange.Exchange, bool) {
	created := s.Create(ctx, "create", body)
	if !created.Success() || created.AccountID() == "" {
		s.GiveUp("the create got %d and no account, so that there is none to go on with", created.Status())
		return created, false
	}
	return created, true
}

// retryOnConflict sends a request about an account that may still be in the making, and again while that is a conflict. Where it
// stays one, it looks what the list says of the account.
func retryOnConflict(ctx context.Context, s *probe.Session, step string, request probe.Request) {
	e := s.Await(ctx, step, request, func(e *exchange.Exchange) bool { return e.Status() != http.StatusConflict })
	if e.Status() == http.StatusConflict {
		s.List(ctx, step+"-busy")
	}
}

// ownList is the list as an account asks for it with its own token, which shows whether the token authenticates.
func ownList(s *probe.Session, token string) probe.Request {
	request := s.ListRequest()
	request.As = probe.Bearer("account", token)
	return request
}

// IsAuthenticated is satisfied with a response to somebody who is authenticated.
func IsAuthenticated(e *exchange.Exchange) bool {
	return e.Answered() && e.Status() != http.StatusUnauthorized
}

// oneGroup is the first group that the operator named, if any.
func oneGroup(s *probe.Session) []string {
	groups := s.Target().Groups
	return groups[:min(len(groups), 1)]
}
