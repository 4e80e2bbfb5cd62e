package suites

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func many(s *check.Suite) {
	s.Section("Creating many at once", scenario.ManyCreates(), func() {
		s.Must("many.answered.all", func(ev *exchange.Evidence) {
			creates := ev.Every("create-")
			for _, e := range ev.Where(conflicting) {
				Expect(e).To(BeRefused(s.Contract, http.StatusConflict))
			}
			Expect(unhurried(creates)).To(EachAnswered(HaveStatus(http.StatusCreated)))
			enough(creates)
		})
		s.Must("many.ids.distinct", func(ev *exchange.Evidence) {
			Expect(ev.Every("create-")).To(DifferIn("/metadata/id"))
		})
		s.Must("many.tokens.distinct", func(ev *exchange.Evidence) {
			Expect(ev.Every("create-")).To(DifferIn("/status/accessToken"))
		})
		s.Must("many.listed.all", func(ev *exchange.Evidence) {
			told := scenario.ToldOf(ev.Every("create-"))
			if len(told) == 0 {
				evidence.Inconclusive("no account was created")
			}
			Expect(ev.At("list")).To(ListEvery(told...))
		})
	})
	s.Section("Creating many at once", scenario.AlikeCreates(), func() {
		s.Must("many.same-name.answered", func(ev *exchange.Evidence) {
			twins := ev.Every("same-")
			Expect(unhurried(twins)).To(EachAnswered(BeCreatedOr(BeRefused(s.Contract, http.StatusConflict))))
			enough(twins)
			Expect(twins).To(HoldCreated())
		})
		s.Must("many.same-name.agrees", func(ev *exchange.Evidence) {
			expectTold(ev, "same-")
		})
		s.Must("many.grouped.answered", func(ev *exchange.Evidence) {
			creates := ev.Every("grouped-")
			Expect(unhurried(creates)).To(EachAnswered(BeCreatedOr(BeRefused(s.Contract, 400, 403, 404, 409, 422))))
			enough(creates)
		})
		s.Must("many.grouped.agrees", func(ev *exchange.Evidence) {
			expectTold(ev, "grouped-")
			list := ev.At("list")
			for _, id := range scenario.ToldOf(ev.Every("grouped-")) {
				_, position := list.Listed(id)
				Expect(list).To(HaveMember(fmt.Sprintf("/%d/spec/groupIDs", position), BeSameSet(ev.Facts().Groups[0])))
			}
		})
	})
}

// conflicting reports whether a create was refused because it met another one.
func conflicting(e *exchange.Exchange) bool {
	return strings.HasPrefix(e.Step, "create-") && e.Answered() && e.Status() == http.StatusConflict
}

// unhurried leaves out the creates that the target put off until the run lost patience.
func unhurried(creates []*exchange.Exchange) []*exchange.Exchange {
	return slices.DeleteFunc(slices.Clone(creates), putOff)
}

// putOff reports whether the target asked to be left alone.
func putOff(e *exchange.Exchange) bool {
	return e.Status() == http.StatusTooManyRequests || e.Status() == http.StatusServiceUnavailable
}

// enough ends a check as inconclusive if a create was put off to the end.
func enough(creates []*exchange.Exchange) {
	if n := len(creates) - len(unhurried(creates)); n > 0 {
		evidence.Inconclusive("%d creates were put off to the end", n)
	}
}

// expectTold compares the list with the responses to creates: it holds the accounts that a response told of, and under the
// names that were asked for no other. Of an attempt that was broken off, nobody can say what came of it.
func expectTold(ev *exchange.Evidence, prefix string) {
	creates, list := ev.Every(prefix), ev.At("list")
	var names []string
	for _, e := range creates {
		if !e.Answered() || e.Success() && e.AccountID() == "" {
			evidence.Inconclusive("%s was not answered with an account or a refusal, so that it is open what came of it", e.ID)
		}
		name, _ := evidence.Sent(e, "/metadata/name").(string)
		names = append(names, name)
	}
	only := ListNoneBut(names, scenario.ToldOf(creates))
	brokenOff := ev.Where(func(e *exchange.Exchange) bool {
		return strings.HasPrefix(e.Step, prefix) && !e.Answered() && !putOff(e)
	})
	if clean, _ := only.Match(list); !clean && len(brokenOff) > 0 {
		evidence.Inconclusive("%s was broken off and sent again, and may have made the account that no response told of", brokenOff[0].ID)
	}
	Expect(list).To(only)
	Expect(list).To(ListEvery(scenario.ToldOf(creates)...))
}
