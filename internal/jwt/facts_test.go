package jwt

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFactsOfTheServiceToken(t *testing.T) {
	raw := nested(t)
	f := Inspect(raw)
	enc, _ := f.HeaderString("enc")
	if f.Kind != JWE || f.Algorithm() != "A256GCMKW" || enc != "A256GCM" || f.KeyID() != "wrap" || !f.Nested() {
		t.Errorf("facts: %+v", f)
	}
	if f.Claims != "" || f.ClaimsFault != "" {
		t.Errorf("a JWE shows no claims: %+v", f)
	}
}

func TestClaims(t *testing.T) {
	f := Inspect(jws(`{"alg":"ES512","kid":7}`, `{"sub":"a","sub":"b","n":null,"exp":1741968600,"iat":1.25,"far":253402300800,"jti":["x"]}`))
	if sub, ok := f.StringClaim("sub"); !ok || sub != "b" {
		t.Errorf("sub: %q, %v", sub, ok)
	}
	for _, name := range []string{"n", "exp", "jti", "absent"} {
		if s, ok := f.StringClaim(name); ok {
			t.Errorf("%s is the string %q", name, s)
		}
	}
	if raw, ok := f.Claim("jti"); !ok || string(raw) != `["x"]` {
		t.Errorf("jti: %s, %v", raw, ok)
	}
	if exp, ok := f.NumericDate("exp"); !ok || !exp.Equal(time.Date(2025, 3, 14, 16, 10, 0, 0, time.UTC)) {
		t.Errorf("exp: %v, %v", exp, ok)
	}
	if iat, ok := f.NumericDate("iat"); !ok || !iat.Equal(time.Unix(1, 250_000_000)) {
		t.Errorf("iat: %v, %v", iat, ok)
	}
	for _, name := range []string{"sub", "n", "far", "absent"} {
		if at, ok := f.NumericDate(name); ok {
			t.Errorf("%s is the date %v", name, at)
		}
	}
	if f.KeyID() != "" || f.Nested() {
		t.Error("a kid that is a number is no key id, and a JWS is not nested")
	}
	if _, ok := f.HeaderString("absent"); ok {
		t.Error("an absent parameter is a string")
	}
	if _, ok := Inspect("opaque").Claim("sub"); ok {
		t.Error("an opaque token has claims")
	}
}

// Neither the facts nor any problem holds anything by which the token could be used.
func TestNothingSecret(t *testing.T) {
	for _, raw := range []string{signed(t, "ES512"), signed(t, "HS256"), nested(t), "an-opaque-secret", "an-opaque-secret.YW4gb3BhcXVlIHNlY3JldA.YW4gb3BhcXVlIHNlY3JldA"} {
		f := InspectSalted(raw, []byte("salt"))
		told := f.Placeholder()
		decoded, _ := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(told, placeholderPrefix))
		told += string(decoded)
		for _, check := range rules() {
			told += texts(check(f))
		}
		parts := strings.Split(raw, ".")
		for _, part := range parts {
			if strings.Contains(told, part) {
				t.Errorf("%s is told", part)
			}
		}
		if secret, err := base64.RawURLEncoding.DecodeString(parts[len(parts)-1]); err == nil && strings.Contains(told, string(secret)) {
			t.Errorf("the decoded last segment is told")
		}
	}
}

func TestDigest(t *testing.T) {
	a, b := InspectSalted("a", []byte("salt")), InspectSalted("b", []byte("salt"))
	if len(a.Digest) != 32 || a.Digest == b.Digest || a.Digest != InspectSalted("a", []byte("salt")).Digest {
		t.Errorf("digests: %q, %q", a.Digest, b.Digest)
	}
	if a.Digest == InspectSalted("a", []byte("pepper")).Digest || Inspect("a").Digest != "" {
		t.Error("a digest depends on its salt")
	}
}

