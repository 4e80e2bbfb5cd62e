package jwt

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGoodTokensHaveNoProblems(t *testing.T) {
	good := allEncrypted(t)
	good["nested"] = nested(t)
	for alg := range signers() {
		good[alg] = signed(t, alg)
	}
	good["page"] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
	good["registered but unknown to golang-jwt"] = joined(`{"alg":"ES256K"}`, `{}`, strings.Repeat("s", 64))
	good["Ed448"] = joined(`{"alg":"EdDSA"}`, `{}`, strings.Repeat("s", 114))
	good["typ of another case"] = jws(`{"alg":"ES512","typ":"AT+JWT"}`, `{"iss":"i","exp":1,"aud":"a","sub":"s","client_id":"c","iat":1,"jti":"j"}`)
	good["typ with its prefix"] = jws(`{"alg":"ES512","typ":"application/at+jwt"}`, `{"iss":"i","exp":1,"aud":"a","sub":"s","client_id":"c","iat":1,"jti":"j"}`)
	good["dates at their ends"] = jws(`{"alg":"ES512"}`, `{"iat":0,"nbf":1.5e9,"exp":253402300799}`)
	good["spaced"] = jws(" {\"alg\":\"ES512\"}\n", "\t{ } ")
	good["same name in two objects"] = jws(`{"alg":"ES512"}`, `{"a":{"x":[{"x":1},{"x":2}]},"x":1}`)
	good["b64 true"] = jws(`{"alg":"ES512","b64":true}`, `{}`)
	good["RSA-OAEP-512"] = joined(`{"alg":"RSA-OAEP-512","enc":"A256GCM","cty":"jwt"}`, strings.Repeat("k", 512),
		strings.Repeat("i", 12), "c", strings.Repeat("t", 16))
	for name, raw := range good {
		for rule, check := range rules() {
			if problems := check(Inspect(raw)); problems != nil {
				t.Errorf("%s: %s: %v", name, rule, problems)
			}
		}
	}
}

