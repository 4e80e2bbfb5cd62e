package suites

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// everyResponse judges all responses of a run to the operations of the contract, whatever they were sent for.
func everyResponse(s *check.Suite) {
	s.Section("Every response of the run", everything(), func() {
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
		inconclusive("nothing got 401")
	}
	return found
}
