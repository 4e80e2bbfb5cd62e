package scenario

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/discovery"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
)

// AccountLife leads two accounts without groups from create to delete, uses each of their tokens while it lives, and goes
// on using it once it is dead, until the end of the run.
func AccountLife() probe.Probe {
	return probe.Probe{
		Name: "token.life", Steps: 11,
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
	// jwks is the path of the key set; "" if it is not known.
	jwks string

	mu   sync.Mutex
	dead []*death
}

// death is a token that was refused once after it was revoked.
type death struct {
	cause string // the step that revoked it
	as    probe.Identity
	// since is when it was refused first.
	since time.Time
	// userinfo is set if the token was refused there as well.
	userinfo bool
}

func (l *life) run(ctx context.Context, s *probe.Session) {
	var found discovery.Endpoints
	var created, neighbour *exchange.Exchange
	first, second := richBody(s, "life", nil), fixtures.Minimal(s.Name("neighbour"))
	SideBySide(
		func() { found = discovery.Discover(ctx, s) },
		func() { created = s.Create(ctx, "create", first) },
		func() { neighbour = s.Create(ctx, "neighbour", second) },
	)
	id := created.AccountID()
	if !created.Success() || id == "" || created.AccessToken() == "" {
		s.GiveUp("the create got %d and no account with a token, so that there is no life to follow", created.Status())
		return
	}
	l.jwks = found.Jwks
	SideBySide(
		func() { l.follow(ctx, s, found.Userinfo, id, probe.Bearer("account", created.AccessToken())) },
		func() { l.keys(ctx, s, created, neighbour) },
		func() {
			if other := neighbour.AccountID(); neighbour.Success() && other != "" && neighbour.AccessToken() != "" {
				as := probe.Bearer("neighbour", neighbour.AccessToken())
				known(ctx, s, "works-neighbour", listAs(s, as))
				l.remove(ctx, s, "delete-neighbour", other, as)
			}
		},
	)
	l.again(ctx, s, "soon")
}

// follow leads one account through two rotations to its end.
func (l *life) follow(ctx context.Context, s *probe.Session, userinfo, id string, own probe.Identity) {
	l.begin(ctx, s, userinfo, id, own)
	own, afterwards := l.rotate(ctx, s, "rotate", id, own, s.Operator())
	SideBySide(afterwards, func() { own, afterwards = l.rotate(ctx, s, "rotate-own", id, own, own) })
	deleted := false
	SideBySide(afterwards, func() { deleted = l.remove(ctx, s, "delete", id, own) })
	if deleted {
		l.everywhere(ctx, s, id, own)
	}
}

// begin uses a token for the first time: on the list, until its own account is there, on userinfo, and on what it may not
// do.
func (l *life) begin(ctx context.Context, s *probe.Session, userinfo, id string, as probe.Identity) {
	powerless, claims := s.CreateRequest(richBody(s, "powerless", nil)), discovery.UserinfoRequest(userinfo, as)
	powerless.As = as
	SideBySide(
		func() {
			s.Await(ctx, "works-create", listAs(s, as), func(e *exchange.Exchange) bool {
				_, position := e.Listed(id)
				return e.Status() != http.StatusUnauthorized && (!e.Success() || position >= 0)
			})
		},
		func() {
			if e := known(ctx, s, "claims-create", claims); e.Success() {
				l.userinfo = claims
			}
		},
		func() { known(ctx, s, "powerless", powerless) },
	)
}

// rotate asks for another token, uses the old one at once, and the new one, which it returns. What is left to do with the
// old one depends on nothing that follows.
func (l *life) rotate(ctx context.Context, s *probe.Session, step, id string, old, as probe.Identity) (probe.Identity, func()) {
	request := s.RotateRequest(id)
	request.As = as
	rotated := s.Await(ctx, step, request, func(e *exchange.Exchange) bool {
		return e.Status() != http.StatusUnauthorized && e.Status() != http.StatusConflict
	})
	if !rotated.Success() {
		if as.Name == s.Operator().Name { // an account need not be allowed to
			s.GiveUp("%s got %d, so that there is no new token", rotated.ID, rotated.Status())
		}
		return old, func() {}
	}
	var onUserinfo func()
	fresh := probe.Bearer("account", rotated.AccessToken())
	parts := []func(){func() { onUserinfo = l.dies(ctx, s, step, old, true) }, func() { l.keys(ctx, s, rotated) }}
	if rotated.AccessToken() == "" {
		s.GiveUp("%s was answered without an access token", rotated.ID)
		fresh = old
	} else {
		parts = append(parts, func() { known(ctx, s, "works-"+step, listAs(s, fresh)) })
		if l.userinfo.Path != "" {
			parts = append(parts, func() { known(ctx, s, "claims-"+step, discovery.UserinfoRequest(l.userinfo.Path, fresh)) })
		}
	}
	SideBySide(parts...)
	return fresh, func() {
		SideBySide(onUserinfo, func() {
			if step == "rotate" {
				l.writes(ctx, s, step, old)
			}
		})
	}
}

// keys reads the key set again if a token names a key that is not in it: keys rotate, and a token may be newer than the set.
func (l *life) keys(ctx context.Context, s *probe.Session, issued ...*exchange.Exchange) {
	if l.jwks == "" {
		return
	}
	for _, e := range issued {
		facts := jwt.Inspect(e.AccessToken())
		if !e.Success() || !facts.Asymmetric() || facts.KeyID() == "" {
			continue
		}
		holds := func(set *exchange.Exchange) bool {
			names, _ := NamesOf(set)
			return slices.Contains(names, facts.KeyID())
		}
		if !slices.ContainsFunc(s.Sent("jwks"), holds) {
			s.Await(ctx, "jwks", discovery.Anonymous(l.jwks), holds)
		}
	}
}

// remove deletes an account and uses its last token at once.
func (l *life) remove(ctx context.Context, s *probe.Session, step, id string, last probe.Identity) bool {
	if deleted := s.Send(ctx, step, s.DeleteRequest(id)); !deleted.Success() {
		s.GiveUp("%s got %d, so that no token died of it", deleted.ID, deleted.Status())
		return false
	}
	l.dies(ctx, s, step, last, false)()
	return true
}

// dies uses a revoked token on the list until it is refused or the time for that is over. What it returns does the same on
// userinfo.
func (l *life) dies(ctx context.Context, s *probe.Session, cause string, as probe.Identity, onUserinfo bool) (afterwards func()) {
	as.Name += ", revoked by " + cause
	if e := refused(ctx, s, "refused-"+cause, listAs(s, as)); e.Status() != http.StatusUnauthorized {
		return func() {}
	}
	d := &death{cause: cause, as: as, since: time.Now()}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = append(l.dead, d)
	return func() {
		if onUserinfo && l.userinfo.Path != "" {
			e := refused(ctx, s, "refused-"+cause+"-userinfo", discovery.UserinfoRequest(l.userinfo.Path, as))
			d.userinfo = e.Status() == http.StatusUnauthorized
		}
	}
}

// writes presents a token that was rotated away where it could do harm. The rotation is of no account, so that a target
// that knows the token has nothing to rotate.
func (l *life) writes(ctx context.Context, s *probe.Session, cause string, as probe.Identity) {
	as.Name += ", revoked by " + cause
	rotation, creation := s.RotateRequest(s.Invented(unknownID())), s.CreateRequest(richBody(s, "old", s.Target().Groups))
	rotation.As, creation.As = as, as
	SideBySide(
		func() { refused(ctx, s, "refused-"+cause+"-rotate", rotation) },
		func() { refused(ctx, s, "refused-"+cause+"-create", creation) },
	)
}

// everywhere presents the token of a deleted account to every operation.
func (l *life) everywhere(ctx context.Context, s *probe.Session, id string, as probe.Identity) {
	as.Name += ", revoked by delete"
	l.settle(ctx, s, "delete")
	uses := []attempt{
		{"dead-list", s.ListRequest()},
		{"dead-create", s.CreateRequest(richBody(s, "dead", s.Target().Groups))},
		{"dead-update", s.UpdateRequest(id, richBody(s, "dead-update", s.Target().Groups))},
		{"dead-rotate", s.RotateRequest(id)},
		{"dead-delete", s.DeleteRequest(id)},
	}
	for i := range uses {
		uses[i].request.As = as
	}
	SideBySide(
		func() { sendAll(ctx, s, uses) },
		func() {
			if l.userinfo.Path != "" {
				refused(ctx, s, "dead-userinfo", discovery.UserinfoRequest(l.userinfo.Path, as))
			}
		},
	)
}

// settle waits until the replicas of a target agree about the tokens that died of a cause: what counts is sent a while after
// the first refusal.
func (l *life) settle(ctx context.Context, s *probe.Session, cause string) {
	l.mu.Lock()
	dead := slices.Clone(l.dead)
	l.mu.Unlock()
	for _, d := range dead {
		if strings.HasPrefix(d.cause, cause) {
			Rest(ctx, time.Until(d.since.Add(s.Settle())))
		}
	}
}

// again uses every token that was refused before, once the replicas of a target agree. At the end of the run it first gives a
// target the time to forget that it refused the first ones of each kind: of a rotation and of a deletion.
func (l *life) again(ctx context.Context, s *probe.Session, occasion string) {
	l.settle(ctx, s, "")
	if occasion == "end" {
		for _, kind := range []string{"rotate", "delete"} {
			of := func(d *death) bool { return strings.HasPrefix(d.cause, kind) }
			if first := slices.IndexFunc(l.dead, of); first >= 0 {
				Rest(ctx, time.Until(l.dead[first].since.Add(forgetting)))
			}
		}
	}
	var uses []attempt
	for _, d := range l.dead {
		uses = append(uses, attempt{"again-" + d.cause + "-" + occasion, listAs(s, d.as)})
		if d.userinfo && occasion == "end" {
			uses = append(uses, attempt{"again-" + d.cause + "-userinfo", discovery.UserinfoRequest(l.userinfo.Path, d.as)})
		}
	}
	sendAll(ctx, s, uses)
}

// known sends a request until its token is known to the target.
func known(ctx context.Context, s *probe.Session, step string, request probe.Request) *exchange.Exchange {
	return s.Await(ctx, step, request, func(e *exchange.Exchange) bool { return e.Status() != http.StatusUnauthorized })
}

// refused sends a request until its token is refused.
func refused(ctx context.Context, s *probe.Session, step string, request probe.Request) *exchange.Exchange {
	deleted := strings.HasPrefix(step, "dead-") || strings.HasPrefix(step, "refused-delete")
	return s.AwaitRefusal(ctx, step, request, deleted)
}

func listAs(s *probe.Session, as probe.Identity) probe.Request {
	request := s.ListRequest()
	request.As = as
	return request
}

// forgetting is the time that a target has to forget that it refused a token.
const forgetting = 30 * time.Millisecond

func Rest(ctx context.Context, pause time.Duration) {
	select {
	case <-time.After(pause):
	case <-ctx.Done():
	}
}
