package suites

import (
	"slices"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// overKeys judges the tokens that were signed with a private key against the JWKS that the target publishes. Keys rotate, so
// that it may have been read several times: a token is signed with a key of any of them. Algorithms that are not registered may
// need no published key.
func overKeys(ev *exchange.Evidence, judge func(g grant, sets []*exchange.Exchange) *Mismatch) {
	tokens := slices.DeleteFunc(grants(ev), func(g grant) bool { return g.facts.Header != "" && !g.facts.Asymmetric() })
	switch {
	case slices.ContainsFunc(tokens, func(g grant) bool { return g.facts.Header == "" }):
		inconclusive("a token has no header that names a key")
	case len(tokens) == 0:
		ev.Observe("does not apply: no token is a JWS with an asymmetric algorithm")
		return
	case !ev.Has("jwks"):
		inconclusive("no JWKS was read: openid-configuration names none at the address that the run talks to")
	}
	last := ev.At("jwks")
	sets := ev.Where(func(e *exchange.Exchange) bool { return e.Step == "jwks" && e.Success() })
	if len(sets) == 0 {
		inconclusive("%s got %d", last.ID, last.Status())
	}
	if !slices.ContainsFunc(tokens, func(g grant) bool { return g.facts.KeyID() != "" }) {
		ev.Observe("no token names its key")
	}
	Expect(tokens).To(eachToken(func(g grant) *Mismatch { return judge(g, sets) }))
}

// keyIDs are the names of the keys of some key sets, and the number of keys.
func keyIDs(sets []*exchange.Exchange) (names []string, count int) {
	for _, set := range sets {
		found, keys := namesOf(set)
		if keys < 0 {
			inconclusive("%s holds no array of keys", set.ID)
		}
		names, count = append(names, found...), count+keys
	}
	return names, count
}

// namesOf are the names of the keys of a key set, and the number of keys: -1 if it holds no array of them.
func namesOf(set *exchange.Exchange) (names []string, count int) {
	keys, _ := set.Member("/keys")
	items, ok := keys.([]any)
	if !ok {
		return nil, -1
	}
	for _, item := range items {
		kid, _ := exchange.Lookup(item, "/kid")
		if name, _ := kid.(string); name != "" {
			names = append(names, name)
		}
	}
	return names, len(items)
}

// verified accepts a token whose signature verifies with the key that it names. Where it names none, RFC 7515 leaves it
// to the reader to find the key; tokens of a shape that other requirements judge have nothing to verify.
func verified(g grant, sets []*exchange.Exchange) *Mismatch {
	reason, keyID := jwt.ReasonUnknownKey, ""
	for _, set := range sets {
		found, err := jwt.VerifyJWKS(g.AccessToken(), set.Response.Body)
		switch {
		case err != nil:
			inconclusive("%s is no key set that can be read", set.ID)
		case found.Reason == jwt.ReasonManyKeys:
			reason = found.Reason
		case found.Verified, !found.Judgeable(), found.Reason == jwt.ReasonNoKeyID:
			return nil
		case found.Reason != jwt.ReasonUnknownKey:
			reason = found.Reason
		}
		keyID = found.KeyID
	}
	if reason != jwt.ReasonSignature && reason != jwt.ReasonMismatch {
		inconclusive("the signature of %s cannot be checked: %s", g.ID, reason)
	}
	return g.unless(false, "a signature that the key named "+Show(keyID)+" verifies", string(reason))
}
