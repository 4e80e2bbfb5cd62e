package suites

import (
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

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
