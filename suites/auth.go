package suites

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func authenticating(s *check.Suite) {
	refused := HaveStatus(http.StatusUnauthorized)
	unparsed := HaveStatus(evidence.Unparsable()...)
	s.Section("Authenticating", scenario.UnauthenticatedCreate(), func() {
		s.Must("auth.missing.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("missing")).To(refused)
		})
		s.Must("auth.empty.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("empty-")).To(Each(unparsed))
		})
		s.Must("auth.scheme.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("scheme-basic")).To(unparsed)
		})
		s.Should("auth.scheme.bearer-alone", func(ev *exchange.Evidence) {
			Expect(ev.At("scheme-token")).To(unparsed)
		})
		s.Must("auth.garbage.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("garbage")).To(unparsed)
		})
		s.Must("auth.segments.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("segments-")).To(Each(unparsed))
		})
		s.Should("auth.two-headers.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("two-headers-")).To(Each(unparsed))
		})
		s.Must("auth.query.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("query")).To(unparsed)
		})
		s.Should("auth.header-and-query.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("header-and-query")).To(unparsed)
		})
		s.Must("auth.form.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("form")).To(HaveStatus(append(evidence.Unparsable(), evidence.Unreadable()...)...))
		})
		s.Must("auth.order.before-body", func(ev *exchange.Evidence) {
			Expect(ev.Every("order-")).To(Each(HaveStatus(append(evidence.Unparsable(), append(evidence.Unreadable(), http.StatusForbidden)...)...)))
		})
		s.Should("auth.uniform.status", func(ev *exchange.Evidence) {
			broken := append(ev.Every("segments-"), ev.Sent("garbage"))
			Expect(append(broken, ev.At("nobody"))).To(ShareStatus())
		})
		challenging(s)
	})
	damaging(s)
	s.Section("Authenticating", scenario.Everything(), func() {
		s.Must("auth.refused.nothing-created", func(ev *exchange.Evidence) {
			Expect(evidence.FinalList(ev)).To(ListNoAccountNamed(evidence.Labelled(ev, scenario.UnauthenticatedLabel)))
		})
		s.Should("auth.unparsable.unauthorized", func(ev *exchange.Evidence) {
			Expect(damagedUses(ev)).To(Each(refused))
		})
	})
}

// damagedUses are the requests with a bearer token that cannot be parsed, or not as it was issued. Those that the target let
// in are left to the requirements that forbid it.
func damagedUses(ev *exchange.Evidence) []*exchange.Exchange {
	families := []string{
		"garbage", "segments-", "altered-", "shortened-", "extended-", "recased-", "unsigned-", "anonymous-garbage-", "forged-1-", "forged-2-",
		"userinfo-garbage",
	}
	found := ev.Where(func(e *exchange.Exchange) bool {
		begins := slices.ContainsFunc(families, func(prefix string) bool { return strings.HasPrefix(e.Step, prefix) })
		return begins && e.Answered() && e.Status()/100 == 4 && !evidence.Met(e)
	})
	if len(found) == 0 {
		evidence.Inconclusive("no damaged token was refused")
	}
	return found
}

// challenging enters the checks of what a 401 holds. They judge the responses to credentials that are none.
func challenging(s *check.Suite) {
	s.Must("auth.error.body", func(ev *exchange.Evidence) {
		Expect(evidence.Unauthorized(ev)).To(Each(HaveErrorBody(s.Contract)))
	})
	s.Must("auth.error.code", func(ev *exchange.Evidence) {
		Expect(evidence.Unauthorized(ev)).To(Each(HaveFittingErrorCode()))
	})
	s.Must("auth.challenge.bearer", func(ev *exchange.Evidence) {
		Expect(evidence.Unauthorized(ev)).To(Each(NameBearerScheme()))
	})
	s.Must("auth.challenge.grammar", func(ev *exchange.Evidence) {
		Expect(challenged(ev)).To(Each(HaveWellFormedChallenges()))
	})
	s.Should("auth.challenge.bare", func(ev *exchange.Evidence) {
		e := ev.At("missing")
		if e.Response.Header.Get("WWW-Authenticate") == "" {
			evidence.Inconclusive("%s was answered without a challenge", e.ID)
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
		Expect(refusedHere(ev)).To(Each(RepeatNone(evidence.Presented(ev, evidence.HasGoodToken)...)))
	})
	s.Should("auth.answer.no-garbage", func(ev *exchange.Evidence) {
		Expect(refusedHere(ev)).To(Each(RepeatNone(evidence.Presented(ev, func(step string) bool { return step == "garbage" })...)))
	})
}

// refusedHere are the responses that refused a request; a target that accepted all has none to judge.
func refusedHere(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool { return e.Answered() && !e.Success() })
	if len(found) == 0 {
		evidence.Inconclusive("nothing was refused")
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
	for _, e := range evidence.Unauthorized(ev) {
		if e.Response.Header.Get("WWW-Authenticate") != "" {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		evidence.Inconclusive("no response carried a challenge")
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

func damaging(s *check.Suite) {
	refused, unparsed := HaveStatus(http.StatusUnauthorized), HaveStatus(evidence.Unparsable()...)
	s.Section("Authenticating", scenario.DamagedTokens(), func() {
		s.Must("auth.altered.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("altered-")).To(Each(unparsed))
		})
		s.Must("auth.shortened.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("shortened-")).To(Each(unparsed))
		})
		s.Must("auth.extended.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("extended-")).To(Each(unparsed))
		})
		s.Must("auth.recased.refused", func(ev *exchange.Evidence) {
			ev.Every("altered-") // the conversation was held
			if !ev.Has("recased-upper-case") {
				ev.Observe("the promise does not apply: the token has no letter in lower case")
				return
			}
			Expect(ev.At("recased-upper-case")).To(unparsed)
		})
	})
	s.Section("Authenticating", scenario.ForgedTokens(), func() {
		s.Must("auth.unsigned.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("unsigned-")).To(Each(unparsed))
		})
		s.Must("auth.forged.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("forged-")).To(Each(refused))
		})
		s.Must("auth.confused-key.refused", func(ev *exchange.Evidence) {
			ev.At("discovery")
			if ev.Has("keys") {
				ev.At("keys")
			}
			ev.Every("forged-") // made once the keys are there
			if !ev.Has("confused-HS256-pem") {
				ev.Observe("the promise does not apply: the target publishes no key that could be taken for a secret")
				return
			}
			Expect(ev.Every("confused-")).To(Each(refused))
		})
	})
	s.Section("Authenticating", scenario.DatedTokens(), func() {
		s.Must("auth.expired.refused", func(ev *exchange.Evidence) {
			e := ev.At("expired")
			evidence.WithinLeeway(e, "exp", e.StartedAt.Add(-evidence.Leeway))
			Expect(e).To(refused)
		})
		s.Must("auth.not-yet-valid.refused", func(ev *exchange.Evidence) {
			e := ev.At("not-yet-valid")
			evidence.WithinLeeway(e, "nbf", e.StartedAt.Add(evidence.Leeway))
			Expect(e).To(refused)
		})
	})
}
