package suites

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const guardProbe = "guard.account"

// guardedAccount lets everybody who may not do it list, update, rotate and delete. Whatever is aimed at an account is
// aimed at the one that it made.
func guardedAccount() probe.Probe {
	return probe.Probe{Name: guardProbe, Steps: 12, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, richBody(s, "guard", nil))
		if !ok {
			return
		}
		id, own, organization := created.AccountID(), ownList(s, created.AccessToken()), s.Target().Organization
		s.Await(ctx, "token-before", own, isAuthenticated)
		if restricted, ok := s.Restricted(ctx); ok {
			sendAll(ctx, s, allOf(s, "restricted-", restricted, organization, id))
			sideBySide(
				func() { s.ListWith(ctx, "list-between", id) },
				func() { s.Await(ctx, "token-between", own, isAuthenticated) },
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
		sideBySide(
			func() { s.ListWith(ctx, "list-after", id) },
			func() { s.Await(ctx, "token-after", own, isAuthenticated) },
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

func guarding(s *check.Suite) {
	refused := HaveStatus(http.StatusForbidden, http.StatusNotFound)
	s.Section("Guarding the operations around", guardedAccount(), func() {
		s.Must("guard.anonymous.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("anonymous-missing-")).To(EachAnswered(HaveStatus(http.StatusUnauthorized)))
			Expect(ev.Every("anonymous-garbage-")).To(EachAnswered(HaveStatus(unparsable()...)))
		})
		s.Must("guard.forged.refused", func(ev *exchange.Evidence) {
			forged := ev.Every("forged-")
			for _, e := range forged {
				if e.Step == "forged-expired-list" && e.Answered() {
					withinLeeway(e, "exp", e.StartedAt.Add(-leeway))
				}
			}
			Expect(forged).To(EachAnswered(HaveStatus(unparsable()...)))
			Expect(ev.At("query-list")).To(HaveStatus(unparsable()...))
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
		s.Must("guard.scheme.any-case", func(ev *exchange.Evidence) {
			Expect(ev.Every("case-")).To(Each(BeAuthenticated()))
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
	seesOnlyItself(ev.At(list), created.AccountID())
	Expect(ev.At(list)).To(ListEvery(created.AccountID()))
	e, at := listed(ev, list)
	Expect(e).To(HaveMember(at+"/metadata/name", BeExactly(textAt(created, "/metadata/name"))))
	if !isAuthenticated(ev.At("token-before")) {
		inconclusive("the token of the account did not authenticate before either")
	}
	Expect(ev.At(token)).To(BeAuthenticated())
}

// seesOnlyItself ends a check as inconclusive if a list holds at most one account, and not the given one: a credential that
// may not list everything sees only itself (contract section 3), and the list tells nothing of others.
func seesOnlyItself(list *exchange.Exchange, id string) {
	document, _ := list.Document()
	items, isList := document.([]any)
	if _, position := list.Listed(id); isList && list.Success() && position < 0 && len(items) <= 1 {
		inconclusive("the list of %s does not show the accounts that the credential of the run creates, so that it tells nothing about them", list.ID)
	}
}

// refusedAround are the refused lists, updates, rotations and deletions of this file's and its neighbours' conversations.
// A target that asks to be left alone is no refusal, and has no code for it.
func refusedAround(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return slices.Contains([]string{updateProbe, rotateProbe, deleteProbe, guardProbe}, e.Probe) &&
			e.Operation != probe.CreateOperation && e.Answered() && e.Status()/100 == 4 && e.Status() != http.StatusTooManyRequests
	})
	if len(found) == 0 {
		inconclusive("nothing was refused")
	}
	return found
}
