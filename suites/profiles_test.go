package suites

import (
	"context"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// A profile has a plan of its own, far shorter than the whole. Its checks of every response find what they need in it.
func TestProfilesHoldWhatTheyNeed(t *testing.T) {
	whole, err := foresee(context.Background(), engine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	digests := map[string]spec.Profile{whole.Digest: "everything"}
	for profile, most := range map[spec.Profile]int{spec.Core: 350, spec.Token: 110, spec.Lifecycle: 380, spec.Hardening: 190} {
		asked := []spec.Profile{profile}
		planned, err := foresee(context.Background(), engine.Config{Profiles: asked})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(planned.Requests); n > most || n >= len(whole.Requests) {
			t.Errorf("%s sends %d of %d requests", profile, n, len(whole.Requests))
		}
		if other := digests[planned.Digest]; other != "" {
			t.Errorf("the plans of %s and %s have one digest", profile, other)
		}
		digests[planned.Digest] = profile
		if !raced.Tried(string(profile)) {
			continue
		}
		result := judged(t, t.Context(), engine.Config{Reference: true, Plain: true, Journal: engine.NoJournal, Profiles: asked}.Tuned(engine.Tuning{Flagless: true}))
		if result.Report.Verdict != report.Conformant {
			t.Errorf("%s: %s; inconclusive: %v", profile, result.Report.Verdict, outcomes(result.Report, report.Inconclusive))
		}
	}
}
