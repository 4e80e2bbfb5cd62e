package certifycmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/raced"
)

// TestHeldByTheWitness certifies a run that the witness held itself. Nobody else's report or recording has its word.
func TestHeldByTheWitness(t *testing.T) {
	raced.Rotate(t)
	s := newStage(t)
	var said bytes.Buffer
	a := &app.App{Err: &app.Gate{W: &said}}
	held := terms{
		Terms: certificate.Terms{ValidFor: 90 * day, Challenge: nonce}, signer: s.vendor.signer, stamps: s.stamps, bundle: filepath.Join(t.TempDir(), "held.zip"),
		witness: &witnessOf{address: s.witness, token: witnessToken, runs: true},
	}
	chain := filepath.Join(t.TempDir(), "runs.jsonl")
	held.chain = s.told(chain)
	result, err := runByWitness(t.Context(), a, s.cfg, &held)
	if err != nil {
		t.Fatal(err)
	}
	if err := held.witness.end(t.Context(), &held); err != nil {
		t.Fatal(err)
	}
	held.chained = s.ended(held.chain, result.Report.RunID, string(result.Report.Verdict))
	if _, err := held.Write(t.Context(), s.set, result); err != nil {
		t.Fatal(err)
	}
	bundle, err := os.ReadFile(held.bundle)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{s.cfg.Token, s.cfg.RestrictedToken, s.cfg.ExpiredToken, s.cfg.NotYetValidToken} {
		if bytes.Contains(bundle, []byte(secret)) || strings.Contains(said.String(), secret) {
			t.Error("a token is in the bundle, or was printed")
		}
	}
	demand := func(data []byte) *certificate.Verification {
		t.Helper()
		required := s.recommended(s.cfg.Target)
		required.Held = true
		return examine(t, data, func(o *certificate.Options) { o.Challenge, o.Required = nonce, []certificate.Required{required} }, s.vendor)
	}
	v := demand(bundle)
	if c := Certified(v, false); c.Code != app.ExitConformant || !v.Witness.Held {
		t.Errorf("%s: %q %q", c.Text, v.Unmet, v.Witness.Problems)
	}
	var page bytes.Buffer
	PrintVerification(&page, v, Certified(v, false))
	if !strings.Contains(page.String(), "held the run itself, and saw what the recording says") {
		t.Errorf("verify prints %s", page.String())
	}
	// The report is changed where no recording shows it, and signed again by the vendor.
	forged := s.forged(bundle, nonce, func(text []byte) []byte {
		return bytes.Replace(text, []byte(`"durationSeconds": `), []byte(`"durationSeconds": 1`), 1)
	}, certificate.ReportFile)
	if v := demand(forged); !strings.Contains(strings.Join(v.Unmet, "\n"), "it held the run itself, and the report is not the one that it wrote") {
		t.Errorf("another report: %q", v.Unmet)
	}
}
