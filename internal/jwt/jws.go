package jwt

import (
	"fmt"
	"slices"
	"strings"
)

// CheckAlgorithm judges that alg of a JWS is a string, and not none in any letter case. RFC 7515 section 4.1.1, RFC 7518
// section 3.6, RFC 8725 section 3.2.
func CheckAlgorithm(f Facts) []Problem {
	if out, ok := applies(f, JWS); !ok {
		return out
	}
	alg, out := headerText(f, "alg")
	if out == nil && strings.EqualFold(alg, "none") {
		return problem("header /alg", "a signature algorithm", quote(alg)+", which means unsigned")
	}
	return out
}

// CheckRegistered judges that alg of a JWS is registered, by its exact name. RFC 7515 section 4.1.1, RFC 7518 section 3.1.
func CheckRegistered(f Facts) []Problem {
	if out, ok := applies(f, JWS); !ok {
		return out
	}
	alg, out := headerText(f, "alg")
	if out != nil {
		return out
	}
	if _, ok := signatureAlgorithms[alg]; !ok {
		return problem("header /alg", "a registered signature algorithm", quote(alg))
	}
	return nil
}

// Asymmetric reports whether a JWS is signed by a registered algorithm that takes a private key.
func (f Facts) Asymmetric() bool {
	a, ok := signatureAlgorithms[f.Algorithm()]
	return ok && f.Kind == JWS && a.kty != "oct"
}

// CheckClaims judges that a JWS of the type at+jwt has the claims that the type demands. RFC 9068 section 2.2.
func CheckClaims(f Facts) []Problem {
	if out, ok := applies(f, JWS); !ok {
		return out
	}
	if !f.AccessTokenType() {
		return nil
	}
	if f.Claims == "" {
		return CheckPayloadObject(f)
	}
	var out []Problem
	for _, name := range []string{"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} {
		if _, ok := f.Claim(name); !ok {
			out = append(out, Problem{"claims /" + name, "a claim that at+jwt demands", "no such member"})
		}
	}
	return out
}

// AccessTokenType reports whether typ is at+jwt, with or without "application/", in any letter case. RFC 9068 section 2.1.
func (f Facts) AccessTokenType() bool {
	raw, _, _ := headerParameter(f, "typ")
	typ, ok := text(raw)
	return ok && isMediaType(typ, "at+jwt")
}

// CheckPayloadObject judges that the payload of a JWS is one JSON object in UTF-8. RFC 7519 sections 3 and 7.2.
func CheckPayloadObject(f Facts) []Problem {
	if out, ok := applies(f, JWS); !ok {
		return out
	}
	if f.Claims == "" {
		return problem("claims", "a JSON object", f.ClaimsFault)
	}
	return nil
}

// CheckNumericDates judges exp, iat and nbf of a JWS, where present: JSON numbers of seconds between 1970 and the end
// of 9999, fractions allowed. RFC 7519 sections 2 and 4.1.4 to 4.1.6.
func CheckNumericDates(f Facts) []Problem {
	if out, ok := applies(f, JWS); !ok {
		return out
	}
	if f.Claims == "" {
		return CheckPayloadObject(f)
	}
	var out []Problem
	for _, name := range []string{"exp", "iat", "nbf"} {
		raw, present := f.Claim(name)
		if !present {
			continue
		}
		if _, ok := numericDate(raw); !ok {
			out = append(out, Problem{
				"claims /" + name,
				fmt.Sprintf("a number of seconds between 0 and %d (RFC 7519 NumericDate)", int64(endOfTime)),
				describe(raw),
			})
		}
	}
	return out
}

// CheckSignatureLength judges the signature of a JWS by its length in bytes, which alg fixes; for RSA it is the length
// of the modulus and at least 256. RFC 7518 sections 3.2 to 3.5, RFC 8037 section 3.1.
func CheckSignatureLength(f Facts) []Problem {
	if out, ok := applies(f, JWS); !ok {
		return out
	}
	alg, out := headerText(f, "alg")
	if out != nil {
		return out
	}
	a, ok := signatureAlgorithms[alg]
	if !ok {
		return nil // CheckRegistered is about such algorithms, whose lengths nobody knows
	}
	have := f.segment(3).Bytes
	switch {
	case a.minimum && have < a.lengths[0]:
		return problem("segment 3", fmt.Sprintf("at least %d bytes for %s", a.lengths[0], alg), decodedLength(have))
	case !a.minimum && !slices.Contains(a.lengths, have):
		var want []string
		for _, n := range a.lengths {
			want = append(want, fmt.Sprint(n))
		}
		return problem("segment 3", strings.Join(want, " or ")+" bytes for "+alg, decodedLength(have))
	}
	return nil
}

// decodedLength describes Segment.Bytes.
func decodedLength(n int) string {
	if n < 0 {
		return faultEncoding
	}
	return plural(n, "byte")
}
