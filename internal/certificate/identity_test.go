package certificate

import (
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/certificate/keyless/keylesstest"
)

const (
	workflow = "https://github.com/acme/identity/.github/workflows/certify.yml@refs/heads/main"
	oidc     = "https://token.actions.githubusercontent.com"
)

// A signature by an identity counts if the identity is expected, and if a log of the trusted root has it.
func TestSignedByIdentity(t *testing.T) {
	s := keylesstest.New(t)
	now := time.Now()
	token, err := keyless.ParseToken(keylesstest.Token(workflow, oidc, now.Add(time.Hour)), now)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(payloadType string) []byte {
		text, _, err := (&keyless.Signer{Fulcio: s.URL, Rekor: s.URL}).Sign(t.Context(), token, payloadType, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := sign(PayloadType)
	root, err := keyless.ParseRoot(s.Root)
	if err != nil {
		t.Fatal(err)
	}
	who := func(subject, pattern, issuer string) keyless.Identity {
		i, err := keyless.NewIdentity(subject, pattern, issuer)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	own, other := who(workflow, "", oidc), who(workflow+"x", "", oidc)
	_, public, _ := GenerateKey(Ed25519)
	key, err := ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		text     []byte
		options  Options
		required Required
		ended    time.Time
		problem  string // of the signature
		unmet    string
	}{
		"good":                    {good, Options{Root: root, Identities: []keyless.Identity{own}}, Required{Identity: &own, Log: true}, now, "", ""},
		"one of two":              {good, Options{Root: root, Identities: []keyless.Identity{other, own}}, Required{}, now, "", ""},
		"a pattern":               {good, Options{Root: root, Identities: []keyless.Identity{who("", "https://github.com/acme/.*", oidc)}}, Required{}, now, "", ""},
		"another identity":        {good, Options{Root: root, Identities: []keyless.Identity{other}}, Required{}, now, "it was signed by " + workflow + " (issuer " + oidc + "), and expected is " + workflow + "x", ""},
		"another issuer":          {good, Options{Root: root, Identities: []keyless.Identity{who(workflow, "", "https://gitlab.com")}}, Required{}, now, "it was signed by " + workflow, ""},
		"a part of it as pattern": {good, Options{Root: root, Identities: []keyless.Identity{who("", "github.com/acme", oidc)}}, Required{}, now, "it was signed by ", ""},
		"nobody is expected":      {good, Options{Root: root}, Required{}, now, "expected is no identity", ""},
		"a key is expected":       {good, Options{Keys: []*PublicKey{key}}, Required{Signers: []*PublicKey{key}}, now, "with none of the keys given", "the signature of one of 1 keys is required"},
		"no root":                 {good, Options{Identities: []keyless.Identity{own}}, Required{}, now, "there is no trusted root", ""},
		"the policy's is another": {good, Options{Root: root, Identities: []keyless.Identity{own}}, Required{Identity: &other}, now, "", "the signature of " + workflow + "x"},
		"a policy with a key":     {good, Options{Root: root, Identities: []keyless.Identity{own}}, Required{Signers: []*PublicKey{key}}, now, "", "the signature of one of 1 keys is required"},
		"dated back":              {good, Options{Root: root, Identities: []keyless.Identity{own}}, Required{Log: true}, now.Add(-2 * time.Hour), "", "an entry of a transparency log is required: its entry of the log is of "},
		"dated forward":           {good, Options{Root: root, Identities: []keyless.Identity{own}}, Required{Log: true}, now.Add(time.Hour), "", "an entry of a transparency log is required: its entry of the log is of "},
		"not valid, log demanded": {good, Options{Root: root, Identities: []keyless.Identity{other}}, Required{Log: true}, now, "it was signed by ", "there is none that is valid"},
		"another type":            {sign("text/plain"), Options{Root: root, Identities: []keyless.Identity{own}}, Required{}, now, "it does not hold an in-toto statement", ""},
		"damaged":                 {append(good[:len(good):len(good)], '\n'), Options{Root: root, Identities: []keyless.Identity{own}}, Required{}, now, "not written as this suite writes it", ""},
	} {
		v := &Verification{Claims: &Claims{ValidFrom: test.ended}}
		v.signedByIdentity(test.text, test.options)
		v.requires([]Required{test.required}, now)
		if (v.Signature == Valid) != (test.problem == "") || !strings.Contains(v.SignatureProblem, test.problem) || strings.Contains(v.SignatureProblem, "\n") {
			t.Errorf("%s: %s, %q, want %q", name, v.Signature, v.SignatureProblem, test.problem)
		}
		if got := strings.Join(v.Unmet, "; "); test.unmet == "" && got != "" || !strings.Contains(got, test.unmet) {
			t.Errorf("%s: %q, want %q", name, got, test.unmet)
		}
	}
	// A key's signature is no identity's, and meets no demand for a log.
	v := &Verification{Signature: Valid, KeyID: "00", Claims: &Claims{ValidFrom: now}}
	v.requires([]Required{{Identity: &own, Log: true}}, now)
	if len(v.Unmet) != 2 {
		t.Errorf("%q", v.Unmet)
	}
}

// A bundle has one statement: with the signature of a key, with that of an identity, or without one.
func TestOneStatement(t *testing.T) {
	for name, want := range map[string]string{
		EnvelopeFile:                        "",
		SigstoreFile:                        "",
		StatementFile:                       "",
		SigstoreFile + " " + TimestampFile:  "",
		EnvelopeFile + " " + SigstoreFile:   SigstoreFile + ": it is there beside " + EnvelopeFile,
		SigstoreFile + " " + StatementFile:  StatementFile + ": it is there beside " + SigstoreFile,
		StatementFile + " " + TimestampFile: TimestampFile + ": it is there without " + EnvelopeFile,
		"":                                  EnvelopeFile + ": it is missing, and so is " + StatementFile,
	} {
		b := &Bundle{members: map[string][]byte{}}
		for _, member := range strings.Fields(name) {
			b.members[member] = []byte("x")
		}
		b.takeStatement()
		got := ""
		if len(b.Damage) > 0 {
			got = b.Damage[0].String()
		}
		if got != want || len(b.Damage) > 1 {
			t.Errorf("%s: %q, want %q", name, b.Damage, want)
		}
	}
}
