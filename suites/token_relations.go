package suites

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// defaultLifetime is that of a token unless the deployment says otherwise, and a day for its rounding.
const defaultLifetime = 91 * 24 * time.Hour

// leastLifetime is the half of it; what is much shorter deserves a look.
const leastLifetime = 45 * 24 * time.Hour

func tokenRelations(s *check.Suite) {
	s.Section("What the access token says", scenario.AccountLife(), func() {
		s.Must("token.expiry.agrees", func(ev *exchange.Evidence) {
			relate(ev, func(g evidence.Grant) *Mismatch {
				want, exp := evidence.Moment(g.Exchange, "/status/expiry"), g.Date("exp")
				return g.Unless(want.Sub(exp).Abs() < time.Second, "exp the second of status.expiry, "+stamp(want), stamp(exp))
			}, "exp")
		})
		s.Must("token.issued-at.past", func(ev *exchange.Evidence) {
			relate(ev, func(g evidence.Grant) *Mismatch { return notAhead(g, "iat") }, "iat")
		})
		s.Must("token.not-before.past", func(ev *exchange.Evidence) {
			relate(ev, func(g evidence.Grant) *Mismatch { return notAhead(g, "nbf") }, "nbf")
		})
		s.Must("token.lifetime.positive", func(ev *exchange.Evidence) {
			relate(ev, func(g evidence.Grant) *Mismatch {
				iat, exp := g.Date("iat"), g.Date("exp")
				return g.Unless(exp.After(iat), "exp later than iat, "+stamp(iat), stamp(exp))
			}, "iat", "exp")
		})
		s.Should("token.lifetime.default", func(ev *exchange.Evidence) {
			Expect(evidence.Grants(ev)).To(evidence.EachToken(func(g evidence.Grant) *Mismatch {
				latest, expiry := TargetClock(g.Exchange).Add(defaultLifetime), evidence.Moment(g.Exchange, "/status/expiry")
				return g.Unless(!expiry.After(latest), "status.expiry not later than 90 days and a day of slack, "+stamp(latest), stamp(expiry))
			}))
		})
		s.Should("token.lifetime.short", func(ev *exchange.Evidence) {
			Expect(evidence.Grants(ev)).To(evidence.EachToken(func(g evidence.Grant) *Mismatch {
				least, expiry := TargetClock(g.Exchange).Add(leastLifetime), evidence.Moment(g.Exchange, "/status/expiry")
				return g.Unless(!expiry.Before(least), "status.expiry not before half of 90 days, "+stamp(least), stamp(expiry))
			}))
		})
		s.Must("token.subject.account", func(ev *exchange.Evidence) {
			relate(ev, func(g evidence.Grant) *Mismatch {
				sub, _ := g.Claims.StringClaim("sub")
				return g.Unless(sub != "" && strings.EqualFold(sub, g.AccountID()), "sub the id of the account, "+Show(g.AccountID()), g.Show("sub"))
			}, "sub")
		})
		s.Must("token.issuer.discovered", func(ev *exchange.Evidence) {
			relate(ev, func(g evidence.Grant) *Mismatch {
				if !g.Facts.AccessTokenType() { // nothing binds the iss of others
					return nil
				}
				iss, _ := g.Claims.StringClaim("iss")
				issuer := evidence.Discovered(ev, "/issuer")
				return g.Unless(iss == issuer, "iss the issuer of openid-configuration, "+Show(issuer), g.Show("iss"))
			}, "iss")
		})
		s.Must("token.key.known", func(ev *exchange.Evidence) {
			overKeys(ev, func(g evidence.Grant, sets []*exchange.Exchange) *Mismatch {
				names, keys := keyIDs(sets)
				kid := g.Facts.KeyID()
				if keys == 0 {
					return g.Unless(false, "a JWKS with the key that the token is signed with", "an empty array of keys")
				}
				return g.Unless(kid == "" || slices.Contains(names, kid), "a kid that a key of the JWKS has", Show(kid))
			})
		})
		s.Must("token.signature.verifies", func(ev *exchange.Evidence) {
			overKeys(ev, func(g evidence.Grant, sets []*exchange.Exchange) *Mismatch {
				evidence.Live(ev)
				return verified(g, sets)
			})
		})
	})
	s.Section("All access tokens of the run", scenario.Everything(), func() {
		s.Must("token.every.agrees", func(ev *exchange.Evidence) {
			Expect(everyToken(ev)).To(evidence.EachToken(agrees))
		})
		s.Must("token.every.formed", func(ev *exchange.Evidence) {
			Expect(evidence.EveryGrant(ev)).To(evidence.EachToken(evidence.WellFormed))
		})
		s.Must("token.id.unique", func(ev *exchange.Evidence) {
			ids := tokenIDs(ev)
			if len(ids) < 2 {
				ev.Observe("does not apply: fewer than two tokens reveal a jti")
				return
			}
			Expect(ids).To(evidence.EachToken(unlikeEarlier()))
		})
	})
}

