package evidence

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
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// Rule judges a token by its facts.
type Rule = func(jwt.Facts) []jwt.Problem

// Part is a rule without its problems outside one part of the token.
func Part(name string, r Rule) Rule {
	return func(facts jwt.Facts) []jwt.Problem {
		return slices.DeleteFunc(r(facts), func(p jwt.Problem) bool {
			return facts.Kind != jwt.Unknown && !strings.HasPrefix(p.Where, name)
		})
	}
}

// Grant is the response to a create or a rotate, by which a token was issued, and the facts about that token.
type Grant struct {
	*exchange.Exchange
	Facts jwt.Facts
	// claims holds the claims that are known; source is the exchange that revealed them. See revealed.
	Claims jwt.Facts
	Source *exchange.Exchange
}

// grantSteps are the steps of accountLife that issue tokens.
var grantSteps = []string{"create", "neighbour", "rotate", "rotate-own"}

// Grants are the tokens that accountLife was given: by create, and by rotate where that went well.
func Grants(ev *exchange.Evidence) []Grant {
	var found []Grant
	for _, step := range grantSteps {
		if !ev.Has(step) {
			continue
		}
		if e := ev.Sent(step); e.Success() && e.AccessToken() != "" {
			found = append(found, Grant{Exchange: e, Facts: Inspect(ev, e)})
		}
	}
	if len(found) == 0 {
		Issued(ev, "create")
		Inconclusive("no token was issued")
	}
	return found
}

// Inspect takes the token of a response apart. In a recording a placeholder stands in the token's place;
// one that the recording did not put there came from the target, and is a token like any other.
func Inspect(ev *exchange.Evidence, e *exchange.Exchange) jwt.Facts {
	facts, ok := jwt.ParsePlaceholder(e.AccessToken())
	if ok && ev.Facts().Recorded && slices.Contains(ev.Facts().Digests, facts.Digest) {
		return facts
	}
	return exchange.Inspected(e, func(e *exchange.Exchange) jwt.Facts { return jwt.Inspect(e.AccessToken()) })
}

// Live ends a check that needs the token itself as not tested if there is only a recording.
func Live(ev *exchange.Evidence) {
	if ev.Facts().Recorded {
		panic(exchange.Missing{Reason: NeedsLiveToken, Live: true})
	}
}

// NeedsLiveToken is the message of a result that no recording can show.
const NeedsLiveToken = "needs the live token"

// EachToken accepts tokens in each of which judge finds nothing wrong, and names every step whose token is otherwise.
func EachToken(judge func(Grant) *Mismatch) types.GomegaMatcher {
	return By(func(tokens []Grant) *Mismatch {
		var first *Mismatch
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
				first.Exchange, first.Pointer = g.ID, TokenPointer
			}
		}
		if first != nil {
			first.Seen = strings.Join(seen, "\n")
		}
		return first
	})
}

// BeJWT accepts a JWS or a JWE in compact form.
func BeJWT(g Grant) *Mismatch {
	if g.Facts.Kind == jwt.JWS || g.Facts.Kind == jwt.JWE {
		return nil
	}
	return &Mismatch{Expected: "three segments (JWS) or five (JWE)", Seen: strconv.Itoa(g.Facts.Count) + " segments"}
}

// Keep accepts a token that keeps a rule.
func Keep(r Rule) func(Grant) *Mismatch {
	return func(g Grant) *Mismatch {
		problems := r(g.Facts)
		if len(problems) == 0 {
			return nil
		}
		var seen []string
		for _, p := range problems {
			seen = append(seen, p.Where+": "+p.Seen)
		}
		return &Mismatch{Expected: problems[0].Where + ": " + problems[0].Expected, Seen: strings.Join(seen, "\n")}
	}
}

const TokenPointer = "/status/accessToken"

// EveryGrant is the responses to every successful create and rotation of a run, with the facts about the token of each.
func EveryGrant(ev *exchange.Evidence) []Grant {
	var all []Grant
	for _, e := range ev.Where(func(e *exchange.Exchange) bool {
		_, isJSON := e.Document()
		return e.Success() && isJSON && !e.Response.Truncated && (e.Operation == probe.CreateOperation || e.Operation == probe.RotateOperation)
	}) {
		all = append(all, Grant{Exchange: e, Facts: Inspect(ev, e)})
	}
	if len(all) == 0 {
		Inconclusive("no token was issued")
	}
	return all
}

// WellFormed accepts a token that keeps every rule of its kind. A response without a token has none.
func WellFormed(g Grant) *Mismatch {
	if g.AccessToken() == "" {
		return g.Unless(false, "an access token", "none")
	}
	judges := []func(Grant) *Mismatch{
		BeJWT, Keep(jwt.CheckSegments), Keep(jwt.CheckHeaderObject), Keep(Part("header", jwt.CheckUniqueMembers)), Keep(jwt.CheckType),
		Keep(jwt.CheckCritical),
	}
	switch g.Facts.Kind {
	case jwt.JWS:
		judges = append(judges, Keep(jwt.CheckAlgorithm), Keep(jwt.CheckClaims), Keep(jwt.CheckPayloadObject),
			Keep(Part("claims", jwt.CheckUniqueMembers)), Keep(jwt.CheckNumericDates), Keep(jwt.CheckSignatureLength))
	case jwt.JWE:
		judges = append(judges, Keep(jwt.CheckInitializationVector), Keep(jwt.CheckAuthenticationTag), Keep(jwt.CheckEncryptedKey))
	}
	for _, judge := range judges {
		if found := judge(g); found != nil {
			return found
		}
	}
	return nil
}

// Reveals reports whether a claim is known. A date of userinfo is one only if it is a NumericDate.
func (g Grant) Reveals(name string) bool {
	_, present := g.Claims.Claim(name)
	if _, date := g.Claims.NumericDate(name); g.Source != nil && isDate(name) {
		return date
	}
	return present
}

func isDate(name string) bool { return name == "exp" || name == "iat" || name == "nbf" }

// Date is a claim that is a NumericDate; whether it is one, another requirement says.
func (g Grant) Date(name string) time.Time {
	t, ok := g.Claims.NumericDate(name)
	if !ok {
		Inconclusive("the claim %s of %s is not a NumericDate", name, g.ID)
	}
	return t
}

// Show renders a claim.
func (g Grant) Show(name string) string {
	var value any
	raw, _ := g.Claims.Claim(name)
	_ = json.Unmarshal(raw, &value) // what Claim returns is JSON
	return Show(value)
}

// Unless is a mismatch if ok is not set, shown by the exchange that revealed the claims.
func (g Grant) Unless(ok bool, expected, seen string) *Mismatch {
	if ok {
		return nil
	}
	m := &Mismatch{Expected: expected, Seen: seen}
	if g.Source != nil {
		m.Exchange = g.Source.ID
	}
	return m
}
