package suites

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A plan names the same requests each time, in whatever order they go out.
func TestPlansAgree(t *testing.T) {
	var first map[string]string
	for range 3 {
		plan, err := foresee(context.Background(), Config{})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Alive == 0 || plan.Alive > plan.Created {
			t.Errorf("%d alive of %d created", plan.Alive, plan.Created)
		}
		digests := conversationDigests(plan.Requests)
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
	digests := map[string]string{}
	for name, cfg := range map[string]Config{
		"everything": {}, "another build": {Version: "v9"}, "a focus": {Focus: "create.status"},
		"no group": {Target: "https://one.example", Organization: "x", Token: "y"},
	} {
		plan, err := foresee(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if other := digests[plan.Digest]; other != "" {
			t.Errorf("%s and %s have one digest", name, other)
		}
		digests[plan.Digest] = name
	}
	elsewhere, err := foresee(context.Background(), Config{Target: "https://two.example", Organization: "z", Token: "w"})
	if err != nil {
		t.Fatal(err)
	}
	if digests[elsewhere.Digest] != "no group" {
		t.Error("the digest of a plan depends on the target")
	}
}
