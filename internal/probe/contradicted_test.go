package probe

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/fixtures"
)

const (
	strangersID = "5a000000-0000-4000-8000-00000000000f"
	realID      = "5a000000-0000-4000-8000-000000000001"
)

// A create is answered with an id that no list shows, while lists show the account that was asked for by another id: what the
// response names is not touched. A list that is behind, or one that changes the name, contradicts nothing.
func TestContradictedByLists(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		shown func(reads int, name string) (id, as string)
		sent  bool
	}{
		"another id":          {func(_ int, name string) (string, string) { return realID, name }, false},
		"the id":              {func(_ int, name string) (string, string) { return strangersID, name }, true},
		"the id in capitals":  {func(_ int, name string) (string, string) { return strings.ToUpper(strangersID), name }, true},
		"another id and name": {func(int, string) (string, string) { return realID, "another" }, true},
		"another id, at first": {func(reads int, name string) (string, string) {
			return map[bool]string{true: realID, false: strangersID}[reads < 3], name
		}, true},
		"another run's account": {func(_ int, name string) (string, string) { return realID, "conf-77aa-" + name }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, reads := &fake{}, 0
			f.id = func(int) any { return strangersID }
			f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodGet || len(f.accounts) == 0 {
					return false
				}
				reads++
				made, _ := f.accounts[0]["metadata"].(map[string]any)["name"].(string)
				id, as := test.shown(reads, made)
				_ = json.NewEncoder(w).Encode([]any{item(id, as)})
				return true
			}
			r := newRun(t, serve(t, f.ServeHTTP))
			s := r.session("p")
			created := s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
			e := s.Send(t.Context(), "delete", s.DeleteRequest(created.AccountID()))
			if sent := f.count("DELETE") > 0; sent != test.sent {
				t.Errorf("sent: %t, %+v", sent, e.Failure)
			}
			if r.cleanUp(t); f.count("DELETE "+Account(organization, strangersID)) > 0 != test.sent {
				t.Errorf("the clean-up: %q", f.requests)
			}
		})
	}
}

// Without userinfo a token belongs to the account that the list shows to it.
func TestATokenThatShowsItsAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id  string
		own bool
	}{"itself": {strangersID, true}, "another": {realID, false}} {
		r := newRun(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost:
				w.WriteHeader(http.StatusCreated)
				_, _ = w.Write([]byte(`{"metadata":{"id":"` + strangersID + `","name":"conf-1a2b-a","creationTime":"` +
					time.Now().UTC().Format(time.RFC3339) + `"},"status":{"accessToken":"an-opaque-token"}}`))
			case r.URL.Path == userinfo:
				w.WriteHeader(http.StatusNotFound)
			case r.Method == http.MethodGet && r.Header.Get("Authorization") == "Bearer an-opaque-token":
				_ = json.NewEncoder(w).Encode([]any{item(test.id, "conf-1a2b-a")})
			case r.Method == http.MethodGet:
				w.WriteHeader(http.StatusForbidden)
			}
		}), unread)
		s := r.session("p")
		created := s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		if e := s.Send(t.Context(), "delete", s.DeleteRequest(created.AccountID())); e.Answered() != test.own {
			t.Errorf("%s: %+v", name, e.Failure)
		}
	}
}
