package exchange

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRecordingOrder(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var r Recording
	for _, e := range []*Exchange{
		{ID: "b/slow", Probe: "b", StartedAt: start.Add(2 * time.Second)},
		{ID: "a/last", Probe: "a", StartedAt: start.Add(3 * time.Second)},
		{ID: "a/first", Probe: "a", StartedAt: start.Add(time.Second)},
		{ID: "a/second", Probe: "a", StartedAt: start.Add(time.Second)}, // at the same instant: as they were added
	} {
		r.Add(e)
	}
	if diff := cmp.Diff([]string{"a/first", "a/second", "b/slow", "a/last"}, ids(r.All())); diff != "" {
		t.Errorf("All: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a/first", "a/second", "a/last"}, ids(r.Of("a"))); diff != "" {
		t.Errorf("Of: -want +got:\n%s", diff)
	}
	if r.Of("none") != nil || r.Len() != 4 {
		t.Errorf("there are %d exchanges", r.Len())
	}
	r.All()[0] = nil // a copy
	if r.All()[0] == nil {
		t.Error("a caller changed the recording")
	}
}

func TestRecordingIsSafeForConcurrentUse(t *testing.T) {
	var r Recording
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				r.Add(&Exchange{ID: fmt.Sprintf("%d/%d", i, j), Probe: fmt.Sprint(i)})
				_ = r.All()
			}
		})
	}
	wg.Wait()
	if r.Len() != 160 || len(r.Of("3")) != 20 {
		t.Errorf("there are %d exchanges, %d of one probe", r.Len(), len(r.Of("3")))
	}
}
