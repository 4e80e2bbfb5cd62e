// Package preflight looks for a mistake of the operator's before a run creates anything else: a wrong token, organization, group or
// address, a proxy, a login page. It sends a few requests through the run, and judges no requirement.
package preflight

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// Probe is the name under which the first requests of a run are recorded.
const Probe = "preflight"

// Preflight reads the list. If that shows a mistake, it sends one create, because a list that alone is refused may be a fault of the
// target. It stops the run only if the create is refused too. If the list is given and the run is to create accounts, one create
// shows whether the token may create, and whether the groups are known.
type Preflight struct {
	// Target, Organization, Groups and MaxCreated are those of the run.
	Target, Organization string
	Groups               []string
	MaxCreated           int
	// Ends is when the credential of the run ends; the zero time if that is not known.
	Ends time.Time
	// Creates is set if the run is to create accounts.
	Creates bool

	// Stop says why the run must not go on; nil if it may.
	Stop *Mistake
	// Made is set if the create may have made an account.
	Made bool
	// Unread says why no list can show what it made; "" if a list can.
	Unread string
}

// Hold sends the requests of the preflight, and returns when they are answered.
func (p *Preflight) Hold(ctx context.Context, run *probe.Run) {
	futures := run.RunAll(ctx, []probe.Probe{{Name: Probe, Run: p.run}}, func(string) {})
	_, _, _ = futures[Probe].Wait(context.WithoutCancel(ctx)) // it returns soon after ctx is done
}

func (p *Preflight) run(ctx context.Context, s *probe.Session) {
	list := p.list(ctx, s)
	m, found := MistakeOf(list)
	plain := strings.HasPrefix(strings.ToLower(p.Target), "http:")
	unclear := plain && (spoiled(list) || list.Status() == http.StatusBadRequest || list.Status() == http.StatusUpgradeRequired)
	tls := unclear && s.SpeaksTLS(ctx)
	switch {
	case isBusy(list):
		p.busy(ctx, s, list)
	case list.Success() && !found:
		p.permitted(ctx, s, list)
	case found && list.Response == nil:
		if again, still := MistakeOf(p.list(ctx, s)); still { // the first one may have had bad luck
			if again.Found = list.Failure.Message; unsent(list) {
				again.Found = "the target answered nothing: " + again.Found
			}
			p.Stop = &again
		}
	case spoiled(list) && tls: // no HTTP is spoken there, so that a create has nothing to add
		p.Stop = secure(list.Unanswered())
	case noHTTP(list):
		if other := p.discovery(ctx, s); noHTTP(other) && ctx.Err() == nil {
			p.Stop = &Mistake{
				"the target answered nothing: " + list.Failure.Message,
				"check the host and the port of --target, and that HTTP is spoken there",
			}
		}
	case found, tls, list.Status() == http.StatusBadRequest && p.inside() != "":
		create, refused := p.create(ctx, s)
		if refused && noService(list) { // one response of a gateway may be bad luck
			refused = noService(create) && noService(p.list(ctx, s))
		}
		if refused {
			p.Stop = p.cause(m, list, create, tls)
		}
	}
}

// create tries one create, and tells whether it is refused for a reason that says nothing about its body.
func (p *Preflight) create(ctx context.Context, s *probe.Session) (e *exchange.Exchange, refused bool) {
	e = p.try(ctx, s, "create", nil)
	if ctx.Err() != nil || e.Response == nil {
		return e, false
	}
	_, refused = MistakeOf(e)
	return e, refused || slices.Contains([]int{http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusUpgradeRequired}, e.Status())
}

// cause puts into words why list and create are refused.
func (p *Preflight) cause(m Mistake, list, create *exchange.Exchange, tls bool) *Mistake {
	both := fmt.Sprintf("the list gets %d, and a create gets %d", list.Status(), create.Status())
	end := p.Ends
	switch {
	case tls:
		return secure(both)
	case p.inside() != "" && list.Status() != http.StatusUnauthorized && list.Status() != http.StatusForbidden:
		return &Mistake{fmt.Sprintf("%s; the path of --target holds %s", both, p.inside()), "leave it out: --target is what stands before /api/v1"}
	case list.Status() == http.StatusUnauthorized && !end.IsZero() && end.Before(time.Now()):
		m = Mistake{"the token of the run expired on " + end.UTC().Format(time.RFC3339), "get a fresh one"}
	}
	if p.inside() != "" {
		m.Do += "; the path of --target holds " + p.inside() + ", which may be one too many"
	}
	return &Mistake{m.Found + ": " + both, m.Do}
}

// inside is the part of the base URL's path that belongs to the operations, or that stands there twice; "" for none.
func (p *Preflight) inside() string {
	address, err := url.Parse(p.Target)
	if err != nil {
		return ""
	}
	path := strings.TrimRight(address.Path, "/")
	for _, part := range []string{"/api/v1", "/organizations/", "/serviceaccounts"} {
		if at := strings.Index(path, part); at >= 0 {
			return "a path of the API (" + part + ")"
		}
	}
	if half := path[:len(path)/2]; half != "" && path == half+half {
		return half + " twice"
	}
	return ""
}

func secure(seen string) *Mistake {
	return &Mistake{"TLS is spoken at the address of --target, which is given as http (" + seen + ")", "write https:// in --target"}
}

// unsent reports whether nothing at the target's address took the request.
func unsent(e *exchange.Exchange) bool {
	return slices.Contains([]exchange.Kind{exchange.Refused, exchange.DNS, exchange.TLS}, e.Failure.Kind)
}

// discovery asks for the discovery document, and does not wait for long.
func (p *Preflight) discovery(ctx context.Context, s *probe.Session) *exchange.Exchange {
	request := probe.Request{Method: http.MethodGet, Path: "/.well-known/openid-configuration", As: probe.Nobody(), Brief: true}
	return s.Send(ctx, "openid-configuration", request)
}

// noHTTP reports whether the connection was closed before anything arrived, or what arrived does not begin as HTTP does.
func noHTTP(e *exchange.Exchange) bool {
	return spoiled(e) && (e.Timings.Receive == 0 || e.Failure.Message == exchange.NotHTTP)
}

// spoiled reports whether what arrived, if anything, was no HTTP response.
func spoiled(e *exchange.Exchange) bool { return e.Response == nil && e.BrokenOff() }
