package suites

import (
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// challenging enters the checks of what a 401 holds. They judge the responses to credentials that are none.
func challenging(s *check.Suite) {
	s.Must("auth.error.body", func(ev *exchange.Evidence) {
		Expect(unauthorized(ev)).To(Each(HaveErrorBody(s.Contract)))
	})
	s.Must("auth.error.code", func(ev *exchange.Evidence) {
		Expect(unauthorized(ev)).To(Each(HaveFittingErrorCode()))
	})
	s.Must("auth.challenge.bearer", func(ev *exchange.Evidence) {
		Expect(unauthorized(ev)).To(Each(NameBearerScheme()))
	})
	s.Must("auth.challenge.grammar", func(ev *exchange.Evidence) {
		Expect(challenged(ev)).To(Each(HaveWellFormedChallenges()))
	})
	s.Should("auth.challenge.bare", func(ev *exchange.Evidence) {
		e := ev.At("missing")
		if e.Response.Header.Get("WWW-Authenticate") == "" {
			inconclusive("%s was answered without a challenge", e.ID)
		}
		Expect(e).To(LackBearerParam("error"))
	})
	s.Should("auth.challenge.error-code", func(ev *exchange.Evidence) {
		coded := withParam(ev, "error")
		for _, code := range values(coded, "error") {
			ev.Observe("a challenge says %s", Show(code))
		}
		if len(coded) > 0 {
			Expect(coded).To(Each(HaveBearerParam("error", BeOneOf(append(challengeCodes(), "access_denied")...))))
		}
	})
	s.Should("auth.challenge.parameter", func(ev *exchange.Evidence) {
		Expect(challenged(ev)).To(Each(HaveBearerParams()))
	})
	s.Must("auth.challenge.resource-metadata", func(ev *exchange.Evidence) {
		if hints := withParam(ev, "resource_metadata"); len(hints) > 0 {
			Expect(hints).To(Each(HaveBearerParam("resource_metadata", BeURL("#"))))
		}
	})
	s.Must("auth.answer.no-token", func(ev *exchange.Evidence) {
		Expect(refusedHere(ev)).To(Each(RepeatNone(presented(ev, hasGoodToken)...)))
	})
	s.Should("auth.answer.no-garbage", func(ev *exchange.Evidence) {
		Expect(refusedHere(ev)).To(Each(RepeatNone(presented(ev, func(step string) bool { return step == "garbage" })...)))
	})
}

// refusedHere are the responses that refused a request; a target that accepted all has none to judge.
func refusedHere(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool { return e.Answered() && !e.Success() })
	if len(found) == 0 {
		inconclusive("nothing was refused")
	}
	return found
}

// challengeCodes are the error codes of RFC 6750 section 3.1.
func challengeCodes() []string {
	return []string{"invalid_request", "invalid_token", "insufficient_scope"}
}

// challenged are the responses with 401 that carry a WWW-Authenticate header; a target that sent none has none to judge.
func challenged(ev *exchange.Evidence) []*exchange.Exchange {
	var found []*exchange.Exchange
	for _, e := range unauthorized(ev) {
		if e.Response.Header.Get("WWW-Authenticate") != "" {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		inconclusive("no response carried a challenge")
	}
	return found
}

// withParam are the challenged answers whose Bearer challenge has a parameter. If none has it, the check observes that
// it has nothing to judge.
func withParam(ev *exchange.Evidence, name string) []*exchange.Exchange {
	var found []*exchange.Exchange
	for _, e := range challenged(ev) {
		if _, ok := BearerParam(e, name); ok {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		ev.Observe("the promise does not apply: no Bearer challenge has the parameter %s", name)
	}
	return found
}

// values are the distinct values of a parameter.
func values(challenged []*exchange.Exchange, name string) []string {
	var found []string
	seen := map[string]bool{}
	for _, e := range challenged {
		if value, _ := BearerParam(e, name); !seen[value] {
			seen[value] = true
			found = append(found, value)
		}
	}
	return found
}
