package suites

import (
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func discovering(s *check.Suite) {
	s.Section("Discovery", scenario.DiscoveryDocuments(), func() {
		s.Must("discovery.openid.answers", func(ev *exchange.Evidence) {
			Expect(ev.At("openid-configuration")).To(All(HaveStatus(http.StatusOK), HaveMediaType("application/json"), HoldObject()))
		})
		s.Must("discovery.openid.members", func(ev *exchange.Evidence) {
			e := evidence.Document(ev, "openid-configuration")
			Expect(e).To(HaveMember("/issuer", BeURL("?#")))
			Expect(e).To(HaveMember("/jwks_uri", BeURL("")))
			Expect(e).To(HaveMember("/token_endpoint", BeURL("#")))
			Expect(e).To(HaveMember("/userinfo_endpoint", BeURL("")))
		})
		s.Must("discovery.jwks.answers", func(ev *exchange.Evidence) {
			Expect(keySet(ev)).To(All(HaveStatus(http.StatusOK), HoldObject()))
		})
		s.Must("discovery.jwks.valid", func(ev *exchange.Evidence) {
			keySet(ev)
			Expect(evidence.Document(ev, "jwks")).To(beKeySet(func(p jwt.Problem) bool { return !secretMember(p) && !anotherUse(p) && !earlierKid(p) }))
		})
		s.Should("discovery.jwks.distinct", func(ev *exchange.Evidence) {
			keySet(ev)
			Expect(evidence.Document(ev, "jwks")).To(beKeySet(earlierKid))
		})
		s.Should("discovery.jwks.use", func(ev *exchange.Evidence) {
			keySet(ev)
			Expect(evidence.Document(ev, "jwks")).To(beKeySet(anotherUse))
		})
		s.Must("discovery.jwks.public", func(ev *exchange.Evidence) {
			keySet(ev)
			Expect(evidence.Document(ev, "jwks")).To(beKeySet(secretMember))
		})
		s.Must("discovery.resource.answers", func(ev *exchange.Evidence) {
			Expect(ev.At("protected-resource")).To(All(HaveStatus(http.StatusOK), HaveMediaType("application/json"), HoldObject()))
		})
		s.Must("discovery.resource.members", func(ev *exchange.Evidence) {
			e := evidence.Document(ev, "protected-resource")
			Expect(e).To(HaveMember("/resource", BeURL("#")))
			Expect(e).To(HaveMember("/authorization_servers", HoldEach(BeURL(""))))
			Expect(e).To(HaveMember("/bearer_methods_supported", HoldText("header")))
		})
		s.Should("discovery.openid.issuer", func(ev *exchange.Evidence) {
			Expect(evidence.Document(ev, "openid-configuration")).To(HaveMember("/issuer", evidence.BeAddress(ev.Facts().BaseURL)))
		})
		s.Should("discovery.openid.authorization-endpoint", func(ev *exchange.Evidence) {
			Expect(evidence.Document(ev, "openid-configuration")).To(HaveMember("/authorization_endpoint", BeURL("#")))
		})
		s.Should("discovery.resource.matches", func(ev *exchange.Evidence) {
			Expect(evidence.Document(ev, "protected-resource")).To(HaveMember("/resource", evidence.BeAddress(ev.Facts().BaseURL)))
		})
		s.Should("discovery.resource.scopes", func(ev *exchange.Evidence) {
			Expect(evidence.Document(ev, "protected-resource")).To(HaveMember("/scopes_supported", HoldEach(evidence.BeScope())))
		})
		s.Must("discovery.resource.header-only", func(ev *exchange.Evidence) {
			Expect(evidence.Document(ev, "protected-resource")).To(HaveMember("/bearer_methods_supported", BeSameSet("header")))
		})
		s.Must("discovery.resource.consistent", func(ev *exchange.Evidence) {
			issuer := evidence.Discovered(ev, "/issuer")
			Expect(evidence.Document(ev, "protected-resource")).To(HaveMember("/authorization_servers", HoldText(issuer)))
		})
		s.Must("discovery.userinfo.anonymous", func(ev *exchange.Evidence) {
			Expect([]*exchange.Exchange{ev.Sent("userinfo")}).To(EachAnswered(HaveStatus(http.StatusUnauthorized)))
			Expect(ev.Every("userinfo-")).To(EachAnswered(HaveStatus(evidence.Unparsable()...)))
		})
		s.Must("discovery.userinfo.challenge", func(ev *exchange.Evidence) {
			ev.At("userinfo")
			Expect(unauthorizedBy(ev, "userinfo")).To(Each(All(NameBearerScheme(), HaveWellFormedChallenges())))
		})
	})
}

// keySet is the response of the JWKS. One that is published elsewhere was not asked for.
func keySet(ev *exchange.Evidence) *exchange.Exchange {
	if !ev.Has("jwks") {
		evidence.Discovered(ev, "/jwks_uri")
		evidence.Inconclusive("the JWKS is published at another address than the one that the run talks to, and was not asked for")
	}
	return ev.At("jwks")
}

// beKeySet accepts a JWKS without problems of the kind that count says. A key without a kid is legal (RFC 7517 section
// 4.5); a token that names its key is judged by itself.
func beKeySet(counts func(jwt.Problem) bool) types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		problems := slices.DeleteFunc(jwt.CheckJWKS(e.Response.Body), func(p jwt.Problem) bool {
			return !counts(p) || strings.HasSuffix(p.Where, "/kid") && p.Seen == "no such member"
		})
		if len(problems) == 0 {
			return nil
		}
		var seen []string
		for _, p := range problems {
			seen = append(seen, p.Where+": "+p.Seen)
		}
		_, pointer, _ := strings.Cut(problems[0].Where, " ")
		return &Mismatch{
			Expected: problems[0].Where + ": " + problems[0].Expected, Seen: strings.Join(seen, "\n"), Pointer: pointer, Exchange: e.ID,
		}
	})
}

// secretMember reports whether a problem is that of a key that is not public.
func secretMember(p jwt.Problem) bool {
	return strings.HasSuffix(p.Seen, "a member of a secret key") || strings.HasSuffix(p.Seen, "a secret key")
}

// anotherUse and earlierKid report whether a problem is one that RFC 7517 sections 4.2 and 4.5 allow.
func anotherUse(p jwt.Problem) bool { return strings.HasSuffix(p.Where, "/use") }

func earlierKid(p jwt.Problem) bool {
	return strings.HasSuffix(p.Where, "/kid") && strings.HasPrefix(p.Seen, "a kid of an earlier key")
}

// unauthorizedBy are the responses with 401 of the steps of a prefix; a target that gave none has none to judge.
func unauthorizedBy(ev *exchange.Evidence, prefix string) []*exchange.Exchange {
	found := slices.DeleteFunc(ev.Every(prefix), func(e *exchange.Exchange) bool { return !e.Answered() || e.Status() != http.StatusUnauthorized })
	if len(found) == 0 {
		evidence.Inconclusive("nothing got 401")
	}
	return found
}