// relate judges every token that reveals the named claims; if none does, there is nothing to judge.
func relate(ev *exchange.Evidence, judge func(evidence.Grant) *Mismatch, names ...string) {
	tokens := slices.DeleteFunc(revealed(ev), func(g evidence.Grant) bool {
		return slices.ContainsFunc(names, func(name string) bool { return !g.Reveals(name) })
	})
	if len(tokens) == 0 {
		ev.Observe("does not apply: no token reveals %s", strings.Join(names, " and "))
		return
	}
	Expect(tokens).To(evidence.EachToken(judge))
}

// revealed are the tokens with the claims that can be known: those of a JWS, and of a JWE what userinfo says of it.
func revealed(ev *exchange.Evidence) []evidence.Grant {
	tokens := evidence.Grants(ev)
	for i, g := range tokens {
		switch {
		case g.Facts.Kind == jwt.JWS && g.Facts.Claims != "":
			tokens[i].Claims = g.Facts
		case g.Facts.Kind == jwt.JWE && ev.Has("claims-"+g.Step):
			if e := ev.Sent("claims-" + g.Step); e.Status() == http.StatusOK {
				tokens[i].Claims, tokens[i].Source = claimsOf(e), e
			}
		case g.Facts.Kind != jwt.JWE:
			evidence.Inconclusive("the token of %s has no claims that can be read", g.ID)
		}
	}
	return tokens
}

// claimsOf makes a response of userinfo, if it is a JSON object, look like the claims of a token.
func claimsOf(e *exchange.Exchange) jwt.Facts {
	if document, _ := e.Document(); !evidence.IsObject(document) {
		return jwt.Facts{}
	}
	return jwt.Facts{Claims: string(e.Response.Body)}
}

// notAhead accepts a date that is not in the future of the target's own clock.
func notAhead(g evidence.Grant, name string) *Mismatch {
	at, clock := g.Date(name), TargetClock(g.Exchange)
	if now := g.FinishedAt(); now.After(clock) { // the Date may be of a gateway whose clock is behind
		clock = now
	}
	return g.Unless(!at.After(clock.Add(ClockTolerance)), name+" not later than the time of the response, "+stamp(clock), stamp(at))
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// everyToken is every token of a whole run whose claims are known: each JWS that was issued, and each JWE that userinfo was
// asked about.
func everyToken(ev *exchange.Evidence) []evidence.Grant {
	answers := ev.Where(func(e *exchange.Exchange) bool {
		return e.Success() && e.AccessToken() != "" && (e.Operation == probe.CreateOperation || e.Operation == probe.RotateOperation)
	})
	if len(answers) < 2 {
		evidence.Inconclusive("fewer than two tokens were issued")
	}
	var found []evidence.Grant
	for _, e := range answers {
		if facts := evidence.Inspect(ev, e); facts.Kind == jwt.JWS {
			found = append(found, evidence.Grant{Exchange: e, Claims: facts})
		} else if said := lastOf(ev, e.Probe, "claims-"+e.Step); facts.Kind == jwt.JWE && said.Status() == http.StatusOK {
			found = append(found, evidence.Grant{Exchange: e, Claims: claimsOf(said), Source: said})
		}
	}
	return found
}

// tokenIDs are the tokens of a whole run that reveal a jti.
func tokenIDs(ev *exchange.Evidence) []evidence.Grant {
	return slices.DeleteFunc(everyToken(ev), func(g evidence.Grant) bool {
		_, ok := g.Claims.StringClaim("jti")
		return !ok
	})
}

// agrees accepts a token whose exp and sub, if it reveals them, are those of the response that it came in.
func agrees(g evidence.Grant) *Mismatch {
	if exp, ok := g.Claims.NumericDate("exp"); ok {
		if want := evidence.Moment(g.Exchange, "/status/expiry"); want.Sub(exp).Abs() >= time.Second {
			return g.Unless(false, "exp the second of status.expiry, "+stamp(want), stamp(exp))
		}
	}
	sub, ok := g.Claims.StringClaim("sub")
	return g.Unless(!ok || strings.EqualFold(sub, g.AccountID()), "sub the id of the account, "+Show(g.AccountID()), Show(sub))
}

// lastOf is the last exchange of a step of a probe; nil if there is none.
func lastOf(ev *exchange.Evidence, probe, step string) *exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool { return e.Probe == probe && e.Step == step })
	if len(found) == 0 {
		return nil
	}
	return found[len(found)-1]
}

