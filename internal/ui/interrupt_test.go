package ui_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// accounts counts the service accounts of a target.
func (p place) accounts(t *testing.T) (n int) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, p.url+"/api/v1/organizations/"+p.Organization+"/serviceaccounts", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+p.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var all []any
	if err := json.NewDecoder(response.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// TestInterrupt stops the program in the middle of a run: what the run created is deleted before the program ends.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	p := target(t, "", false, nil)
	before := p.accounts(t)
	t.Cleanup(func() { // after the one that stops the program
		if after := p.accounts(t); after != before {
			t.Errorf("%d accounts before, %d after", before, after)
		}
	})
	address, _, _ := serve(t, t.TempDir())
	c := newClient(t, address)
	c.stay = true
	where, _ := c.post("/runs", map[string]string{"kind": "address", "url": p.url, "organization": p.Organization, "token": p.Token})
	response, err := c.Get(c.base + where + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if strings.Contains(lines.Text(), `"operation":"createServiceAccount"`) {
			return
		}
	}
	t.Error("the run created nothing")
}