// Every bad token breaks the rule that it is named under, at the place given; the rest of the row is the text.
func TestBadTokens(t *testing.T) {
	const h, kw = `{"alg":"ES512"}`, `{"alg":"A256GCMKW","enc":"A256GCM","iv":"aWlpaWlpaWlpaWlp","tag":"dHR0dHR0dHR0dHR0dHR0dA"`
	long := strings.Repeat("é", 65)
	tests := []struct{ rule, raw, want string }{
		{"segments", "", "token: expected three segments (JWS) or five (JWE), seen 1 segment"},
		{"segments", "a.b", "token: expected three segments (JWS) or five (JWE), seen 2 segments"},
		{"segments", strings.Repeat("a", MaxCharacters+1), "token: expected at most 65536 characters, seen 65537 characters"},
		{"segments", jws(h, "{}")[:len(joined(h, "{}"))+1], "segment 3: expected at least one character, seen an empty segment"},
		{"segments", joined(h, "{}") + ".AA==", "segment 3: expected base64url without padding, seen padding"},
		{"segments", joined(h, "{}") + ".AA\n", "segment 3: expected base64url without padding, seen white space"},
		{"segments", joined(h, "{}") + ".A+/A", "segment 3: expected base64url without padding, seen a character of the plain base64 alphabet"},
		{"segments", joined(h, "{}") + ".A\x00", "segment 3: expected base64url without padding, seen a control character"},
		{"segments", joined(h, "{}") + ".Aé", "segment 3: expected base64url without padding, seen a character outside ASCII"},
		{"segments", joined(h, "{}") + ".A!", "segment 3: expected base64url without padding, seen a character outside the base64url alphabet"},
		{"segments", joined(h, "{}") + ".AAAAA", "segment 3: expected base64url without padding, seen 5 characters, a length that no encoding has"},
		{"segments", joined(h, "{}") + ".AB", "segment 3: expected base64url with its unused bits zero, seen an unused bit that is set"},
		{"segments", "...." + "AA", "segment 1: expected at least one character, seen an empty segment; segment 3: expected at least one character, seen an empty segment; segment 4: expected at least one character, seen an empty segment"},

		{"header", jws("[]", "{}"), "header: expected a JSON object, seen an array"},
		{"header", jws("", "{}"), "header: expected a JSON object, seen nothing"},
		{"header", jws("\"s\"", "{}"), "header: expected a JSON object, seen a string"},
		{"header", jws("{", "{}"), "header: expected a JSON object, seen text that is not JSON"},
		{"header", jws("{\"alg\":\"\xff\"}", "{}"), "header: expected a JSON object, seen text that is not UTF-8"},
		{"header", jws("\ufeff"+h, "{}"), "header: expected a JSON object, seen a byte order mark"},
		{"header", jws(h+h, "{}"), "header: expected a JSON object, seen more than one JSON text"},
		{"header", jws(h+"x", "{}"), "header: expected a JSON object, seen more than one JSON text"},
		{"header", "e!.e30.AA", "header: expected a JSON object, seen a segment that is not base64url"},
		{"header", "AAAAA.e30.AA", "header: expected a JSON object, seen a segment that is not base64url"},
		{"header", jws("{}", "{}"), "header /alg: expected a string, seen no such member"},
		{"header", jws(`{"alg":512}`, "{}"), "header /alg: expected a string, seen the number 512"},
		{"header", jws(`{"alg":null}`, "{}"), "header /alg: expected a string, seen null"},
		{"header", jws(`{"alg":""}`, "{}"), "header /alg: expected the name of an algorithm, seen an empty string"},

		{"type", jws(`{"alg":"ES512","typ":"JOSE"}`, "{}"), `header /typ: expected "JWT" or "at+jwt", where present, seen the string "JOSE"`},
		{"type", jws(`{"alg":"ES512","typ":true}`, "{}"), `header /typ: expected "JWT" or "at+jwt", where present, seen a boolean`},
		{"type", jws(`{"typ":"`+long+`"}`, "{}"), `header /typ: expected "JWT" or "at+jwt", where present, seen the string "` + long[:128] + `"…`},
		{"type", jwe(kw + `,"typ":1}`), `header /typ: expected "JWT" or "at+jwt", where present, seen the number 1`},
		{"type", jws("[]", "{}"), "header: expected a JSON object, seen an array"},

		{"unique", jws(`{"alg":"ES512","\u0061lg":"none"}`, `{"sub":1,"a/~":[{"b":1,"b":2}],"sub":1}`), "header /alg: expected one member of this name, seen a second one; claims /sub: expected one member of this name, seen a second one"},
		{"unique", jws("1", "2"), "header: expected a JSON object, seen a number; claims: expected a JSON object, seen a number"},

		{"critical", jws(`{"alg":"ES512","crit":["b64"],"b64":false}`, "{}"), `header /b64: expected no such member, or true, seen false`},
		{"critical", jws(`{"crit":[]}`, "{}"), `header /crit: expected names of extensions that the header has, each once, seen an empty list, which is never legal`},
		{"critical", jws(`{"crit":"b64"}`, "{}"), `header /crit: expected names of extensions that the header has, each once, seen the string "b64"`},
		{"critical", jws(`{"crit":[1]}`, "{}"), `header /crit: expected names of extensions that the header has, each once, seen an array`},
		{"critical", jws(`{"crit":["kid","x","y","y"],"kid":"1","y":1}`, "{}"), `header /crit: expected names of extensions that the header has, each once, seen "kid", which is no extension; header /crit: expected names of extensions that the header has, each once, seen "x", which the header does not have; header /crit: expected names of extensions that the header has, each once, seen "y" twice`},
		{"extension", jws(`{"crit":["x"],"x":1}`, "{}"), `header /crit: expected no such member, seen a list with "x"`},
		{"extension", jws(`null`, "{}"), `header: expected a JSON object, seen null`},
		{"claims", jws(`{"alg":"ES512","typ":"at+JWT"}`, `{"iss":"i","exp":1,"aud":"a","sub":"s","iat":1}`), "claims /client_id: expected a claim that at+jwt demands, seen no such member; claims /jti: expected a claim that at+jwt demands, seen no such member"},
		{"claims", jws(`{"alg":"ES512","typ":"at+jwt"}`, "2"), "claims: expected a JSON object, seen a number"},
		{"nested", jws(`{"alg":"ES512","x":{"a":1,"a":2}}`, `{"sub":1,"sub":1}`), "header /x/a: expected one member of this name, seen a second one"},
		{"critical", jws(`null`, "{}"), `header: expected a JSON object, seen null`},

		{"library", joined(h, "{}") + ".A=", "token: expected a token that golang-jwt can read, seen a signature that is not base64url"},
		{"library", jws("{}", "{}"), "token: expected a token that golang-jwt can read, seen a header without an algorithm"},
		{"library", jws("1", "{}"), "token: expected a token that golang-jwt can read, seen a header that is not a JSON object"},
		{"library", jws(h, "[]"), "token: expected a token that golang-jwt can read, seen claims that are not a JSON object"},
		{"library", jwe("1"), "token: expected a token that go-jose can read, seen a token that the library refuses"},
		{"library", jwe(`{"alg":"dir"}`), "token: expected a token that go-jose can read, seen a header without a content encryption algorithm"},

		{"algorithm", jws(`{"alg":"nOnE"}`, "{}"), `header /alg: expected a signature algorithm, seen "nOnE", which means unsigned`},
		{"registered", jws(`{"alg":"es512"}`, "{}"), `header /alg: expected a registered signature algorithm, seen "es512"`},
		{"registered", jws(`{"alg":"dir"}`, "{}"), `header /alg: expected a registered signature algorithm, seen "dir"`},
		{"algorithm", jws(`{}`, "{}"), `header /alg: expected a string, seen no such member`},
		{"payload", jws(h, "null"), "claims: expected a JSON object, seen null"},
		{"dates", jws(h, "null"), "claims: expected a JSON object, seen null"},
		{"dates", jws(h, `{"exp":"1741968600","iat":-1,"nbf":1e400}`), "claims /exp: expected a number of seconds between 0 and 253402300799 (RFC 7519 NumericDate), seen the string \"1741968600\"; claims /iat: expected a number of seconds between 0 and 253402300799 (RFC 7519 NumericDate), seen the number -1; claims /nbf: expected a number of seconds between 0 and 253402300799 (RFC 7519 NumericDate), seen the number 1e400"},
		{"dates", jws(h, `{"exp":1741968600000}`), "claims /exp: expected a number of seconds between 0 and 253402300799 (RFC 7519 NumericDate), seen the number 1741968600000"},
		{"dates", jws(h, `{"exp":null}`), "claims /exp: expected a number of seconds between 0 and 253402300799 (RFC 7519 NumericDate), seen null"},
		{"signature", joined(h, "{}", "s"), "segment 3: expected 132 bytes for ES512, seen 1 byte"},
		{"signature", joined(h, "{}") + ".", "segment 3: expected 132 bytes for ES512, seen 0 bytes"},
		{"signature", joined(h, "{}") + ".AAAAA", "segment 3: expected 132 bytes for ES512, seen a segment that is not base64url"},
		{"signature", joined(`{"alg":"PS256"}`, "{}", strings.Repeat("s", 128)), "segment 3: expected at least 256 bytes for PS256, seen 128 bytes"},
		{"signature", joined(`{"alg":"EdDSA"}`, "{}", "s"), "segment 3: expected 64 or 114 bytes for EdDSA, seen 1 byte"},
		{"signature", jws(`{}`, "{}"), `header /alg: expected a string, seen no such member`},

		{"encryption", jwe(`{"alg":"ES512","enc":"A256"}`), `header /alg: expected a registered key management algorithm, seen "ES512"; header /enc: expected a registered content encryption algorithm, seen "A256"`},
		{"encryption", jwe(`{"alg":"dir"}`), "header /enc: expected a string, seen no such member"},
		{"encryption", jwe(`[]`), "header: expected a JSON object, seen an array"},
		{"iv", jwe(`{"enc":"A128CBC-HS256"}`), "segment 3: expected 16 bytes for A128CBC-HS256, seen 12 bytes"},
		{"tag", jwe(`{"enc":"A256CBC-HS512"}`), "segment 5: expected 32 bytes for A256CBC-HS512, seen 16 bytes"},
		{"tag", jwe(`{}`), "header /enc: expected a string, seen no such member"},
		{"key", jwe(`{"alg":"dir","enc":"A256GCM"}`), "segment 2: expected an empty segment for dir, seen 43 characters"},
		{"key", jwe(`{"alg":"A256KW","enc":"A256GCM"}`), "segment 2: expected 40 bytes for A256KW with A256GCM, seen 32 bytes"},
		{"key", jwe(`{"alg":"A256KW"}`), "header /enc: expected a string, seen no such member"},
		{"key", jwe(`{"alg":"RSA-OAEP","enc":"A256GCM"}`), "segment 2: expected at least 256 bytes for RSA-OAEP, seen 32 bytes"},
		{"key", jwe(`{"alg":"A256GCMKW","enc":"A128GCM","iv":"AAAA","tag":5}`), "segment 2: expected 16 bytes for A256GCMKW with A128GCM, seen 32 bytes; header /iv: expected base64url of exactly 12 bytes, seen 3 bytes; header /tag: expected base64url of exactly 16 bytes, seen the number 5"},
		{"key", jwe(`{"alg":"A256GCMKW","enc":"A256GCM","iv":"aWlpaWlpaWlpaWlp"}`), "header /tag: expected a member that A256GCMKW needs, seen no such member"},
		{"key", jwe(`{"alg":"ECDH-ES+A256KW","enc":"A192GCM","epk":"x"}`), `header /epk: expected a public key, seen the string "x"`},
		{"key", jwe(`{"alg":"PBES2-HS256+A128KW","enc":"A192GCM","p2s":"A+","p2c":0}`), "header /p2s: expected base64url of at least 8 bytes, seen a segment that is not base64url; header /p2c: expected a positive integer, seen the number 0"},
		{"key", jwe(`{}`), `header /alg: expected a string, seen no such member`},
		{"content", jwe(kw + `,"cty":"JWE"}`), `header /cty: expected "JWT", where present, seen the string "JWE"`},
		{"content", jwe("3"), `header: expected a JSON object, seen a number`},
		{"zip", jwe(kw + `,"zip":"GZ"}`), `header /zip: expected "DEF", where present, seen the string "GZ"`},
		{"zip", jwe(kw + `,"zip":null}`), `header /zip: expected "DEF", where present, seen null`},
		{"zip", jwe("3"), `header: expected a JSON object, seen a number`},
	}
	tested := map[string]bool{}
	for _, test := range tests {
		tested[test.rule] = true
		f := Inspect(test.raw)
		if diff := cmp.Diff(test.want, texts(rules()[test.rule](f))); diff != "" {
			t.Errorf("%s of %.80q (-want +got):\n%s", test.rule, test.raw, diff)
		}
		again, ok := ParsePlaceholder(f.Placeholder())
		if diff := cmp.Diff(f, again); !ok || diff != "" {
			t.Errorf("the placeholder of %.80q: %v\n%s", test.raw, ok, diff)
		}
	}
	for rule := range maps.Keys(rules()) {
		if !tested[rule] {
			t.Errorf("no bad token for %s", rule)
		}
	}
}

// A token of no kind passes no rule; a token of one kind has no problem with the rules of the other.
func TestRulesOfAnotherKind(t *testing.T) {
	for name, check := range rules() {
		for _, raw := range []string{"", "opaque", "a.b", "a.b.c.d", strings.Repeat(".", 70000)} {
			if check(Inspect(raw)) == nil {
				t.Errorf("%s passes %.20q", name, raw)
			}
		}
	}
	jwsOnly := []string{"algorithm", "registered", "claims", "payload", "dates", "signature"}
	jweOnly := []string{"encryption", "iv", "tag", "key", "content", "zip"}
	for _, name := range jwsOnly {
		if out := rules()[name](Inspect("....")); out != nil {
			t.Errorf("%s of a JWE: %v", name, out)
		}
	}
	for _, name := range jweOnly {
		if out := rules()[name](Inspect("..")); out != nil {
			t.Errorf("%s of a JWS: %v", name, out)
		}
	}
}

func texts(problems []Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprint(p))
	}
	return strings.Join(slices.Clip(out), "; ")
}
