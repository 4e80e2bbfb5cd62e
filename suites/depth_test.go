package suites

import (
	"context"
	"slices"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
)

// Each depth keeps within its bounds, and has a digest of its own.
func TestDepthBounds(t *testing.T) {
	raced.Rotate(t)
	digests := map[string]check.Depth{}
	for depth, bounds := range map[check.Depth]struct{ least, requests, created int }{
		check.Smoke: {20, 25, 3}, check.Standard: {400, 600, 70}, check.Deep: {800, 1100, 100},
	} {
		planned, err := foresee(context.Background(), engine.Config{Depth: depth, Budget: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(planned.Requests); n < bounds.least || n > bounds.requests || planned.Created > bounds.created {
			t.Errorf("%s: %d requests and %d accounts", depth, n, planned.Created)
		}
		if other := digests[planned.Digest]; other != "" {
			t.Errorf("%s and %s have one digest", depth, other)
		}
		digests[planned.Digest] = depth
	}
}

// A run of the depth smoke judges what it says, and what it leaves out is not tested.
func TestSmoke(t *testing.T) {
	result, err := Judge(context.Background(), Config{Reference: true, Depth: check.Smoke, Plain: true, Journal: NoJournal})
	if err != nil {
		t.Fatal(err)
	}
	if result.Report.Verdict != report.Incomplete || result.Report.Configuration.Depth != "smoke" {
		t.Errorf("verdict %s, configuration %+v", result.Report.Verdict, result.Report.Configuration)
	}
	if n := report.Count(result.Report.Results).Passed; n < 80 {
		t.Errorf("%d requirements pass", n)
	}
	for _, r := range result.Report.Results {
		want := report.NotTested
		if slices.Contains(smoked, r.ID) || r.Probe == "create.minimal" {
			want = report.Pass
		}
		if r.Outcome != want {
			t.Errorf("%s: %s, want %s: %s", r.ID, r.Outcome, want, r.Message)
		}
	}
	if n := len(result.Recording.All()); n > 25 {
		t.Errorf("%d requests", n)
	}
}

// A deep run holds what standard holds, and more, which the seed chooses.
func TestDeepProbes(t *testing.T) {
	suite, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	names := func(depth check.Depth, how check.Deepening) (all []string) {
		for _, p := range suite.At(depth, how).Probes() {
			all = append(all, p.Name)
		}
		return all
	}
	standard := names(check.Standard, check.Deepening{})
	deep := names(check.Deep, check.Deepening{Requests: 3000, Seed: 1})
	for _, name := range standard {
		if !slices.Contains(deep, name) {
			t.Errorf("a deep run lacks %s", name)
		}
	}
	if few := names(check.Deep, check.Deepening{Requests: 800}); len(few) <= len(standard) || len(few) >= len(deep) {
		t.Errorf("%d conversations with a small budget, %d with the usual one, %d in standard", len(few), len(deep), len(standard))
	}
	if slices.Contains(names(check.Smoke, check.Deepening{}), probe.Everything) || len(names(check.Smoke, check.Deepening{})) != 2 {
		t.Errorf("smoke holds %v", names(check.Smoke, check.Deepening{}))
	}
}
