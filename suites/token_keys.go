package suites

import (
	"slices"
	"strings"

	. "github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/internal/match"
	"github.com/sa-conformance/conformance/internal/token"
)

// overKeys judges the tokens that were signed with a private key against the JWKS that the target publishes.
func overKeys(ev *exchange.Evidence, judge func(g grant, set *exchange.Exchange) *Mismatch) {
	tokens := slices.DeleteFunc(grants(ev), func(g grant) bool {
		return g.facts.Kind == token.JWE || strings.HasPrefix(g.facts.Algorithm(), "HS")
	})
	switch {
	case slices.ContainsFunc(tokens, func(g grant) bool { return g.facts.Header == "" }):
		lacking("a token has no header that names a key")
	case len(tokens) == 0:
		ev.Observe("does not apply: no token is a JWS with an asymmetric algorithm")
		return
	case !ev.Has("jwks"):
		lacking("no JWKS was read: openid-configuration names none at the address that the run talks to")
	}
	set := ev.At("jwks")
	if !set.Success() {
		lacking("%s was answered with %d", set.ID, set.Status())
	}
	if !slices.ContainsFunc(tokens, func(g grant) bool { return g.facts.KeyID() != "" }) {
		ev.Observe("no token names its key")
	}
	Expect(tokens).To(eachToken(func(g grant) *Mismatch { return judge(g, set) }))
}

// keyIDs are the names of the keys of a JWKS.
func keyIDs(set *exchange.Exchange) []string {
	keys, _ := set.Member("/keys")
	items, ok := keys.([]any)
	if !ok {
		lacking("%s holds no array of keys", set.ID)
	}
	var names []string
	for _, item := range items {
		kid, _ := exchange.Lookup(item, "/kid")
		if name, _ := kid.(string); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// verified accepts a token whose signature verifies with the key that it names. Where it names none, RFC 7515 leaves it
// to the reader to find the key; tokens of a shape that other requirements judge have nothing to verify.
func verified(g grant, set *exchange.Exchange) *Mismatch {
	found, err := token.VerifyJWKS(g.AccessToken(), set.Response.Body)
	switch {
	case err != nil:
		lacking("%s is no key set that can be read", set.ID)
	case found.Verified, !found.Judgeable(), found.Reason == token.ReasonNoKeyID:
		return nil
	case found.Reason != token.ReasonSignature && found.Reason != token.ReasonMismatch:
		lacking("the signature of %s cannot be checked: %s", g.ID, found.Reason)
	}
	return g.unless(false, "a signature that the key named "+Show(found.KeyID)+" verifies", string(found.Reason))
}
