package jwt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// CheckSegments judges the compact form of either kind: the number of segments, base64url in the strict alphabet
// without padding, no unused bit set, and none empty but the encrypted key of a JWE, which CheckEncryptedKey judges.
// RFC 7515 sections 2 and 7.1, RFC 7516 section 7.1, RFC 4648 sections 3.5 and 5.
func CheckSegments(f Facts) []Problem {
	if out, ok := applies(f, JWS, JWE); !ok {
		return out
	}
	var out []Problem
	for i, s := range f.Segments {
		where := fmt.Sprintf("segment %d", i+1)
		switch {
		case s.Characters == 0:
			if f.Kind == JWS || i != 1 {
				out = append(out, Problem{where, "at least one character", "an empty segment"})
			}
		case !s.Alphabet:
			out = append(out, Problem{where, "base64url without padding", s.Foreign})
		case s.Bytes < 0:
			out = append(out, Problem{
				where, "base64url without padding",
				plural(s.Characters, "character") + ", a length that no encoding has",
			})
		case !s.Canonical:
			out = append(out, Problem{where, "base64url with its unused bits zero", "an unused bit that is set"})
		}
	}
	return out
}

// CheckHeaderObject judges the header of either kind: one JSON object in UTF-8 with a string alg. RFC 7515 sections 3,
// 4.1.1 and 5.2, RFC 7516 sections 4.1.1 and 5.2.
func CheckHeaderObject(f Facts) []Problem {
	if out, ok := applies(f, JWS, JWE); !ok {
		return out
	}
	alg, out := headerText(f, "alg")
	if out == nil && alg == "" {
		return problem("header /alg", "the name of an algorithm", "an empty string")
	}
	return out
}

// CheckType judges typ, where present: JWT or at+jwt for a JWS, with or without "application/", in any letter case
// (RFC 7519 section 5.1, RFC 9068 section 2.1, RFC 7515 section 4.1.9). For a JWE any string will do, since typ may
// name the form as well as the content (RFC 7516 section 4.1.11).
func CheckType(f Facts) []Problem {
	if out, ok := applies(f, JWS, JWE); !ok {
		return out
	}
	raw, present, out := headerParameter(f, "typ")
	if !present {
		return out
	}
	typ, ok := text(raw)
	if ok && (f.Kind == JWE || isMediaType(typ, "jwt") || isMediaType(typ, "at+jwt")) {
		return nil
	}
	return problem("header /typ", `"JWT" or "at+jwt", where present`, describe(raw))
}

// CheckUniqueMembers judges that neither the header nor the claims have two members of one name. RFC 7515 section 4 and RFC
// 7519 section 4.
func CheckUniqueMembers(f Facts) []Problem { return uniqueMembers(f, false) }

// CheckNestedMembers judges that no object within the header or the claims has two members of one name. RFC 8259 section 4.
func CheckNestedMembers(f Facts) []Problem { return uniqueMembers(f, true) }

func uniqueMembers(f Facts, nested bool) []Problem {
	if out, ok := applies(f, JWS, JWE); !ok {
		return out
	}
	var out []Problem
	if f.Header == "" {
		out = append(out, Problem{"header", "a JSON object", f.HeaderFault})
	}
	if f.Kind == JWS && f.Claims == "" {
		out = append(out, Problem{"claims", "a JSON object", f.ClaimsFault})
	}
	for _, part := range [][2]string{{"header", f.Header}, {"claims", f.Claims}} {
		for _, pointer := range duplicates(part[1]) {
			if nested == (strings.Count(pointer, "/") > 1) {
				out = append(out, Problem{part[0] + " " + unquoted(pointer), "one member of this name", "a second one"})
			}
		}
	}
	return out
}

// CheckCritical judges crit, where present: names of parameters that the header has and that no specification of JWS, JWE or
// JWA defines, none of them twice. The payload of a JWT is always encoded. RFC 7515 section 4.1.11, RFC 7516 section
// 4.1.13, RFC 7797 section 7.
func CheckCritical(f Facts) []Problem {
	if out, ok := applies(f, JWS, JWE); !ok {
		return out
	}
	raw, present, out := headerParameter(f, "crit")
	if out != nil {
		return out
	}
	if b64, ok := f.HeaderMember("b64"); ok && string(b64) == "false" {
		out = append(out, Problem{"header /b64", "no such member, or true", "false"})
	}
	if !present {
		return out
	}
	expected := "names of extensions that the header has, each once"
	var names []string
	if kindOf(raw) != "an array" || json.Unmarshal(raw, &names) != nil || len(names) == 0 {
		return append(out, Problem{"header /crit", expected, critical(raw)})
	}
	for i, name := range names {
		_, there := f.HeaderMember(name)
		switch {
		case name == "" || slices.Contains(defined, name):
			out = append(out, Problem{"header /crit", expected, quote(name) + ", which is no extension"})
		case !there:
			out = append(out, Problem{"header /crit", expected, quote(name) + ", which the header does not have"})
		case slices.Contains(names[:i], name):
			out = append(out, Problem{"header /crit", expected, quote(name) + " twice"})
		}
	}
	return out
}

// defined are the header parameters of RFC 7515 section 4.1, RFC 7516 section 4.1 and RFC 7518 sections 4.6 to 4.8.
var defined = []string{
	"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk", "apu", "apv", "iv", "tag",
	"p2s", "p2c",
}

// CheckNoExtension judges that crit is absent: other readers refuse what they do not understand. RFC 7515 section 4.1.11.
func CheckNoExtension(f Facts) []Problem {
	if out, ok := applies(f, JWS, JWE); !ok {
		return out
	}
	raw, present, out := headerParameter(f, "crit")
	if !present {
		return out
	}
	return problem("header /crit", "no such member", critical(raw))
}

// critical describes what crit demands.
func critical(raw json.RawMessage) string {
	var names []string
	if kindOf(raw) != "an array" || json.Unmarshal(raw, &names) != nil {
		return describe(raw)
	}
	if len(names) == 0 {
		return "an empty list, which is never legal"
	}
	return "a list with " + quote(strings.Join(names, ", "))
}

// CheckLibrary judges by the opinion of an independent library: golang-jwt reads the JWS, go-jose the JWE. A registered
// algorithm that the library leaves out is no problem; CheckAlgorithm and CheckEncryption judge algorithms.
func CheckLibrary(f Facts) []Problem {
	if out, ok := applies(f, JWS, JWE); !ok {
		return out
	}
	if f.Library == "" || f.Library == refusedAlgorithm {
		return nil
	}
	library := map[Kind]string{JWS: "golang-jwt", JWE: "go-jose"}[f.Kind]
	return problem("token", "a token that "+library+" can read", f.Library)
}

// isMediaType compares a typ or cty with a subtype of application, in any letter case, its prefix optional.
func isMediaType(value, subtype string) bool {
	return strings.EqualFold(value, subtype) || strings.EqualFold(value, "application/"+subtype)
}
