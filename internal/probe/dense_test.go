package probe

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// A body of thousands of objects becomes small as values: nested, side by side, and in an item of a list. The account in it is
// found.
func TestDenseBodies(t *testing.T) {
	t.Parallel()
	const account = `"metadata":{"id":"mine","name":"ours"}}`
	for name, text := range map[string]string{
		"nested":       `{"n":` + strings.Repeat(`{"a":`, 9000) + "0" + strings.Repeat("}", 9000) + "," + account,
		"side by side": `{"n":[` + strings.Repeat(`{"a":0},`, 7000) + "0]," + account,
	} {
		body, cut, err := newBodyBudget().read(strings.NewReader(text), nil)
		e := &exchange.Exchange{Response: &exchange.Response{Body: body, Truncated: cut}}
		if err != nil || !cut || dense(body) || e.AccountID() != "mine" {
			t.Errorf("%s: %d brackets, cut %t, account %q, %v", name, bytes.Count(body, []byte("{")), cut, e.AccountID(), err)
		}
		listed := reduced(t, newLists(ours), "["+text+","+foreign(1)+"]", false)
		if _, position := listed.Listed("mine"); position != 0 || dense(listed.Response.Body) || !listed.Response.Reduction.Shortened {
			t.Errorf("%s, in a list: at %d, %d brackets", name, position, bytes.Count(listed.Response.Body, []byte("{")))
		}
		if item := parseListed([]byte(text)); item.id != "mine" {
			t.Errorf("%s: a list is read as %q", name, item.id)
		}
	}
	// What is still dense when something was left out is cut.
	twice := `{"n":[` + strings.Repeat(`[`+strings.Repeat(`{"a":0},`, 900)+`0],`, 8) + "0]," + account
	if body, cut, err := newBodyBudget().read(strings.NewReader(twice), nil); len(body) > cutBody || !cut || err != nil {
		t.Errorf("%d bytes, cut %t, %v", len(body), cut, err)
	}
	plain := `{"d":"` + strings.Repeat(`{[\"`, 4000) + `",` + account
	if body, cut, err := newBodyBudget().read(strings.NewReader(plain), nil); string(body) != plain || cut || err != nil {
		t.Errorf("brackets in a string: %d bytes, cut %t, %v", len(body), cut, err)
	}
}

// An item of a list without a name is read by all its texts, and takes no more room for what it holds besides. The test is alone in
// its process, since it counts what that allocates.
func TestDenseItems(t *testing.T) { //nolint:paralleltest // see above
	raw := []byte(`{"metadata":{"id":"an-id","title":"conf-1"},"n":[` + strings.Repeat(`{"a":0},`, 1_000_000) + `0]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	item := parseListed(raw)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; item.id != "an-id" || len(item.texts) != 2 || allocated > 100<<20 {
		t.Errorf("%q %q, %d MB", item.id, item.texts, allocated>>20)
	}
}
