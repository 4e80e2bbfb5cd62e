package suites

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/plan"
	"github.com/sa-conformance/conformance/internal/raced"
)

// A plan names the same requests each time, in whatever order they go out.
func TestPlansAgree(t *testing.T) {
	var first map[string]string
	for range 3 {
		planned, err := foresee(context.Background(), engine.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if planned.Alive == 0 || planned.Alive > planned.Created {
			t.Errorf("%d alive of %d created", planned.Alive, planned.Created)
		}
		digests := plan.ConversationDigests(planned.Requests)
		if first == nil {
			first = digests
		}
		if diff := cmp.Diff(first, digests); diff != "" {
			t.Fatalf("two plans differ:\n%s", diff)
		}
	}
}

// The digest changes with what is supplied and what is chosen, and not with the target.
func TestPlanDigest(t *testing.T) {
	raced.Rotate(t)
	digests := map[string]string{}
	for name, cfg := range map[string]engine.Config{
		"everything": {}, "another build": {Version: "v9"}, "a focus": {Focus: "create.status"},
		"no group": {Target: "https://one.example", Organization: "x", Token: "y"},
	} {
		planned, err := foresee(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if other := digests[planned.Digest]; other != "" {
			t.Errorf("%s and %s have one digest", name, other)
		}
		digests[planned.Digest] = name
	}
	elsewhere, err := foresee(context.Background(), engine.Config{Target: "https://two.example", Organization: "z", Token: "w"})
	if err != nil {
		t.Fatal(err)
	}
	if digests[elsewhere.Digest] != "no group" {
		t.Error("the digest of a plan depends on the target")
	}
}
