package suites

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/matcher"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// rule judges a token by its facts.
type rule = func(jwt.Facts) []jwt.Problem

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

// everyGrant is the responses to every successful create and rotation of a run, with the facts about the token of each.
func everyGrant(ev *exchange.Evidence) []grant {
	var all []grant
	for _, e := range ev.Where(func(e *exchange.Exchange) bool {
		_, isJSON := e.Document()
		return e.Success() && isJSON && !e.Response.Truncated && (e.Operation == probe.CreateOperation || e.Operation == probe.RotateOperation)
	}) {
		all = append(all, grant{Exchange: e, facts: inspect(ev, e)})
	}
	if len(all) == 0 {
		inconclusive("no token was issued")
	}
	return all
}

// wellFormed accepts a token that keeps every rule of its kind. A response without a token has none.
func wellFormed(g grant) *Mismatch {
	if g.AccessToken() == "" {
		return g.unless(false, "an access token", "none")
	}
	judges := []func(grant) *Mismatch{
		beJWT, keep(jwt.CheckSegments), keep(jwt.CheckHeaderObject), keep(part("header", jwt.CheckUniqueMembers)), keep(jwt.CheckType),
		keep(jwt.CheckCritical),
	}
	switch g.facts.Kind {
	case jwt.JWS:
		judges = append(judges, keep(jwt.CheckAlgorithm), keep(jwt.CheckClaims), keep(jwt.CheckPayloadObject),
			keep(part("claims", jwt.CheckUniqueMembers)), keep(jwt.CheckNumericDates), keep(jwt.CheckSignatureLength))
	case jwt.JWE:
		judges = append(judges, keep(jwt.CheckInitializationVector), keep(jwt.CheckAuthenticationTag), keep(jwt.CheckEncryptedKey))
	}
	for _, judge := range judges {
		if found := judge(g); found != nil {
			return found
		}
	}
	return nil
}

// reveals reports whether a claim is known. A date of userinfo is one only if it is a NumericDate.
func (g grant) reveals(name string) bool {
	_, present := g.claims.Claim(name)
	if _, date := g.claims.NumericDate(name); g.source != nil && isDate(name) {
		return date
	}
	return present
}

func isDate(name string) bool { return name == "exp" || name == "iat" || name == "nbf" }

// date is a claim that is a NumericDate; whether it is one, another requirement says.
func (g grant) date(name string) time.Time {
	t, ok := g.claims.NumericDate(name)
	if !ok {
		inconclusive("the claim %s of %s is not a NumericDate", name, g.ID)
	}
	return t
}

// show renders a claim.
func (g grant) show(name string) string {
	var value any
	raw, _ := g.claims.Claim(name)
	_ = json.Unmarshal(raw, &value) // what Claim returns is JSON
	return Show(value)
}

// unless is a mismatch if ok is not set, shown by the exchange that revealed the claims.
func (g grant) unless(ok bool, expected, seen string) *Mismatch {
	if ok {
		return nil
	}
	m := &Mismatch{Expected: expected, Seen: seen}
	if g.source != nil {
		m.Exchange = g.source.ID
	}
	return m
}
