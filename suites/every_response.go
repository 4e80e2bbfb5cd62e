package suites

import (
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// everyResponse judges all responses of a run to the operations of the contract, whatever they were sent for.
func everyResponse(s *check.Suite) {
	s.Section("Every response of the run", scenario.Everything(), func() {
		s.Must("contract.every.response", func(ev *exchange.Evidence) {
			Expect(responses(ev, s.Contract, (*exchange.Exchange).Success)).To(Each(MatchContract(s.Contract,
				spec.AspectStatus, spec.AspectMediaType, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat)))
			Expect(responses(ev, s.Contract, refusedByService)).To(Each(HaveErrorBody(s.Contract)))
		})
		s.Must("contract.every.error", func(ev *exchange.Evidence) {
			Expect(responses(ev, s.Contract, refusedByService)).To(Each(HaveFittingErrorCode()))
		})
		s.Must("contract.every.challenge", func(ev *exchange.Evidence) {
			Expect(challengers(ev, s.Contract)).To(Each(All(NameBearerScheme(), HaveWellFormedChallenges())))
		})
	})
}

// responses are the responses to the operations of the contract that satisfy keep.
func responses(ev *exchange.Evidence, contract *spec.Contract, keep func(*exchange.Exchange) bool) []*exchange.Exchange {
	return ev.Where(func(e *exchange.Exchange) bool {
		method, _, known := contract.Operation(e.Operation)
		return known && method == e.Request.Method && !e.Rewritten() && e.Answered() && !e.Response.Truncated && keep(e)
	})
}

// refusedByService reports whether a response is a refusal that the contract declares. Other refusals may come from a
// gateway in front of the service.
func refusedByService(e *exchange.Exchange) bool {
	switch e.Status() {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusNotFound, http.StatusConflict:
		return e.Operation != probe.CreateOperation && e.Operation != probe.ListOperation
	}
	return false
}

// challengers are the responses with 401 of the operations of the contract, userinfo included.
func challengers(ev *exchange.Evidence, contract *spec.Contract) []*exchange.Exchange {
	found := responses(ev, contract, func(e *exchange.Exchange) bool { return e.Status() == http.StatusUnauthorized })
	found = append(found, ev.Where(func(e *exchange.Exchange) bool {
		return e.Operation == "" && e.Request.Method == http.MethodGet && strings.HasSuffix(e.Request.URL, "/oauth2/v2/userinfo") && e.Answered() && e.Status() == http.StatusUnauthorized
	})...)
	if len(found) == 0 {
		evidence.Inconclusive("nothing got 401")
	}
	return found
}

func answering(s *check.Suite) {
	s.Section("Answering every create", scenario.LargeCreate(), func() {
		s.Must("create.answers.large-bodies", func(ev *exchange.Evidence) {
			var answered []*exchange.Exchange
			for _, e := range []*exchange.Exchange{ev.Sent("1 MiB"), ev.Sent("5 MiB")} {
				if e.BrokenOff() { // RFC 9110 section 15.5.14 lets a server close the connection
					ev.Observe("the body of %s was not read to its end, and the connection closed", e.Step)
					continue
				}
				answered = append(answered, e)
			}
			if len(answered) == 0 {
				evidence.Inconclusive("the connection was closed over each large body, which a server may do")
			}
			Expect(answered).To(Each(BeCreatedOrRefused()))
		})
	})
	s.Section("Answering every create", scenario.FinalState(), func() {}) // for the evidence of everything
	s.Section("Answering every create", scenario.Everything(), func() {
		s.Must("create.answers.always", func(ev *exchange.Evidence) {
			apart := []string{scenario.LargeProbe, scenario.TogetherProbe, scenario.AlikeProbe} // which have requirements of their own
			others := evidence.LastCreates(ev, func(e *exchange.Exchange) bool {
				return !slices.ContainsFunc(apart, func(name string) bool { return strings.HasPrefix(e.Probe, name) })
			})
			Expect(others).To(All(beDroppedNowhere(), Each(All())))
		})
		s.Must("create.answers.no-server-error", func(ev *exchange.Evidence) {
			Expect(evidence.LastCreates(ev, (*exchange.Exchange).Answered)).To(Each(BeNoServerError()))
		})
	})
}

// beDroppedNowhere accepts a family of exchanges in none of which the target broke off. Others without a response count
// neither way.
func beDroppedNowhere() types.GomegaMatcher {
	return By(func(family []*exchange.Exchange) *Mismatch {
		var found []*exchange.Exchange
		var lines []string
		for _, e := range family {
			if e.BrokenOff() {
				found, lines = append(found, e), append(lines, e.Unanswered())
			}
		}
		if len(found) == 0 {
			return nil
		}
		return &Mismatch{Expected: "a response to every create", Seen: FirstLines(lines), Exchange: found[0].ID}
	})
}
