package token

import (
	"fmt"
	"slices"
	"strings"
)

// CheckAlgorithm judges alg of a JWS: registered, by its exact name, and not none in any letter case. RFC 7515 section
// 4.1.1, RFC 7518 sections 3.1 and 3.6, RFC 8725 section 3.2.
func CheckAlgorithm(f Facts) []Problem {
	if out, ok := applies(f, JWS); !ok {
		return out
	}
	alg, out := headerText(f, "alg")
	if out != nil {
		return out
	}
	if strings.EqualFold(alg, "none") {
		return problem("header /alg", "a signature algorithm", quote(alg)+", which means unsigned")
	}
	if _, ok := signatureAlgorithms[alg]; !ok {
		return problem("header /alg", "a registered signature algorithm", quote(alg))
	}
	return nil
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
		return problem("header /alg", "an algorithm that fixes a length of the signature", quote(alg))
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
