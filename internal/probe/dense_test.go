package probe

import (
	"runtime"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/tracking"
)

// The account in an item of thousands of objects is found.
func TestDenseItemsAreRead(t *testing.T) {
	t.Parallel()
	const account = `"metadata":{"id":"mine","name":"ours"}}`
	for name, text := range map[string]string{
		"nested":       `{"n":` + strings.Repeat(`{"a":`, 9000) + "0" + strings.Repeat("}", 9000) + "," + account,
		"side by side": `{"n":[` + strings.Repeat(`{"a":0},`, 7000) + "0]," + account,
	} {
		if item := tracking.ParseListed([]byte(text)); item.Id != "mine" {
			t.Errorf("%s: a list is read as %q", name, item.Id)
		}
	}
}

// An item of a list without a name is read by all its texts, and takes no more room for what it holds besides. The test is alone in
// its process, since it counts what that allocates.
func TestDenseItems(t *testing.T) { //nolint:paralleltest // see above
	raw := []byte(`{"metadata":{"id":"an-id","title":"conf-1"},"n":[` + strings.Repeat(`{"a":0},`, 1_000_000) + `0]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	item := tracking.ParseListed(raw)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; item.Id != "an-id" || len(item.Texts) != 2 || allocated > 100<<20 {
		t.Errorf("%q %q, %d MB", item.Id, item.Texts, allocated>>20)
	}
}