// unlikeEarlier accepts a token with a jti that no token before it has.
func unlikeEarlier() func(evidence.Grant) *Mismatch {
	first := map[string]string{}
	return func(g evidence.Grant) *Mismatch {
		jti, _ := g.Claims.StringClaim("jti")
		if other, taken := first[jti]; taken {
			return g.Unless(false, "a jti of its own", "the jti of "+other)
		}
		first[jti] = g.ID
		return nil
	}
}

// overKeys judges the tokens that were signed with a private key against the JWKS that the target publishes. Keys rotate, so
// that it may have been read several times: a token is signed with a key of any of them. Algorithms that are not registered may
// need no published key.
func overKeys(ev *exchange.Evidence, judge func(g evidence.Grant, sets []*exchange.Exchange) *Mismatch) {
	tokens := slices.DeleteFunc(evidence.Grants(ev), func(g evidence.Grant) bool { return g.Facts.Header != "" && !g.Facts.Asymmetric() })
	switch {
	case slices.ContainsFunc(tokens, func(g evidence.Grant) bool { return g.Facts.Header == "" }):
		evidence.Inconclusive("a token has no header that names a key")
	case len(tokens) == 0:
		ev.Observe("does not apply: no token is a JWS with an asymmetric algorithm")
		return
	case !ev.Has("jwks"):
		evidence.Inconclusive("no JWKS was read: openid-configuration names none at the address that the run talks to")
	}
	last := ev.At("jwks")
	sets := ev.Where(func(e *exchange.Exchange) bool { return e.Step == "jwks" && e.Success() })
	if len(sets) == 0 {
		evidence.Inconclusive("%s got %d", last.ID, last.Status())
	}
	if !slices.ContainsFunc(tokens, func(g evidence.Grant) bool { return g.Facts.KeyID() != "" }) {
		ev.Observe("no token names its key")
	}
	Expect(tokens).To(evidence.EachToken(func(g evidence.Grant) *Mismatch { return judge(g, sets) }))
}

// keyIDs are the names of the keys of some key sets, and the number of keys.
func keyIDs(sets []*exchange.Exchange) (names []string, count int) {
	for _, set := range sets {
		found, keys := scenario.NamesOf(set)
		if keys < 0 {
			evidence.Inconclusive("%s holds no array of keys", set.ID)
		}
		names, count = append(names, found...), count+keys
	}
	return names, count
}

// verified accepts a token whose signature verifies with the key that it names. Where it names none, RFC 7515 leaves it
// to the reader to find the key; tokens of a shape that other requirements judge have nothing to verify.
func verified(g evidence.Grant, sets []*exchange.Exchange) *Mismatch {
	reason, keyID := jwt.ReasonUnknownKey, ""
	for _, set := range sets {
		found, err := jwt.VerifyJWKS(g.AccessToken(), set.Response.Body)
		switch {
		case err != nil:
			evidence.Inconclusive("%s is no key set that can be read", set.ID)
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
		evidence.Inconclusive("the signature of %s cannot be checked: %s", g.ID, reason)
	}
	return g.Unless(false, "a signature that the key named "+Show(keyID)+" verifies", string(reason))
}
