package certificate

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

func TestObstacles(t *testing.T) {
	good := func() *report.Report {
		return &report.Report{
			Complete: true, Verdict: report.Conformant, Profiles: []report.Profile{{Name: spec.Core}}, Target: report.Target{URL: "https://x.example"},
			Results: []report.Result{{ID: "a.b.c", Level: spec.Must, Profile: spec.Core, Outcome: report.Pass}},
		}
	}
	for name, test := range map[string]struct {
		change func(*report.Report)
		want   string
	}{
		"nothing":         {func(*report.Report) {}, ""},
		"an interrupt":    {func(r *report.Report) { r.Complete = false }, "ended early"},
		"a failed MUST":   {func(r *report.Report) { r.Results[0].Outcome, r.Results[0].Message = report.Fail, "no" }, "a.b.c: fail (no)"},
		"an untested":     {func(r *report.Report) { r.Results[0].Outcome = report.NotTested }, "a.b.c: not tested"},
		"nothing scored":  {func(r *report.Report) { r.Results[0].Unscored = true }, "no MUST of the set"},
		"a verdict":       {func(r *report.Report) { r.Verdict = report.Incomplete }, "the verdict is incomplete"},
		"the depth smoke": {func(r *report.Report) { r.Configuration.Depth = "smoke" }, "depth smoke"},
		"a focus":         {func(r *report.Report) { r.Configuration.Focus = "x" }, "filtered"},
		"a label filter":  {func(r *report.Report) { r.Configuration.LabelFilter = "x" }, "filtered"},
		"embedded":        {func(r *report.Report) { r.Target.Embedded = true }, "nobody else can reach"},
		"plain HTTP":      {func(r *report.Report) { r.Target.URL = "http://x.example" }, "not https"},
		"no TLS check":    {func(r *report.Report) { r.Target.Insecure = true }, "not verified"},
		"a limit":         {func(r *report.Report) { r.LimitsHit = []string{"the limit of 5"} }, "the limit of 5"},
	} {
		r := good()
		test.change(r)
		found := Obstacles(r, nil)
		if test.want == "" && len(found) > 0 || test.want != "" && !strings.Contains(strings.Join(found, "\n"), test.want) {
			t.Errorf("%s: %q, want %q", name, found, test.want)
		}
	}
}

func TestParseAppealRefuses(t *testing.T) {
	set, err := spec.SetByName(spec.FirstSet)
	if err != nil {
		t.Fatal(err)
	}
	one := "appeals:\n- {requirement: create.status.created, reading: r, reasons: s, links: [https://x.example/]}\n"
	if all, err := ParseAppeal([]byte(one), set); err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	for text, want := range map[string]string{
		"":                            "it is empty",
		"appeals: []":                 "it has 0 appeals",
		"appeals: 7":                  "cannot unmarshal",
		"[":                           "line 1",
		one + "more: 1":               "field more not found",
		one + "---\n" + one:           "more than one document",
		one + one[len("appeals:\n"):]: "there is another one on create.status.created",
		strings.Replace(one, "reading: r,", "", 1):                   "it takes a reading and reasons",
		strings.Replace(one, "create.status.created", "a.b", 1):      "has no requirement",
		strings.Replace(one, "https:", "javascript:", 1):             "a link is not an https address",
		strings.Replace(one, "https://", "https://me:pw@", 1):        "a link is not an https address",
		strings.Replace(one, "s,", strings.Repeat("s", 9000)+",", 1): "it is too long",
		strings.Repeat("#", MaxAppeal+1):                             "longer than",
	} {
		if _, err := ParseAppeal([]byte(text), set); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
	}
}

// A statement is accepted in one form only, and so is an envelope; the same key signs the same way.
func TestEnvelopes(t *testing.T) {
	s := Statement{Type: StatementType, PredicateType: PredicateType}
	s.claim(Claims{Format: format})
	statement, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseStatement(statement); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{{" ", "  "}, {`"_type"`, `"more": 1, "_type"`}, {StatementType, StatementType + "x"}, {`"format": 2`, `"format": 1`}, {`"format": 2`, `"format": 3`}, {`"claims"`, `"other"`}, {"}\n", "}\n{}"}} {
		if _, err := parseStatement([]byte(strings.Replace(string(statement), change[0], change[1], 1))); err == nil {
			t.Errorf("%q is accepted", change)
		}
	}
	for _, kind := range []string{Ed25519, ECDSA} {
		private, public, err := GenerateKey(kind)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := ParseSigner(private)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ParsePublicKey(public)
		if err != nil {
			t.Fatal(err)
		}
		text, err := Seal(context.Background(), statement, signer)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Seal(context.Background(), statement, signer); !bytes.Equal(again, text) {
			t.Errorf("%s: two signatures differ", kind)
		}
		for i := range text {
			changed := bytes.Clone(text)
			changed[i] ^= 1
			sealed, _, err := open(changed)
			if err == nil {
				err = verified(context.Background(), sealed, []*PublicKey{key})
			}
			if err == nil {
				t.Errorf("%s: byte %d of the envelope changed, and nothing was found", kind, i)
			}
		}
		if _, err := ParseSigner(public); err == nil {
			t.Error("a public key signs")
		}
		if _, err := ParsePublicKey(private); err == nil || strings.Contains(err.Error(), string(private)) {
			t.Errorf("a private key verifies: %v", err)
		}
		if _, err := ParsePublicKey(slices.Concat(public, public)); err == nil {
			t.Error("two keys are one")
		}
	}
}

func TestCheckChallenge(t *testing.T) {
	for nonce, good := range map[string]bool{"5f0c2a9b": true, strings.Repeat("a", 20): true, strings.Repeat("a", 21): false, "short": false, "UPPERCASE": false, "a-b-c-d-e": false, "5f0c2a9b\n": false} {
		if (CheckChallenge(nonce) == nil) != good {
			t.Errorf("%q", nonce)
		}
	}
}
