package suites

import (
	"net/http"

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
