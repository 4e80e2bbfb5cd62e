package suites

import (
	"context"
	"testing"
	"time"
)

// The digest says what is planned, whatever the order in which it goes out.
func TestPlanDigest(t *testing.T) {
	first, err := Foresee(context.Background(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[PlannedRequest]int{}
	for _, r := range first.Requests {
		seen[r]++
	}
	for range 4 {
		began := time.Now()
		again, err := Foresee(context.Background(), Config{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d requests in %v", len(again.Requests), time.Since(began))
		if again.Digest != first.Digest {
			t.Errorf("%s, and then %s", first.Digest, again.Digest)
			rest := map[PlannedRequest]int{}
			for _, r := range again.Requests {
				rest[r]++
			}
			for r, n := range rest {
				if seen[r] != n {
					t.Logf("%d, %d: %+v", seen[r], n, r)
				}
			}
			for r, n := range seen {
				if rest[r] != n {
					t.Logf("%d, %d: %+v", n, rest[r], r)
				}
			}
		}
	}
	if first.Alive == 0 || first.Alive > first.Created {
		t.Errorf("%d alive of %d created", first.Alive, first.Created)
	}
}
