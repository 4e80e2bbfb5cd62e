package suites

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the generated files")

// What the digest of a plan is made of is what the conversations send, whatever the order in which it goes out.
func TestConversationsAreCurrent(t *testing.T) {
	for range 3 {
		plan, err := Foresee(context.Background(), Config{})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Alive == 0 || plan.Alive > plan.Created {
			t.Errorf("%d alive of %d created", plan.Alive, plan.Created)
		}
		got, err := json.MarshalIndent(conversationDigests(plan.Requests), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		if *update {
			if err := os.WriteFile("conversations.json", got, 0o600); err != nil {
				t.Fatal(err)
			}
			return
		}
		if diff := cmp.Diff(string(conversationsJSON), string(got)); diff != "" {
			t.Fatalf("conversations.json is not what the conversations send; run: make docs\n%s", diff)
		}
	}
}

// The digest changes with what is supplied and what is chosen, and not with the target.
func TestPlanDigest(t *testing.T) {
	digests := map[string]string{}
	for name, cfg := range map[string]Config{
		"everything": {}, "a focus": {Focus: "create.status"},
		"no group": {Target: "https://one.example", Organization: "x", Token: "y"},
	} {
		plan, err := Foresee(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if other := digests[plan.Digest]; other != "" {
			t.Errorf("%s and %s have one digest", name, other)
		}
		digests[plan.Digest] = name
	}
	elsewhere, err := Foresee(context.Background(), Config{Target: "https://two.example", Organization: "z", Token: "w"})
	if err != nil {
		t.Fatal(err)
	}
	if digests[elsewhere.Digest] != "no group" {
		t.Error("the digest of a plan depends on the target")
	}
}
