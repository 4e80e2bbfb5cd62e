package suites

import (
	"slices"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/suites/evidence"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func tokenStructure(s *check.Suite) {
	s.Section("Structure of the access token", scenario.AccountLife(), func() {
		s.Must("token.kind.segments", func(ev *exchange.Evidence) {
			tokens := evidence.Grants(ev)
			ev.Observe("the token is a %s of %d segments", tokens[0].Facts.Kind, tokens[0].Facts.Count)
			Expect(tokens).To(evidence.EachToken(evidence.BeJWT))
		})
		s.Must("token.segments.alphabet", keeps(jwt.CheckSegments))
		s.Must("token.header.object", keeps(jwt.CheckHeaderObject))
		s.Must("token.header.unique-names", keeps(evidence.Part("header", jwt.CheckUniqueMembers)))
		s.Must("token.header.type", keeps(jwt.CheckType))
		s.Must("token.header.critical", keeps(jwt.CheckCritical))
		s.Should("token.header.no-extension", keeps(jwt.CheckNoExtension))
		s.Should("token.nested.unique-names", keeps(jwt.CheckNestedMembers))

		s.Must("token.jws.algorithm", keeps(jwt.CheckAlgorithm, jwt.JWS))
		s.Should("token.jws.registered", keeps(jwt.CheckRegistered, jwt.JWS))
		s.Must("token.jws.claims", keeps(jwt.CheckClaims, jwt.JWS))
		s.Must("token.jws.payload", keeps(jwt.CheckPayloadObject, jwt.JWS))
		s.Must("token.jws.unique-claims", keeps(evidence.Part("claims", jwt.CheckUniqueMembers), jwt.JWS))
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

// keeps makes the assertion that every token keeps a rule, which is for tokens of the given kind: both if none is given.
func keeps(r evidence.Rule, kind ...jwt.Kind) func(*exchange.Evidence) {
	return func(ev *exchange.Evidence) {
		tokens := evidence.Grants(ev)
		foreign := func(g evidence.Grant) bool {
			return g.Facts.Kind != jwt.Unknown && !slices.Contains(kind, g.Facts.Kind)
		}
		if len(kind) > 0 && !slices.ContainsFunc(tokens, func(g evidence.Grant) bool { return !foreign(g) }) {
			ev.Observe("does not apply: the token is a %s", tokens[0].Facts.Kind)
			return
		}
		Expect(tokens).To(evidence.EachToken(evidence.Keep(r)))
	}
}
