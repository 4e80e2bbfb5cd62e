package model

import (
	"net/http"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Of two updates that meet one is the last, and the list shows it as a whole.
func TestMet(t *testing.T) {
	for name, test := range map[string]struct {
		list string
		want int
	}{
		"the first": {shown("x", "of x", "", ""), 0}, "the second": {shown("y", "of y", "", ""), 0}, "what was before": {shown("a", "b", "", ""), 1},
		"a mixture": {shown("x", "of y", "", ""), 1},
	} {
		s := &said{}
		s.add(operationCreate, http.MethodPost, "", sent("a", "b", ""), 201, shown("a", "b", "", ""), 0)
		s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "of x", ""), 200, shown("x", "of x", "", ""), time.Second)
		s.add(operationUpdate, http.MethodPut, "/"+id, sent("y", "of y", ""), 200, shown("y", "of y", "", ""), -5*time.Millisecond)
		s.list(2*time.Second, test.list)
		found := Follow(exchange.Facts{Organization: organization, Groups: []string{group}}, s.all).Contradictions(Order)
		if len(found) != test.want {
			t.Errorf("%s: %d contradictions, want %d", name, len(found), test.want)
		}
		for _, c := range found {
			t.Logf("%s: %s", name, c.Seen)
		}
	}
}

// A path with a slash too many is no way around the credential.
func TestOddPath(t *testing.T) {
	for path, want := range map[string]int{"//serviceaccounts": 1, "/./serviceaccounts": 1, "/serviceaccounts;a=1": 1, "/elsewhere": 0} {
		e := &exchange.Exchange{
			ID: "test/odd", Identity: "none", Request: exchange.Request{Method: http.MethodGet, URL: "https://host/api/v1/organizations/" + organization + path},
			Response: &exchange.Response{Status: http.StatusOK, Body: []byte("[]")},
		}
		facts := exchange.Facts{Organization: organization, BaseURL: "https://host"}
		if found := Follow(facts, []*exchange.Exchange{e}).Contradictions(Unauthenticated); len(found) != want {
			t.Errorf("%s: %d contradictions, want %d", path, len(found), want)
		}
	}
}
