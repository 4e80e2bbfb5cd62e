package suites

import (
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/suites/matcher"
)

func tokenStructure(s *check.Suite) {
	s.Section("Structure of the access token", accountLife(), func() {
		s.Must("token.kind.segments", func(ev *exchange.Evidence) {
			tokens := grants(ev)
			ev.Observe("the token is a %s of %d segments", tokens[0].facts.Kind, tokens[0].facts.Count)
			Expect(tokens).To(eachToken(beJWT))
		})
		s.Must("token.segments.alphabet", keeps(jwt.CheckSegments))
		s.Must("token.header.object", keeps(jwt.CheckHeaderObject))
		s.Must("token.header.unique-names", keeps(part("header", jwt.CheckUniqueMembers)))
		s.Must("token.header.type", keeps(jwt.CheckType))
		s.Must("token.header.critical", keeps(jwt.CheckCritical))
		s.Should("token.header.no-extension", keeps(jwt.CheckNoExtension))
		s.Should("token.nested.unique-names", keeps(jwt.CheckNestedMembers))

		s.Must("token.jws.algorithm", keeps(jwt.CheckAlgorithm, jwt.JWS))
		s.Should("token.jws.registered", keeps(jwt.CheckRegistered, jwt.JWS))
		s.Must("token.jws.claims", keeps(jwt.CheckClaims, jwt.JWS))
		s.Must("token.jws.payload", keeps(jwt.CheckPayloadObject, jwt.JWS))
		s.Must("token.jws.unique-claims", keeps(part("claims", jwt.CheckUniqueMembers), jwt.JWS))
		s.Must("token.jws.numeric-dates", keeps(jwt.CheckNumericDates, jwt.JWS))
		s.Must("token.jws.signature-length", keeps(jwt.CheckSignatureLength, jwt.JWS))

		s.Should("token.jwe.algorithms", keeps(jwt.CheckEncryption, jwt.JWE))
		s.Must("token.jwe.vector", keeps(jwt.CheckInitializationVector, jwt.JWE))
		s.Must("token.jwe.tag", keeps(jwt.CheckAuthenticationTag, jwt.JWE))
		s.Must("token.jwe.key", keeps(jwt.CheckEncryptedKey, jwt.JWE))
		s.Should("token.jwe.content-type", keeps(jwt.CheckContentType, jwt.JWE))
		s.Should("token.jwe.compression", keeps(jwt.CheckZip, jwt.JWE))

		s.Should("token.library.readable", keeps(jwt.CheckLibrary))
	})
}

// rule judges a token by its facts.
type rule = func(jwt.Facts) []jwt.Problem

// keeps makes the assertion that every token keeps a rule, which is for tokens of the given kind: both if none is given.
func keeps(r rule, kind ...jwt.Kind) func(*exchange.Evidence) {
	return func(ev *exchange.Evidence) {
		tokens := grants(ev)
		foreign := func(g grant) bool { return g.facts.Kind != jwt.Unknown && !slices.Contains(kind, g.facts.Kind) }
		if len(kind) > 0 && !slices.ContainsFunc(tokens, func(g grant) bool { return !foreign(g) }) {
			ev.Observe("does not apply: the token is a %s", tokens[0].facts.Kind)
			return
		}
		Expect(tokens).To(eachToken(keep(r)))
	}
}

// part is a rule without its problems outside one part of the token.
func part(name string, r rule) rule {
	return func(facts jwt.Facts) []jwt.Problem {
		return slices.DeleteFunc(r(facts), func(p jwt.Problem) bool {
			return facts.Kind != jwt.Unknown && !strings.HasPrefix(p.Where, name)
		})
	}
}

// grant is the response to a create or a rotate, by which a token was issued, and the facts about that token.
type grant struct {
	*exchange.Exchange
	facts jwt.Facts
	// claims holds the claims that are known; source is the exchange that revealed them. See revealed.
	claims jwt.Facts
	source *exchange.Exchange
}

// grantSteps are the steps of accountLife that issue tokens.
var grantSteps = []string{"create", "neighbour", "rotate", "rotate-own"}

// grants are the tokens that accountLife was given: by create, and by rotate where that went well.
func grants(ev *exchange.Evidence) []grant {
	var found []grant
	for _, step := range grantSteps {
		if !ev.Has(step) {
			continue
		}
		if e := ev.Sent(step); e.Success() && e.AccessToken() != "" {
			found = append(found, grant{Exchange: e, facts: inspect(ev, e)})
		}
	}
	if len(found) == 0 {
		issued(ev, "create")
		inconclusive("no token was issued")
	}
	return found
}

// inspect takes the token of a response apart. In a recording a placeholder stands in the token's place;
// one that the recording did not put there came from the target, and is a token like any other.
func inspect(ev *exchange.Evidence, e *exchange.Exchange) jwt.Facts {
	facts, ok := jwt.ParsePlaceholder(e.AccessToken())
	if ok && ev.Facts().Recorded && slices.Contains(ev.Facts().Digests, facts.Digest) {
		return facts
	}
	return exchange.Inspected(e, func(e *exchange.Exchange) jwt.Facts { return jwt.Inspect(e.AccessToken()) })
}

// live ends a check that needs the token itself as not tested if there is only a recording.
func live(ev *exchange.Evidence) {
	if ev.Facts().Recorded {
		panic(exchange.Missing{Reason: NeedsLiveToken, Live: true})
	}
}

// NeedsLiveToken is the message of a result that no recording can show.
const NeedsLiveToken = "needs the live token"

// eachToken accepts tokens in each of which judge finds nothing wrong, and names every step whose token is otherwise.
func eachToken(judge func(grant) *matcher.Mismatch) types.GomegaMatcher {
	return matcher.By(func(tokens []grant) *matcher.Mismatch {
		var first *matcher.Mismatch
		var seen []string
		for _, g := range tokens {
			found := judge(g)
			if found == nil {
				continue
			}
			if seen = append(seen, g.Step+": "+strings.ReplaceAll(found.Seen, "\n", "; ")); first != nil {
				continue
			}
			if first = found; first.Exchange == "" {
				first.Exchange, first.Pointer = g.ID, tokenPointer
			}
		}
		if first != nil {
			first.Seen = strings.Join(seen, "\n")
		}
		return first
	})
}

// beJWT accepts a JWS or a JWE in compact form.
func beJWT(g grant) *matcher.Mismatch {
	if g.facts.Kind == jwt.JWS || g.facts.Kind == jwt.JWE {
		return nil
	}
	return &matcher.Mismatch{Expected: "three segments (JWS) or five (JWE)", Seen: strconv.Itoa(g.facts.Count) + " segments"}
}

// keep accepts a token that keeps a rule.
func keep(r rule) func(grant) *matcher.Mismatch {
	return func(g grant) *matcher.Mismatch {
		problems := r(g.facts)
		if len(problems) == 0 {
			return nil
		}
		var seen []string
		for _, p := range problems {
			seen = append(seen, p.Where+": "+p.Seen)
		}
		return &matcher.Mismatch{Expected: problems[0].Where + ": " + problems[0].Expected, Seen: strings.Join(seen, "\n")}
	}
}

const tokenPointer = "/status/accessToken"
