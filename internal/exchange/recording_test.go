package exchange

import (
	"fmt"
	"strings"
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

// Lists share the values of the items that they have in common, and are what they are without a recording.
func TestListsShareItems(t *testing.T) {
	t.Parallel()
	item := func(i int) string {
		return fmt.Sprintf(`{"metadata":{"id":"%d","name":"a\u00e9"},"n":1.50,"d":1,"d":2,"long":"%s"}`, i, strings.Repeat("x", 500))
	}
	r, texts := &Recording{}, []string{}
	for n := range 40 {
		items := []string{` null `, `[1]`, `12`}
		for i := range n % 20 {
			items = append(items, item(i))
		}
		texts = append(texts, "["+strings.Join(items, ",")+"] \n", "["+strings.Join(items, ",")+"]more")
	}
	for _, text := range texts {
		e := answered(text)
		r.Add(e)
		want, valid := answered(text).Document()
		for range 2 {
			if got, ok := e.Document(); ok != valid || !cmp.Equal(want, got) {
				t.Fatalf("%s: %v", text, cmp.Diff(want, got))
			}
		}
	}
	if n := len(r.documents.items); n != 22 { // 19 accounts and 3 that are none
		t.Errorf("%d items are kept", n)
	}
	if n := len(r.documents.kept); n < 40 { // all that are longer than 4 KB and nothing else
		t.Errorf("%d lists are kept", n)
	}
	for i := range keptItems/600 + 100 {
		e := answered("[" + strings.Repeat(" ", smallDocument) + item(1000+i) + "]")
		r.Add(e)
		if _, ok := e.Document(); !ok || r.documents.bytes > keptItems {
			t.Fatalf("%d bytes of items", r.documents.bytes)
		}
	}
}

// What an account says of itself is not looked for in a list.
func TestListsHaveNoID(t *testing.T) {
	t.Parallel()
	e := answered(" \n[" + strings.Repeat(`{"metadata":{"id":"x"}},`, 500) + `{}]`)
	r := &Recording{}
	r.Lend(e)
	if e.AccountID() != "" || e.AccessToken() != "" || len(r.documents.kept) > 0 {
		t.Error("the list was decoded for the id of an account")
	}
	if items, _ := e.Items(); len(items) != 501 || len(r.documents.kept) != 1 {
		t.Errorf("%d items", len(items))
	}
}
