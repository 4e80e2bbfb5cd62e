package suites

import (
	"strconv"
	"strings"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/match"
	"github.com/sa-conformance/conformance/internal/token"
)

func tokenStructure(s *check.Suite) {
	s.Section("Structure of the access token", minimalCreate(), func() {
		s.Must("token.kind.segments", func(ev *exchange.Evidence) {
			facts := inspect(ev, "create")
			ev.Observe("the token is a %s of %d segments", facts.Kind, facts.Count)
			Expect(facts).To(BeJWT())
		})
		s.Must("token.segments.alphabet", func(ev *exchange.Evidence) {
			Expect(inspect(ev, "create")).To(Keep(token.CheckSegments))
		})
		s.Must("token.header.object", func(ev *exchange.Evidence) {
			Expect(inspect(ev, "create")).To(Keep(token.CheckHeaderObject))
		})
	})
}

// inspect takes the token of a create apart. In a recording a placeholder stands in the token's place.
func inspect(ev *exchange.Evidence, step string) token.Facts {
	_, raw := issued(ev, step)
	if ev.Facts().Recorded {
		return token.Recall(raw)
	}
	return token.Inspect(raw)
}

// BeJWT accepts the facts of a token that is a JWS or a JWE in compact form.
func BeJWT() types.GomegaMatcher {
	return match.By(func(facts token.Facts) *match.Mismatch {
		if facts.Kind == token.JWS || facts.Kind == token.JWE {
			return nil
		}
		return &match.Mismatch{
			Expected: "three segments (JWS) or five (JWE)", Seen: strconv.Itoa(facts.Count) + " segments", Pointer: tokenPointer,
		}
	})
}

// Keep accepts the facts of a token that keeps a rule.
func Keep(rule func(token.Facts) []token.Problem) types.GomegaMatcher {
	return match.By(func(facts token.Facts) *match.Mismatch {
		problems := rule(facts)
		if len(problems) == 0 {
			return nil
		}
		var seen []string
		for _, p := range problems {
			seen = append(seen, p.Where+": "+p.Seen)
		}
		return &match.Mismatch{
			Expected: problems[0].Where + ": " + problems[0].Expected, Seen: strings.Join(seen, "\n"), Pointer: tokenPointer,
		}
	})
}

const tokenPointer = "/status/accessToken"
