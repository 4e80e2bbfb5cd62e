package suites

import (
	"net/http"
	"slices"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func guarding(s *check.Suite) {
	refused := HaveStatus(http.StatusForbidden, http.StatusNotFound)
	s.Section("Guarding the operations around", scenario.GuardedAccount(), func() {
		s.Must("guard.anonymous.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("anonymous-missing-")).To(EachAnswered(HaveStatus(http.StatusUnauthorized)))
			Expect(ev.Every("anonymous-garbage-")).To(EachAnswered(HaveStatus(evidence.Unparsable()...)))
		})
		s.Must("guard.forged.refused", func(ev *exchange.Evidence) {
			forged := ev.Every("forged-")
			for _, e := range forged {
				if e.Step == "forged-expired-list" && e.Answered() {
					evidence.WithinLeeway(e, "exp", e.StartedAt.Add(-evidence.Leeway))
				}
			}
			Expect(forged).To(EachAnswered(HaveStatus(evidence.Unparsable()...)))
			Expect(ev.At("query-list")).To(HaveStatus(evidence.Unparsable()...))
		})
		s.Must("guard.anonymous.challenge", func(ev *exchange.Evidence) {
			Expect(evidence.Unauthorized(ev)).To(Each(All(NameBearerScheme(), HaveWellFormedChallenges())))
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
	s.Section("Guarding the operations around", scenario.Everything(), func() {
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
	created := evidence.Account(ev, "create")
	seesOnlyItself(ev.At(list), created.AccountID())
	Expect(ev.At(list)).To(ListEvery(created.AccountID()))
	e, at := evidence.Listed(ev, list)
	Expect(e).To(HaveMember(at+"/metadata/name", BeExactly(evidence.TextAt(created, "/metadata/name"))))
	if !scenario.IsAuthenticated(ev.At("token-before")) {
		evidence.Inconclusive("the token of the account did not authenticate before either")
	}
	Expect(ev.At(token)).To(BeAuthenticated())
}

// seesOnlyItself ends a check as inconclusive if a list holds at most one account, and not the given one: a credential that
// may not list everything sees only itself (contract section 3), and the list tells nothing of others.
func seesOnlyItself(list *exchange.Exchange, id string) {
	document, _ := list.Document()
	items, isList := document.([]any)
	if _, position := list.Listed(id); isList && list.Success() && position < 0 && len(items) <= 1 {
		evidence.Inconclusive("the list of %s does not show the accounts that the credential of the run creates, so that it tells nothing about them", list.ID)
	}
}

// refusedAround are the refused lists, updates, rotations and deletions of this file's and its neighbours' conversations.
// A target that asks to be left alone is no refusal, and has no code for it.
func refusedAround(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return slices.Contains([]string{scenario.UpdateProbe, scenario.RotateProbe, scenario.DeleteProbe, scenario.GuardProbe}, e.Probe) &&
			e.Operation != probe.CreateOperation && e.Answered() && e.Status()/100 == 4 && e.Status() != http.StatusTooManyRequests
	})
	if len(found) == 0 {
		evidence.Inconclusive("nothing was refused")
	}
	return found
}
