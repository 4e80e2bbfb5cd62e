package bodies

import (
	"bytes"
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
		body, cut, err := NewBudget(1).Read(strings.NewReader(text), nil)
		e := &exchange.Exchange{Response: &exchange.Response{Body: body, Truncated: cut}}
		if err != nil || !cut || Dense(body) || e.AccountID() != "mine" {
			t.Errorf("%s: %d brackets, cut %t, account %q, %v", name, bytes.Count(body, []byte("{")), cut, e.AccountID(), err)
		}
		listed := reduced(t, NewLists(ours), "["+text+","+foreign(1)+"]", false)
		if _, position := listed.Listed("mine"); position != 0 || Dense(listed.Response.Body) || !listed.Response.Reduction.Shortened {
			t.Errorf("%s, in a list: at %d, %d brackets", name, position, bytes.Count(listed.Response.Body, []byte("{")))
		}
	}
	// What is still dense when something was left out is cut.
	twice := `{"n":[` + strings.Repeat(`[`+strings.Repeat(`{"a":0},`, 900)+`0],`, 8) + "0]," + account
	if body, cut, err := NewBudget(1).Read(strings.NewReader(twice), nil); len(body) > CutBody || !cut || err != nil {
		t.Errorf("%d bytes, cut %t, %v", len(body), cut, err)
	}
	plain := `{"d":"` + strings.Repeat(`{[\"`, 4000) + `",` + account
	if body, cut, err := NewBudget(1).Read(strings.NewReader(plain), nil); string(body) != plain || cut || err != nil {
		t.Errorf("brackets in a string: %d bytes, cut %t, %v", len(body), cut, err)
	}
}
