package suites

import (
	"context"
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// accountLife leads two accounts without groups from create to delete, uses each of their tokens while it lives, and goes
// on using it once it is dead, until the end of the run.
func accountLife() probe.Probe {
	return probe.Probe{
		Name: "token.life",
		Run: func(ctx context.Context, s *probe.Session) {
			l := &life{}
			s.State = l
			l.run(ctx, s)
		},
		Finally: func(ctx context.Context, s *probe.Session) {
			if l, ok := s.State.(*life); ok {
				l.again(ctx, s, "end")
			}
		},
	}
}

// life is the state of a conversation about tokens.
type life struct {
	// userinfo is the request for the claims of a token; its path is "" until a token was answered there.
	userinfo probe.Request
	dead     []death
}

// death is a token that was refused once after it was revoked.
type death struct {
	cause string // the step that revoked it
	as    probe.Identity
	// userinfo is set where the token was refused there as well.
	userinfo bool
}

func (l *life) run(ctx context.Context, s *probe.Session) {
	found := discover(ctx, s)
	created := s.Create(ctx, "create", fixtures.Minimal(s.Name("life")))
	neighbour := s.Create(ctx, "neighbour", fixtures.Minimal(s.Name("neighbour")))
	id, other := created.AccountID(), neighbour.AccountID()
	if !created.Success() || id == "" || created.AccessToken() == "" {
		s.GiveUp("the create was answered with %d and no account with a token, so that there is no life to follow", created.Status())
		return
	}
	own := probe.Bearer("account", created.AccessToken())
	l.begin(ctx, s, found.userinfo, id, own)

	powerless := s.CreateRequest(fixtures.Minimal(s.Name("powerless")))
	powerless.As = own
	known(ctx, s, "powerless", powerless)

	own = l.rotate(ctx, s, "rotate", id, own, s.Operator())
	own = l.rotate(ctx, s, "rotate-own", id, own, own)
	if l.remove(ctx, s, "delete", id, own) {
		l.everywhere(ctx, s, id, own)
	}
	if neighbour.Success() && other != "" && neighbour.AccessToken() != "" {
		as := probe.Bearer("neighbour", neighbour.AccessToken())
		known(ctx, s, "works-neighbour", listAs(s, as))
		l.remove(ctx, s, "delete-neighbour", other, as)
	}
	rest(ctx)
	l.again(ctx, s, "soon")
}

// begin uses a token for the first time: on the list, until its own account is there, and on userinfo.
func (l *life) begin(ctx context.Context, s *probe.Session, userinfo, id string, as probe.Identity) {
	s.Await(ctx, "works-create", listAs(s, as), func(e *exchange.Exchange) bool {
		_, position := e.Listed(id)
		return e.Status() != http.StatusUnauthorized && (!e.Success() || position >= 0)
	})
	request := userinfoRequest(userinfo, as)
	if e := known(ctx, s, "claims-create", request); e.Success() {
		l.userinfo = request
	}
}

// rotate asks for another token, uses the old one at once, and then the new one, which it returns.
func (l *life) rotate(ctx context.Context, s *probe.Session, step, id string, old, as probe.Identity) probe.Identity {
	request := s.RotateRequest(id)
	request.As = as
	rotated := s.Await(ctx, step, request, func(e *exchange.Exchange) bool {
		return e.Status() != http.StatusUnauthorized && e.Status() != http.StatusConflict
	})
	if !rotated.Success() {
		if as.Name == s.Operator().Name { // an account need not be allowed to
			s.GiveUp("%s was answered with %d, so that there is no new token", rotated.ID, rotated.Status())
		}
		return old
	}
	l.dies(ctx, s, step, old, true)
	if step == "rotate" {
		l.writes(ctx, s, step, old)
	}
	if rotated.AccessToken() == "" {
		s.GiveUp("%s was answered without an access token", rotated.ID)
		return old
	}
	fresh := probe.Bearer("account", rotated.AccessToken())
	known(ctx, s, "works-"+step, listAs(s, fresh))
	if l.userinfo.Path != "" {
		known(ctx, s, "claims-"+step, userinfoRequest(l.userinfo.Path, fresh))
	}
	return fresh
}

// remove deletes an account and uses its last token at once.
func (l *life) remove(ctx context.Context, s *probe.Session, step, id string, last probe.Identity) bool {
	if deleted := s.Send(ctx, step, s.DeleteRequest(id)); !deleted.Success() {
		s.GiveUp("%s was answered with %d, so that no token died of it", deleted.ID, deleted.Status())
		return false
	}
	l.dies(ctx, s, step, last, false)
	return true
}

// dies uses a revoked token until it is refused or the time for that is over.
func (l *life) dies(ctx context.Context, s *probe.Session, cause string, as probe.Identity, onUserinfo bool) {
	as.Name += ", revoked by " + cause
	d := death{cause: cause, as: as}
	if e := refused(ctx, s, "refused-"+cause, listAs(s, as)); e.Status() != http.StatusUnauthorized {
		return
	}
	if onUserinfo && l.userinfo.Path != "" {
		e := refused(ctx, s, "refused-"+cause+"-userinfo", userinfoRequest(l.userinfo.Path, as))
		d.userinfo = e.Status() == http.StatusUnauthorized
	}
	l.dead = append(l.dead, d)
}

// writes presents a token that was rotated away where it could do harm. The rotation is of no account, so that a target
// that knows the token has nothing to rotate.
func (l *life) writes(ctx context.Context, s *probe.Session, cause string, as probe.Identity) {
	as.Name += ", revoked by " + cause
	rotation, creation := s.RotateRequest(unknownID()), s.CreateRequest(fixtures.Minimal(s.Name("old")))
	rotation.As, creation.As = as, as
	refused(ctx, s, "refused-"+cause+"-rotate", rotation)
	refused(ctx, s, "refused-"+cause+"-create", creation)
}

// everywhere presents the token of a deleted account to every operation.
func (l *life) everywhere(ctx context.Context, s *probe.Session, id string, as probe.Identity) {
	as.Name += ", revoked by delete"
	if l.userinfo.Path != "" {
		refused(ctx, s, "dead-userinfo", userinfoRequest(l.userinfo.Path, as))
	}
	for _, use := range []struct {
		step    string
		request probe.Request
	}{
		{"dead-list", s.ListRequest()},
		{"dead-create", s.CreateRequest(fixtures.Minimal(s.Name("dead")))},
		{"dead-update", s.UpdateRequest(id, fixtures.Minimal(s.Name("dead-update")))},
		{"dead-rotate", s.RotateRequest(id)},
		{"dead-delete", s.DeleteRequest(id)},
	} {
		use.request.As = as
		s.Send(ctx, use.step, use.request)
	}
}

// again uses every token that was refused before.
func (l *life) again(ctx context.Context, s *probe.Session, occasion string) {
	for _, d := range l.dead {
		s.Send(ctx, "again-"+d.cause+"-"+occasion, listAs(s, d.as))
		if d.userinfo && occasion == "end" {
			s.Send(ctx, "again-"+d.cause+"-userinfo", userinfoRequest(l.userinfo.Path, d.as))
		}
	}
}

// known sends a request until its token is known to the target.
func known(ctx context.Context, s *probe.Session, step string, request probe.Request) *exchange.Exchange {
	return s.Await(ctx, step, request, func(e *exchange.Exchange) bool { return e.Status() != http.StatusUnauthorized })
}

// refused sends a request until its token is refused.
func refused(ctx context.Context, s *probe.Session, step string, request probe.Request) *exchange.Exchange {
	return s.Await(ctx, step, request, func(e *exchange.Exchange) bool { return e.Status() == http.StatusUnauthorized })
}

func listAs(s *probe.Session, as probe.Identity) probe.Request {
	request := s.ListRequest()
	request.As = as
	return request
}

// rest gives a target that refused a token the time to forget that it did.
func rest(ctx context.Context) {
	select {
	case <-time.After(250 * time.Millisecond):
	case <-ctx.Done():
	}
}
