package preflight

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// fewCreated is the least limit of created accounts (--max-created) that leaves some to the preflight.
const fewCreated = 10

// readers begin the names of the probes that need no account.
var readers = []string{"discovery.", "auth.", "method.", "path.", "headers.", "authz.organization"}

// NeedAccounts reports whether one of the probes needs an account.
func NeedAccounts(probes []probe.Probe) bool {
	return slices.ContainsFunc(probes, func(p probe.Probe) bool {
		return !slices.ContainsFunc(readers, func(start string) bool { return strings.HasPrefix(p.Name, start) })
	})
}

// list reads the list, and does not wait for long if the target asks to be left alone.
func (p *Preflight) list(ctx context.Context, s *probe.Session) *exchange.Exchange {
	request := s.ListRequest()
	request.Brief = true
	return s.Send(ctx, "list", request)
}

// try sends a create once.
func (p *Preflight) try(ctx context.Context, s *probe.Session, step string, groups []string) *exchange.Exchange {
	request := s.CreateRequest(fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name("preflight"), Groups: groups}))
	request.Once, request.Brief = true, true
	e := s.Send(ctx, step, request)
	if e.Response == nil || e.Status()/100 == 2 || e.Status()/100 == 5 && e.Status() != http.StatusNetworkAuthenticationRequired {
		p.Made = true
	}
	return e
}

// permitted creates an account in the operator's groups, since the list is given. A create without groups follows if that
// is refused: it tells a group that the organization does not have from a token that may not create.
func (p *Preflight) permitted(ctx context.Context, s *probe.Session, list *exchange.Exchange) {
	if !p.Creates || p.MaxCreated > 0 && p.MaxCreated < fewCreated {
		return
	}
	create := p.try(ctx, s, "create", p.Groups)
	refused := []int{
		http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		http.StatusProxyAuthRequired, http.StatusNetworkAuthenticationRequired,
	}
	if ctx.Err() != nil || !create.Answered() || !slices.Contains(refused, create.Status()) {
		return
	}
	bare := create
	if len(p.Groups) > 0 {
		bare = p.try(ctx, s, "create-without-groups", nil)
	}
	switch {
	case ctx.Err() != nil:
	case bare.Status() == http.StatusProxyAuthRequired, bare.Status() == http.StatusNetworkAuthenticationRequired:
		if m, ok := MistakeOf(bare); ok {
			p.Stop = &m
		}
	case bare.Answered() && bare.Status() == http.StatusForbidden && isPage(bare.Response):
		p.Stop = &Mistake{"a create gets 403 and an HTML page, as a proxy or a firewall on the way sends", letThrough}
	case bare.Answered() && bare.Status() == http.StatusForbidden && len(bare.Response.Body) > 0 && !json.Valid(bare.Response.Body):
		p.Stop = &Mistake{"a create gets 403 and no JSON, as a proxy or a firewall on the way sends", letThrough}
	case bare.Answered() && bare.Status() == http.StatusForbidden:
		p.Stop = &Mistake{
			"the token may list the organization, and may not create service accounts there (403)",
			"give its owner a role in the organization that may manage service accounts; " + anyway,
		}
	case bare.Success() && !p.inUse(list):
		p.Stop = p.unknownGroup(create)
	}
}

const anyway = "--no-preflight judges the target all the same"

// inUse reports whether the list shows an account in one of the operator's groups for each of them: then all of them exist.
func (p *Preflight) inUse(list *exchange.Exchange) bool {
	accounts, _ := list.Items()
	return !slices.ContainsFunc(p.Groups, func(group string) bool {
		return !slices.ContainsFunc(accounts, func(a any) bool { return InGroup(a, group) })
	})
}

// InGroup reports whether an account of a list is in a group.
func InGroup(account any, group string) bool {
	found, _ := exchange.Lookup(account, "/spec/groupIDs")
	ids, _ := found.([]any)
	return slices.Contains(ids, any(group))
}

// unknownGroup says which groups are refused; nil if the refusal is not about groups. 403 is about what the token may do.
func (p *Preflight) unknownGroup(create *exchange.Exchange) *Mistake {
	said := strings.ToLower(string(create.Response.Body))
	var named []string
	for _, group := range p.Groups {
		if strings.Contains(said, strings.ToLower(group)) {
			named = append(named, group)
		}
	}
	if len(named) == 0 {
		if named = p.Groups; create.Status() != http.StatusForbidden && !strings.Contains(said, "group") {
			return nil
		}
	}
	quoted := make([]string, len(named))
	for i, group := range named {
		quoted[i] = fmt.Sprintf("%.100q", group)
	}
	groups := "group " + quoted[0]
	if len(named) > 1 {
		groups = "one of the groups " + strings.Join(quoted, ", ")
	}
	seen := fmt.Sprintf("a create with it gets %d, and one without groups succeeds", create.Status())
	if create.Status() == http.StatusForbidden {
		return &Mistake{
			"the token may create service accounts, and may not put them into " + groups + ": " + seen,
			"name another with --group, or give the owner of the token a role that may use it; " + anyway,
		}
	}
	return &Mistake{
		fmt.Sprintf("%s is not known to organization %s: %s", groups, p.Organization, seen),
		"name one that the organization has with --group; " + anyway,
	}
}

// isBusy reports whether the target asked to be left alone, until the end of the patience.
func isBusy(e *exchange.Exchange) bool {
	return e.Failure != nil && e.Failure.Kind == exchange.Busy && (e.Status() == http.StatusServiceUnavailable || e.Status() == http.StatusTooManyRequests)
}

// busy finds out whether the target asks to be left alone whatever it is asked: then there is nothing to judge.
func (p *Preflight) busy(ctx context.Context, s *probe.Session, list *exchange.Exchange) {
	other := p.discovery(ctx, s)
	seen := "the list and the discovery document"
	if !isBusy(other) {
		create := p.try(ctx, s, "create", nil)
		if !isBusy(create) {
			return
		}
		seen = "the list and a create"
		if p.Made {
			p.Unread = fmt.Sprintf("the target answers %d to the list", list.Status())
		}
	}
	if ctx.Err() != nil {
		return
	}
	m := Mistake{
		fmt.Sprintf("the target answers %d %s to %s, again and again", list.Status(), http.StatusText(list.Status()), seen),
		"check --target, and that the service is up and ready",
	}
	if list.Status() == http.StatusTooManyRequests {
		m.Do = "wait until its limit of requests lets the token through, and run with a lower --rps"
	}
	if after := list.Response.Header.Get("Retry-After"); after != "" {
		m.Do += fmt.Sprintf("; it asks to wait (Retry-After: %.40q)", after)
	}
	p.Stop = &m
}
