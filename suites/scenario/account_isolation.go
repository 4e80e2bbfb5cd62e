package scenario

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
)

const GuardProbe = "guard.account"

// GuardedAccount lets everybody who may not do it list, update, rotate and delete. Whatever is aimed at an account is
// aimed at the one that it made.
func GuardedAccount() probe.Probe {
	return probe.Probe{Name: GuardProbe, Steps: 12, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, richBody(s, "guard", nil))
		if !ok {
			return
		}
		id, own, organization := created.AccountID(), ownList(s, created.AccessToken()), s.Target().Organization
		s.Await(ctx, "token-before", own, IsAuthenticated)
		if restricted, ok := s.Restricted(ctx); ok {
			sendAll(ctx, s, allOf(s, "restricted-", restricted, organization, id))
			SideBySide(
				func() { s.ListWith(ctx, "list-between", id) },
				func() { s.Await(ctx, "token-between", own, IsAuthenticated) },
			)
		}
		var attempts []attempt
		if other := s.Target().OtherOrganization; other != "" {
			attempts = append(attempts, allOf(s, "mixed-", s.Operator(), other, id)...)
			attempts = append(attempts, listOf(s, "other-", s.Operator(), other))
			attempts = append(attempts, allOf(s, "other-", s.Operator(), other, s.Invented(unknownID()))...)
		}
		for _, stranger := range []struct {
			prefix string
			as     probe.Identity
		}{{"anonymous-missing-", probe.Nobody()}, {"anonymous-garbage-", probe.Bearer("garbage", "this-is-no-token-"+s.Mark())}} {
			attempts = append(attempts, listOf(s, stranger.prefix, stranger.as, organization))
			attempts = append(attempts, allOf(s, stranger.prefix, stranger.as, organization, id)...)
		}
		sendAll(ctx, s, append(attempts, forged(s, organization, id)...))
		SideBySide(
			func() { s.ListWith(ctx, "list-after", id) },
			func() { s.Await(ctx, "token-after", own, IsAuthenticated) },
		)
		anyCase(ctx, s, id)
	}}
}

// anyCase lists, updates, rotates and deletes with the name of the scheme in other letter cases (RFC 9110 section 11.1).
func anyCase(ctx context.Context, s *probe.Session, id string) {
	list, update := s.ListRequest(), s.UpdateRequest(id, fixtures.Minimal(s.Name("guard-any-case")))
	rotate, remove := s.RotateRequest(id), s.DeleteRequest(id)
	for _, a := range []struct {
		step, scheme string
		request      *probe.Request
	}{{"case-list", "bearer", &list}, {"case-update", "BEARER", &update}, {"case-rotate", "bEaReR", &rotate}, {"case-delete", "bearer", &remove}} {
		a.request.As.Name = "operator, scheme in another case"
		a.request.As.Authorization = []string{a.scheme + strings.TrimPrefix(a.request.As.Authorization[0], "Bearer")}
		retryOnConflict(ctx, s, a.step, *a.request)
	}
}

// allOf are a good update, rotate and delete of one account in somebody's name.
func allOf(s *probe.Session, prefix string, as probe.Identity, organization, id string) []attempt {
	update := s.UpdateRequest(id, richBody(s, "guard-changed", nil))
	rotate, remove := s.RotateRequest(id), s.DeleteRequest(id)
	update.Path = probe.Account(organization, id)
	rotate.Path, remove.Path = update.Path+"/rotate", update.Path
	update.As, rotate.As, remove.As = as, as, as
	return []attempt{{prefix + "update", update}, {prefix + "rotate", rotate}, {prefix + "delete", remove}}
}

// forged are lists and deletions with tokens that are nearly good.
func forged(s *probe.Session, organization, id string) (attempts []attempt) {
	operator := s.Target().Operator
	nearly := []probe.Identity{probe.Bearer("good token and a character", operator+"A")}
	unsigned, err := jwt.Unsigned(operator, claims(s.Target().BaseURL, s.Mark()))
	if err == nil && len(unsigned) > 0 {
		nearly = append(nearly, probe.Bearer(unsigned[0].Name, unsigned[0].Token))
	}
	for i, as := range nearly {
		remove := s.DeleteRequest(id)
		remove.As = as
		attempts = append(attempts, listOf(s, fmt.Sprintf("forged-%d-", i+1), as, organization), attempt{fmt.Sprintf("forged-%d-delete", i+1), remove})
	}
	if expired, ok := s.Expired(); ok {
		attempts = append(attempts, listOf(s, "forged-expired-", expired, organization))
	}
	query := s.ListRequest()
	query.As, query.Path = probe.Nobody(), query.Path+"?access_token="+url.QueryEscape(operator)
	return append(attempts, attempt{"query-list", query})
}

func listOf(s *probe.Session, prefix string, as probe.Identity, organization string) attempt {
	request := s.ListRequest()
	request.As, request.Path = as, probe.Accounts(organization)
	return attempt{prefix + "list", request}
}
