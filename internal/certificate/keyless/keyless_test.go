package keyless_test

import (
	"crypto/x509"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/certificate/keyless/keylesstest"
)

const (
	workflow    = "https://github.com/acme/identity/.github/workflows/certify.yml@refs/heads/main"
	issuer      = "https://token.actions.githubusercontent.com"
	payloadType = "application/vnd.in-toto+json"
	statement   = `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"00"}}],"predicateType":"x","predicate":{}}`
)

func token(t *testing.T, subject string) keyless.Token {
	t.Helper()
	now := time.Now()
	parsed, err := keyless.ParseToken(keylesstest.Token(subject, issuer, now.Add(time.Hour)), now)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func signed(t *testing.T, s *keylesstest.Standin, subject string) []byte {
	t.Helper()
	return by(t, &keyless.Signer{Fulcio: s.URL, Rekor: s.URL}, subject)
}

func by(t *testing.T, signer *keyless.Signer, subject string) []byte {
	t.Helper()
	text, err := signer.SignUnchecked(t.Context(), token(t, subject), payloadType, []byte(statement))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func trusted(t *testing.T, text []byte) *keyless.Root {
	t.Helper()
	r, err := keyless.ParseRoot(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verified is who signed a bundle, or what is wrong with it.
func verified(text []byte, r *keyless.Root) (keyless.Signed, error) {
	b, err := keyless.Parse(text)
	if err != nil {
		return keyless.Signed{}, err
	}
	return b.Verify(r)
}

// What is signed by an identity verifies without a network, by the trusted root alone.
func TestSignAndVerify(t *testing.T) {
	s := keylesstest.New(t)
	for _, subject := range []string{workflow, "ci@acme.example"} {
		before := time.Now().Add(-time.Minute)
		text := signed(t, s, subject)
		who, err := verified(text, trusted(t, s.Root))
		if err != nil || who.Subject != subject || who.Issuer != issuer || who.Log.Log != "https://rekor.test.example" || who.Log.Index == 0 ||
			who.Log.Time.Before(before) {
			t.Errorf("%+v, %v", who, err)
		}
		if b, err := keyless.Parse(text); err != nil || string(b.Payload) != statement || b.PayloadType != payloadType {
			t.Errorf("%+v, %v", b, err)
		}
		for _, token := range s.Tokens {
			if strings.Contains(string(text), token) {
				t.Error("the bundle holds the token")
			}
		}
	}
}

// A bundle that is damaged, or taken together from others, is refused with one line.
func TestHostileBundles(t *testing.T) {
	s, foreign := keylesstest.New(t), keylesstest.New(t)
	good, other := signed(t, s, workflow), signed(t, s, workflow)
	ours := trusted(t, s.Root)
	graft := func(path ...string) []byte { return grafted(t, good, other, path...) }
	entry := []string{"verificationMaterial", "tlogEntries"}
	at := func(when time.Time, change func(*x509.Certificate)) []byte {
		s.Time, s.Certificate = when, change
		defer func() { s.Time, s.Certificate = time.Time{}, nil }()
		return signed(t, s, workflow)
	}
	second, _ := url.Parse("https://github.com/evil/x")
	for name, test := range map[string]struct {
		text []byte
		root *keyless.Root
		want string
	}{
		"good":                         {good, ours, ""},
		"another trusted root":         {good, trusted(t, foreign.Root), "the transparency log of its entry is none of the trusted root"},
		"another authority":            {by(t, &keyless.Signer{Fulcio: foreign.URL, Rekor: s.URL}, workflow), ours, "of no authority of the trusted root"},
		"a root that wants CT":         {good, trusted(t, s.RootWithCT(t)), "no log of certificates"},
		"without log entry":            {without(t, good, entry...), ours, "it has no entry of a transparency log"},
		"without proof of inclusion":   {without(t, good, "verificationMaterial", "tlogEntries", "0", "inclusionProof"), ours, "no proof of inclusion"},
		"without promise and time":     {without(t, without(t, good, "verificationMaterial", "tlogEntries", "0", "inclusionPromise"), "verificationMaterial", "tlogEntries", "0", "integratedTime"), ours, "says when it was made"},
		"the entry of another":         {graft(entry...), ours, "it is of another signature"},
		"the proof of another entry":   {graft("verificationMaterial", "tlogEntries", "0", "inclusionProof"), ours, "the proof of inclusion is of another entry"},
		"the promise of another entry": {graft("verificationMaterial", "tlogEntries", "0", "inclusionPromise"), ours, "the log did not sign this entry"},
		"the certificate of another":   {graft("verificationMaterial", "certificate"), ours, "it is of another certificate"},
		"the signature of another":     {graft("dsseEnvelope", "signatures"), ours, "it is of another signature"},
		"another payload":              {replaced(t, good, "dsseEnvelope", "payload", "e30="), ours, "it is of another statement"},
		"another type":                 {replaced(t, good, "dsseEnvelope", "payloadType", "text/plain"), ours, "it is not of this statement"},
		"another time":                 {replaced(t, good, "verificationMaterial", "tlogEntries", "0", "integratedTime", "1600000000"), ours, "the certificate of who signed was valid from"},
		"time within the certificate":  {replaced(t, good, "verificationMaterial", "tlogEntries", "0", "integratedTime", time.Now().Add(time.Minute).Unix()), ours, "the log did not sign this entry with this number and time"},
		"an expired certificate":       {at(time.Now().Add(time.Hour), nil), ours, "the certificate of who signed was valid from"},
		"not valid yet":                {at(time.Now().Add(-time.Hour), nil), ours, "the certificate of who signed was valid from"},
		"two names":                    {at(time.Time{}, func(c *x509.Certificate) { c.URIs = append(c.URIs, second) }), ours, "has 2 names"},
		"a name of each kind":          {at(time.Time{}, func(c *x509.Certificate) { c.EmailAddresses = []string{"ci@acme.example"} }), ours, "has 2 names"},
		"no name":                      {at(time.Time{}, func(c *x509.Certificate) { c.URIs = nil }), ours, "has no name"},
		"no issuer":                    {at(time.Time{}, func(c *x509.Certificate) { c.ExtraExtensions = nil }), ours, "by which issuer"},
		"not for signing":              {at(time.Time{}, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), ours, "not for signing"},
		"no bundle":                    {[]byte("{}"), ours, "not written as this suite writes it"},
		"no JSON":                      {[]byte("x"), ours, "it is not a bundle of sigstore"},
		"unknown members":              {replaced(t, good, "extra", "x"), ours, "it is not a bundle of sigstore"},
		"another version":              {replaced(t, good, "mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1"), ours, "not of the version 0.3"},
		"another order":                {reordered(t, good), ours, "not written as this suite writes it"},
		"something after":              {append(append([]byte{}, good...), ' '), ours, "not written as this suite writes it"},
		"too long":                     {append(append([]byte{}, good...), make([]byte, keyless.MaxBundle)...), ours, "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verified(test.text, test.root)
			if (test.want == "") != (err == nil) || err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// Only the whole name of the one who is expected counts, by the issuer that is expected.
func TestIdentities(t *testing.T) {
	exact := func(subject string) keyless.Identity { return identity(t, subject, "", issuer) }
	like := func(pattern string) keyless.Identity { return identity(t, "", pattern, issuer) }
	for name, test := range map[string]struct {
		who             keyless.Identity
		subject, issuer string
		want            bool
	}{
		"the one":               {exact(workflow), workflow, issuer, true},
		"a prefix":              {exact(workflow), workflow[:len(workflow)-1], issuer, false},
		"something after":       {exact(workflow), workflow + "2", issuer, false},
		"something before":      {exact(workflow), "x" + workflow, issuer, false},
		"another case":          {exact(workflow), strings.ToUpper(workflow), issuer, false},
		"a line after":          {exact(workflow), workflow + "\n", issuer, false},
		"no name":               {exact(workflow), "", issuer, false},
		"another issuer":        {exact(workflow), workflow, "https://gitlab.com", false},
		"an issuer with a path": {exact(workflow), workflow, issuer + "/", false},
		"an expression as name": {exact("https://github.com/.*"), "https://github.com/evil", issuer, false},
		"like it":               {like(`https://github\.com/acme/.*@refs/heads/main`), workflow, issuer, true},
		"like it, and more":     {like(`https://github\.com/acme/.*@refs/heads/main`), workflow + "-evil", issuer, false},
		"like it, after more":   {like(`https://github\.com/acme/.*@refs/heads/main`), "https://evil.example/?" + workflow, issuer, false},
		"one of two, and more":  {like(`a|https://github\.com/acme/x`), "https://github.com/acme/x-evil", issuer, false},
		"like it, a line after": {like(`(?m)https://github\.com/acme/x$`), "https://github.com/acme/x\nhttps://evil", issuer, false},
		"nobody":                {keyless.Identity{}, "", "", false},
		"not made by the rules": {keyless.Identity{Pattern: ".*", Issuer: issuer}, workflow, issuer, false},
	} {
		if got := test.who.Matches(test.subject, test.issuer); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	for _, bad := range [][3]string{
		{"", "", issuer},
		{"a", "a", issuer},
		{"a", "", ""},
		{"a", "", "token.actions.githubusercontent.com"},
		{"a", "", "http://issuer.example"},
		{"", "(", issuer},
		{"", "a)|(.*", issuer},
		{strings.Repeat("a", 2000), "", issuer},
	} {
		if _, err := keyless.NewIdentity(bad[0], bad[1], bad[2]); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

func identity(t *testing.T, subject, pattern, issuer string) keyless.Identity {
	t.Helper()
	i, err := keyless.NewIdentity(subject, pattern, issuer)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// A trusted root that is none is one line.
func TestRoots(t *testing.T) {
	s := keylesstest.New(t)
	for _, text := range []string{"", "x", "{}", `{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`, string(without(t, s.Root, "tlogs")), string(without(t, s.Root, "certificateAuthorities")), string(replaced(t, s.Root, "tlogs", "0", "publicKey", "rawBytes", "AAAA"))} {
		if _, err := keyless.ParseRoot([]byte(text)); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	if _, err := keyless.ParseRoot(s.Root); err != nil {
		t.Error(err)
	}
}

// edited applies a change at a path of a JSON text and writes it as keyless does.
func edited(t *testing.T, text []byte, change func(parent map[string]any, key string), path ...string) []byte {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	parent := whole
	for _, step := range path[:len(path)-1] {
		switch next := parent[step].(type) {
		case map[string]any:
			parent = next
		case []any:
			parent = map[string]any{"0": next[0]}
		default:
			t.Fatalf("there is no %s", step)
		}
	}
	change(parent, path[len(path)-1])
	again, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return keyless.Rewritten(again)
}

func without(t *testing.T, text []byte, path ...string) []byte {
	t.Helper()
	return edited(t, text, func(parent map[string]any, key string) { delete(parent, key) }, path...)
}

// replaced sets a value: the last argument is it, and those before it are the path.
func replaced(t *testing.T, text []byte, path ...any) []byte {
	t.Helper()
	var names []string
	for _, name := range path[:len(path)-1] {
		names = append(names, name.(string))
	}
	return edited(t, text, func(parent map[string]any, key string) { parent[key] = path[len(path)-1] }, names...)
}

// grafted takes a value from another bundle.
func grafted(t *testing.T, text, from []byte, path ...string) []byte {
	t.Helper()
	var value any
	edited(t, from, func(parent map[string]any, key string) { value = parent[key] }, path...)
	return edited(t, text, func(parent map[string]any, key string) { parent[key] = value }, path...)
}

// reordered is the same value with its members in another order.
func reordered(t *testing.T, text []byte) []byte {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	again, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(again, '\n')
}