func TestPlaceholder(t *testing.T) {
	long := jws(`{"alg":"ES512"}`, `{"s":"`+strings.Repeat("\u0001<\\\"", 1000)+`"}`)
	for _, raw := range []string{signed(t, "RS256"), nested(t), "", "opaque", long, strings.Repeat("é.", 40000), "a.b.c.d.e.f.g.h.i.j"} {
		f := InspectSalted(raw, []byte("salt"))
		s := f.Placeholder()
		if strings.Trim(s, alphabet+".") != "" {
			t.Errorf("%.80q is not one word", s)
		}
		back, ok := ParsePlaceholder(s)
		if diff := cmp.Diff(f, back); !ok || diff != "" {
			t.Errorf("read back: %v (-want +got):\n%s", ok, diff)
		}
		if live := Inspect(s); CheckHeaderObject(live) == nil || CheckLibrary(live) == nil {
			t.Errorf("a placeholder that a target sends is taken for a token")
		}
	}
}

func TestForeignPlaceholders(t *testing.T) {
	of := func(text string) string { return placeholderPrefix + encode(text) }
	good, _ := json.Marshal(Inspect(""))
	three, _ := json.Marshal(Inspect(signed(t, "ES256")).Segments)
	for _, s := range []string{
		"", placeholderPrefix, placeholderPrefix + "!", of("[]"), of("{}"), of(string(good) + " "),
		of(`{"kind":"JWS","characters":1,"count":3}`),
		of(`{"kind":"JWS","characters":1,"count":3,"segments":` + string(three) + `,"header":"[]","claims":"{}"}`),
		of(`{"kind":"JWS","characters":1,"count":3,"segments":` + string(three) + `,"header":"{}","headerFault":"x","claims":"{}"}`),
		of(`{"kind":"other","characters":1,"count":3,"segments":` + string(three) + `}`),
		placeholderPrefix + strings.Repeat("A", maxPlaceholder),
	} {
		if f, ok := ParsePlaceholder(s); ok {
			t.Errorf("%.80q is taken for %+v", s, f)
		}
	}
}

// Deep nesting and many duplicates must cost little.
func TestHostileText(t *testing.T) {
	deep := jws(strings.Repeat(`{"a":`, 6000)+"1"+strings.Repeat("}", 6000), `{`+strings.Repeat(`"a":1,`, 1000)+`"a":1}`)
	f := Inspect(deep)
	if f.Oversize {
		t.Fatal("too long to prove anything")
	}
	for _, check := range rules() {
		check(f)
	}
	if n := len(CheckUniqueMembers(f)); n != maxDuplicates {
		t.Errorf("%d duplicates are told", n)
	}
}

func FuzzInspect(f *testing.F) {
	for _, raw := range []string{
		"", ".", "..", "....", signed(f, "ES512"), signed(f, "HS256"), nested(f),
		jws(`{"alg":"none","crit":["b64"],"b64":false,"typ":7}`, `{"exp":1e999,"iat":"x","a":{"a":1,"a":2}}`),
		jwe(`{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2s":"","p2c":-1,"epk":{}}`),
		Inspect("a.b.c").Placeholder(), "\x00\xff.=.+",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		facts := Inspect(raw)
		again, ok := ParsePlaceholder(facts.Placeholder())
		if diff := cmp.Diff(facts, again); !ok || diff != "" {
			t.Errorf("round trip: %v\n%s", ok, diff)
		}
		foreign, held := ParsePlaceholder(raw)
		sound := true
		for name, check := range rules() {
			problems := check(facts)
			if held {
				check(foreign)
			}
			sound = sound && problems == nil
			if facts.Kind == Unknown && problems == nil {
				t.Errorf("%s passes a token of no kind", name)
			}
		}
		if sound && (facts.Header == "" || facts.Algorithm() == "") {
			t.Errorf("a token without a header is sound: %+v", facts)
		}
		for _, m := range Mutations(raw) {
			if m.Token == raw {
				t.Errorf("%s changes nothing", m.Name)
			}
		}
		_, _ = Unsigned(raw, nil)
		_, _ = VerifyJWKS(raw, []byte(`{"keys":[{"kty":"EC"}]}`))
		CheckJWKS([]byte(raw))
	})
}
