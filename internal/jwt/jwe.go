package jwt

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// CheckEncryption judges alg and enc of a JWE: registered for the purpose, by their exact names. RFC 7516 sections
// 4.1.1 and 4.1.2, RFC 7518 sections 4.1 and 5.1.
func CheckEncryption(f Facts) []Problem {
	if out, ok := applies(f, JWE); !ok {
		return out
	}
	if f.Header == "" {
		return problem("header", "a JSON object", f.HeaderFault)
	}
	alg, out := headerText(f, "alg")
	if _, ok := keyManagements[alg]; out == nil && !ok {
		out = problem("header /alg", "a registered key management algorithm", quote(alg))
	}
	enc, missing := headerText(f, "enc")
	if _, ok := contentEncryptions[enc]; missing == nil && !ok {
		missing = problem("header /enc", "a registered content encryption algorithm", quote(enc))
	}
	return append(out, missing...)
}

// CheckInitializationVector judges the length of a JWE's third segment, which enc fixes. RFC 7518 sections 5.2 and 5.3.
func CheckInitializationVector(f Facts) []Problem {
	return checkLength(f, 3, func(e contentEncryption) int { return e.iv })
}

// CheckAuthenticationTag judges the length of a JWE's fifth segment, which enc fixes. RFC 7518 sections 5.2 and 5.3.
func CheckAuthenticationTag(f Facts) []Problem {
	return checkLength(f, 5, func(e contentEncryption) int { return e.tag })
}

func checkLength(f Facts, number int, length func(contentEncryption) int) []Problem {
	if out, ok := applies(f, JWE); !ok {
		return out
	}
	enc, e, known, out := encryption(f)
	if out != nil || !known {
		return out
	}
	if have, want := f.segment(number).Bytes, length(e); have != want {
		return problem(fmt.Sprintf("segment %d", number), fmt.Sprintf("%d bytes for %s", want, enc), decodedLength(have))
	}
	return nil
}

// encryption finds the lengths that enc fixes; false if it is not registered, so that nobody knows them.
func encryption(f Facts) (enc string, e contentEncryption, known bool, out []Problem) {
	if enc, out = headerText(f, "enc"); out != nil {
		return "", contentEncryption{}, false, out
	}
	e, known = contentEncryptions[enc]
	return enc, e, known, nil
}

// CheckEncryptedKey judges the second segment of a JWE, whose length alg and enc fix, and the header parameters that
// alg needs: iv and tag, epk, p2s and p2c. RFC 7518 sections 4.2 to 4.8, RFC 7516 section 5.1.
func CheckEncryptedKey(f Facts) []Problem {
	if out, ok := applies(f, JWE); !ok {
		return out
	}
	alg, out := headerText(f, "alg")
	if out != nil {
		return out
	}
	m, ok := keyManagements[alg]
	if !ok {
		return nil // CheckEncryption is about such algorithms, whose keys nobody knows
	}
	out = keyLength(f, alg, m)
	for _, name := range m.parameters {
		out = append(out, keyParameter(f, alg, name)...)
	}
	return out
}

func keyLength(f Facts, alg string, m keyManagement) []Problem {
	have := f.segment(2)
	switch m.wrapping {
	case direct:
		if have.Characters != 0 {
			return problem("segment 2", "an empty segment for "+alg, plural(have.Characters, "character"))
		}
		return nil
	case rsaed:
		if have.Bytes < 256 {
			return problem("segment 2", "at least 256 bytes for "+alg, decodedLength(have.Bytes))
		}
		return nil
	}
	enc, e, known, out := encryption(f)
	if out != nil || !known {
		return out
	}
	want := e.key
	if m.wrapping == padded {
		want += 8
	}
	if have.Bytes != want {
		return problem("segment 2", fmt.Sprintf("%d bytes for %s with %s", want, alg, enc), decodedLength(have.Bytes))
	}
	return nil
}

// keyParameter judges one header parameter of a key management algorithm.
func keyParameter(f Facts, alg, name string) []Problem {
	where := "header /" + name
	raw, present := f.HeaderMember(name)
	if !present {
		return problem(where, "a member that "+alg+" needs", "no such member")
	}
	switch name {
	case "iv": // RFC 7518 section 4.7.1.1
		return octets(raw, where, "exactly", 12)
	case "tag": // RFC 7518 section 4.7.1.2
		return octets(raw, where, "exactly", 16)
	case "p2s": // RFC 7518 section 4.8.1.1
		return octets(raw, where, "at least", 8)
	case "p2c": // RFC 7518 section 4.8.1.2
		if n, err := strconv.ParseInt(string(raw), 10, 64); err != nil || n < 1 {
			return problem(where, "a positive integer", describe(raw))
		}
	case "epk": // RFC 7518 section 4.6.1.1
		if kty, _ := member(string(raw), "kty"); kindOf(kty) != "a string" {
			return problem(where, "a public key", describe(raw))
		}
	}
	return nil
}

// octets judges a base64url string by its decoded length.
func octets(raw json.RawMessage, where, how string, want int) []Problem {
	expected := fmt.Sprintf("base64url of %s %d bytes", how, want)
	value, ok := text(raw)
	if !ok {
		return problem(where, expected, describe(raw))
	}
	s := inspectSegment(value)
	if s.Canonical && (s.Bytes == want || how == "at least" && s.Bytes > want) {
		return nil
	}
	return problem(where, expected, decodedLength(s.Bytes))
}

// CheckContentType judges cty of a JWE, where present: JWT, in any letter case. A nested JWT must have it, and claims
// that are encrypted without being signed need not; which of both it is cannot be seen from outside. RFC 7519 section
// 5.2, RFC 7516 section 4.1.12.
func CheckContentType(f Facts) []Problem {
	if out, ok := applies(f, JWE); !ok {
		return out
	}
	raw, present, out := headerParameter(f, "cty")
	if !present || f.Nested() {
		return out
	}
	return problem("header /cty", `"JWT", where present`, describe(raw))
}

// CheckZip judges zip of a JWE, where present: DEF, the one registered. RFC 7516 section 4.1.3.
func CheckZip(f Facts) []Problem {
	if out, ok := applies(f, JWE); !ok {
		return out
	}
	raw, present, out := headerParameter(f, "zip")
	if zip, _ := text(raw); !present || zip == "DEF" {
		return out
	}
	return problem("header /zip", `"DEF", where present`, describe(raw))
}
