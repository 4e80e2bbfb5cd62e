package mutant

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/reference"
)

// client talks to a layer without a network.
type client struct {
	*testing.T
	handler http.Handler
	known   reference.Credentials
}

func newClient(t *testing.T, l *Layer) client {
	t.Helper()
	handler, server, err := l.Build()
	if err != nil {
		t.Fatal(err)
	}
	server.SetBaseURL("http://identity.example")
	return client{t, handler, server.Credentials()}
}

// send returns the status, and the account and the token of the response.
func (c client) send(method, path, token, body string) (status int, account, fresh string) {
	c.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	a := Ask(c.handler, r)
	account, fresh = tokenOf(a)
	return a.Status, account, fresh
}

func (c client) accounts() string {
	return "/api/v1/organizations/" + c.known.Organization + "/serviceaccounts"
}

const leastBody = `{"metadata":{"name":"a"},"spec":{"groupIDs":[]}}`

func TestLedgerFollowsATokenFromCreateToDelete(t *testing.T) {
	var uses []TokenUse
	c := newClient(t, OnTokens(func(u TokenUse, _ http.Handler) *Response {
		u.Request, u.Age, u.Lost = nil, 0, 0
		uses = append(uses, u)
		return nil
	}))
	_, id, first := c.send("POST", c.accounts(), c.known.Token, leastBody)
	_, _, second := c.send("POST", c.accounts()+"/"+id+"/rotate", first, "")
	for _, token := range []string{first, first, second} {
		c.send("GET", c.accounts(), token, "")
	}
	c.send("DELETE", c.accounts()+"/"+id, c.known.Token, "")
	c.send("GET", "/oauth2/v2/userinfo", second, "")
	for i, want := range []TokenUse{
		{Operation: Rotate, Token: first, current: first},
		{Operation: List, Token: first, current: second, Turn: 0, Revoked: Rotate, Uses: 1},
		{Operation: List, Token: first, current: second, Turn: 0, Revoked: Rotate, Uses: 2},
		{Operation: List, Token: second, current: second, Turn: 1},
		{Operation: Userinfo, Token: second, Turn: 1, Revoked: Remove, Uses: 1},
	} {
		got := uses[i]
		if refusedBefore := got.Refusal > 0; refusedBefore != (want.Uses > 1) {
			t.Errorf("use %d: refused before: %v", i, refusedBefore)
		}
		want.Known, want.Account, got.Refusal = got.Known, id, 0
		if got.Operation != want.Operation || got.Token != want.Token || got.current != want.current || got.Turn != want.Turn ||
			got.Revoked != want.Revoked || got.Uses != want.Uses || got.Account != want.Account {
			t.Errorf("use %d: got %+v, want %+v", i, got, want)
		}
	}
}

func TestDressedTokensWork(t *testing.T) {
	c := newClient(t, Disguised(func() func(string, string) string {
		return func(_, token string) string { return "x" + token }
	}))
	_, id, token := c.send("POST", c.accounts(), c.known.Token, leastBody)
	for presented, want := range map[string]int{token: http.StatusOK, token[1:]: http.StatusOK, "x" + token: http.StatusUnauthorized} {
		if status, _, _ := c.send("GET", c.accounts(), presented, ""); status != want {
			t.Errorf("status %d, want %d", status, want)
		}
	}
	_, _, fresh := c.send("POST", c.accounts()+"/"+id+"/rotate", token, "")
	old, _, _ := c.send("GET", c.accounts(), token, "")
	if now, _, _ := c.send("GET", c.accounts(), fresh, ""); old != http.StatusUnauthorized || now != http.StatusOK {
		t.Errorf("after rotate: %d for the old token, %d for the new one", old, now)
	}
}

// Two servers of one layer share nothing, for layers may hold state.
func TestServersOfALayerShareNothing(t *testing.T) {
	layer := OnRotation(func(claims map[string]any) { claims["sub"] = "again" })
	for range 2 {
		c := newClient(t, layer)
		_, id, token := c.send("POST", c.accounts(), c.known.Token, leastBody)
		if sub := ClaimsOf(token)["sub"]; sub != id {
			t.Errorf("sub %v of the first token", sub)
		}
		_, _, token = c.send("POST", c.accounts()+"/"+id+"/rotate", token, "")
		if sub := ClaimsOf(token)["sub"]; sub != "again" {
			t.Errorf("sub %v of the second token", sub)
		}
	}
}

func TestSegments(t *testing.T) {
	if got := Segment(1, Replacing("x"))("a.b.c"); got != "a.x.c" {
		t.Error(got)
	}
	if got := Octets(0, HeaderBeginning(`"a":1`))("eyJiIjoyfQ.b"); got != "eyJhIjoxLCJiIjoyfQ.b" {
		t.Error(got)
	}
	if ClaimsOf("a.b") != nil || HeaderOf("") != nil {
		t.Error("read what says nothing")
	}
	if object := HeaderOf("eyJiIjoyfQ.b"); object["b"] != 2.0 {
		t.Error(object)
	}
}
