package exploration_test

import (
	"context"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/raced"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exploration"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/suites"
)

// TestExplore searches servers that are wrong in one way, each by seed 1 alone, and holds the smallest conversations to a few
// operations.
func TestExplore(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{
		"beyond-cookie-deletes": 4, "beyond-charset-refused": 4, "beyond-empty-tags-lost": 4, "beyond-update-null-tags": 4, "beyond-first-token-again": 5,
		"id-is-name": 2, "groups-added-to-all": 2, "rotate-empty-token": 2, "unknown-organization-creates": 2,
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := explored(t, named(t, name), exploration.Exploration{Seed: 1, Budget: 960, Shrink: 600})
			if found.Script == nil {
				t.Fatalf("nothing was found in %d requests (not seen again: %q)", found.Searched, found.Unrepeated)
			}
			if n := len(found.Script.Operations); n > most {
				t.Errorf("%s: %d operations, want at most %d: %+v", found.Script.Requirement, n, most, found.Script.Operations)
			}
		})
	}
	t.Run("the reference", func(t *testing.T) {
		raced.Rotate(t)
		t.Parallel()
		if found := explored(t, &mutant.Layer{}, exploration.Exploration{Seed: 1, Budget: 960}); found.Script != nil || found.Unrepeated != "" {
			t.Errorf("got a finding: %+v %s", found.Script, found.Unrepeated)
		}
	})
}

func named(t *testing.T, name string) *mutant.Layer {
	t.Helper()
	for _, d := range defects.All() {
		if d.Name == name {
			return d.Layer
		}
	}
	t.Fatalf("there is no defect %s", name)
	return nil
}

func explored(t *testing.T, layer *mutant.Layer, x exploration.Exploration) *exploration.Explored {
	t.Helper()
	handler, server, err := layer.Build()
	if err != nil {
		t.Fatal(err)
	}
	const target = "https://target.invalid"
	server.SetBaseURL(target)
	known := server.Credentials()
	cfg := suites.Config{
		Target: target, Organization: known.Organization, OtherOrganization: known.OtherOrganization, Groups: known.Groups,
		Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken, NotYetValidToken: known.NotYetValidToken,
		Await: 1500 * time.Millisecond, RevocationWindow: 1500 * time.Millisecond,
	}
	suite, err := suites.Load()
	if err != nil {
		t.Fatal(err)
	}
	found, err := exploration.Explore(context.Background(), suite, cfg.ForTrial().Tuned(engine.Tuning{Settle: 30 * time.Millisecond}).InMemory(handler), x)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
