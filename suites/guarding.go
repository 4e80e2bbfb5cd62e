package suites

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	. "github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/internal/match"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/token"
)

const guardProbe = "guard.account"

// guardedAccount lets everybody who may not do it list, update, rotate and delete. Whatever is aimed at an account is
// aimed at the one that it made.
func guardedAccount() probe.Probe {
	return probe.Probe{Name: guardProbe, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, fixtures.Minimal(s.Name("guard")))
		if !ok {
			return
		}
		id, own, organization := created.AccountID(), ownList(s, created.AccessToken()), s.Target().Organization
		s.Await(ctx, "token-before", own, letIn)
		if restricted, ok := s.Restricted(ctx); ok {
			tryAll(ctx, s, "restricted-", restricted, organization, id)
			s.ListWith(ctx, "list-between", id)
			s.Await(ctx, "token-between", own, letIn)
		}
		if other := s.Target().OtherOrganization; other != "" {
			tryAll(ctx, s, "mixed-", s.Operator(), other, id)
			tryList(ctx, s, "other-", s.Operator(), other)
			tryAll(ctx, s, "other-", s.Operator(), other, unknownID())
		}
		for _, stranger := range []struct {
			prefix string
			as     probe.Identity
		}{{"anonymous-missing-", probe.Nobody()}, {"anonymous-garbage-", probe.Bearer("garbage", "this-is-no-token-"+s.Mark())}} {
			tryList(ctx, s, stranger.prefix, stranger.as, organization)
			tryAll(ctx, s, stranger.prefix, stranger.as, organization, id)
		}
		tryForged(ctx, s, organization, id)
		s.ListWith(ctx, "list-after", id)
		s.Await(ctx, "token-after", own, letIn)
	}}
}

// tryAll sends a good update, rotate and delete of one account in somebody's name.
func tryAll(ctx context.Context, s *probe.Session, prefix string, as probe.Identity, organization, id string) {
	update := s.UpdateRequest(id, fixtures.Minimal(s.Name("guard-changed")))
	rotate, remove := s.RotateRequest(id), s.DeleteRequest(id)
	update.Path = probe.Account(organization, id)
	rotate.Path, remove.Path = update.Path+"/rotate", update.Path
	for _, attempt := range []struct {
		step    string
		request probe.Request
	}{{"update", update}, {"rotate", rotate}, {"delete", remove}} {
		attempt.request.As = as
		s.Send(ctx, prefix+attempt.step, attempt.request)
	}
}

// tryForged sends lists and deletions with tokens that are nearly good.
func tryForged(ctx context.Context, s *probe.Session, organization, id string) {
	operator := s.Target().Operator
	nearly := []probe.Identity{probe.Bearer("good token and a character", operator+"A")}
	unsigned, err := token.Unsigned(operator, claims(s.Target().BaseURL, s.Mark()))
	if err == nil && len(unsigned) > 0 {
		nearly = append(nearly, probe.Bearer(unsigned[0].Name, unsigned[0].Token))
	}
	for i, as := range nearly {
		remove := s.DeleteRequest(id)
		remove.As = as
		tryList(ctx, s, fmt.Sprintf("forged-%d-", i+1), as, organization)
		s.Send(ctx, fmt.Sprintf("forged-%d-delete", i+1), remove)
	}
	if expired, ok := s.Expired(); ok {
		tryList(ctx, s, "forged-expired-", expired, organization)
	}
	query := s.ListRequest()
	query.As, query.Path = probe.Nobody(), query.Path+"?access_token="+url.QueryEscape(operator)
	s.Send(ctx, "query-list", query)
}

func tryList(ctx context.Context, s *probe.Session, prefix string, as probe.Identity, organization string) {
	request := s.ListRequest()
	request.As, request.Path = as, probe.Accounts(organization)
	s.Send(ctx, prefix+"list", request)
}

func guarding(s *check.Suite) {
	refused := HaveStatus(http.StatusForbidden, http.StatusNotFound)
	s.Section("Guarding the operations around", guardedAccount(), func() {
		s.Must("guard.anonymous.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("anonymous-")).To(EachAnswered(HaveStatus(http.StatusUnauthorized)))
		})
		s.Must("guard.forged.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("forged-")).To(EachAnswered(HaveStatus(http.StatusUnauthorized)))
			Expect(ev.At("query-list")).To(HaveStatus(http.StatusUnauthorized, http.StatusBadRequest))
		})
		s.Must("guard.anonymous.challenge", func(ev *exchange.Evidence) {
			Expect(unauthorized(ev)).To(Each(All(NameBearerScheme(), HaveWellFormedChallenges())))
		})
		s.Must("guard.restricted.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("restricted-")).To(EachAnswered(refused))
		})
		s.Must("guard.restricted.harmless", func(ev *exchange.Evidence) {
			ev.Every("restricted-")
			expectUnharmed(ev, "list-between", "token-between")
		})
		s.Must("guard.other-organization.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("other-")).To(EachAnswered(refused))
		})
		s.Must("guard.mixed-organization.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("mixed-")).To(EachAnswered(refused))
		})
		s.Must("guard.account.unharmed", func(ev *exchange.Evidence) {
			expectUnharmed(ev, "list-after", "token-after")
		})
	})
	s.Section("Guarding the operations around", everything(), func() {
		s.Must("guard.error.body", func(ev *exchange.Evidence) {
			Expect(refusedAround(ev)).To(Each(HaveErrorBody(s.Contract)))
		})
		s.Must("guard.error.code", func(ev *exchange.Evidence) {
			Expect(refusedAround(ev)).To(Each(HaveFittingErrorCode()))
		})
	})
}

// expectUnharmed looks at a list and at a use of the account's token: both are as they were when it was made.
func expectUnharmed(ev *exchange.Evidence, list, token string) {
	created := account(ev, "create")
	Expect(ev.At(list)).To(ListEvery(created.AccountID()))
	e, at := listed(ev, list)
	Expect(e).To(HaveMember(at+"/metadata/name", BeExactly(textAt(created, "/metadata/name"))))
	if !letIn(ev.At("token-before")) {
		lacking("the token of the account did not authenticate before either")
	}
	Expect(ev.At(token)).To(BeAuthenticated())
}

// refusedAround are the refused lists, updates, rotations and deletions of this file's and its neighbours' conversations.
// A target that asks to be left alone is no refusal, and has no code for it.
func refusedAround(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return slices.Contains([]string{updateProbe, rotateProbe, deleteProbe, guardProbe}, e.Probe) &&
			e.Operation != probe.CreateOperation && e.Answered() && e.Status()/100 == 4 && e.Status() != http.StatusTooManyRequests
	})
	if len(found) == 0 {
		lacking("nothing was refused")
	}
	return found
}
