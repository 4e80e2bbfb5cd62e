package probe

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRestrictedSupplied(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	r.target.Restricted = "supplied-token"
	as, ok := r.session("p").Restricted(t.Context())
	if diff := cmp.Diff(Bearer("restricted", "supplied-token"), as, cmp.AllowUnexported(Identity{})); diff != "" || !ok || len(f.requests) > 0 {
		t.Errorf("%t after %v; -want +got:\n%s", ok, f.requests, diff)
	}
}

// One account serves all probes, and its token is awaited.
func TestRestrictedCreated(t *testing.T) {
	f := &fake{}
	unknown := 2
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && unknown > 0 {
			unknown--
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		return false
	}
	r := newRun(t, serve(t, f.ServeHTTP))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if as, ok := r.session("p").Restricted(t.Context()); !ok || as.Name != DefaultRestricted || as.Authorization[0] != "Bearer access-token-0001" {
				t.Errorf("%t: %+v", ok, as)
			}
		})
	}
	wg.Wait()
	want := []string{"setup/restricted", "setup/restricted-known", "setup/restricted-known#2", "setup/restricted-known#3"}
	if diff := cmp.Diff(want, ids(r.recording.All()), cmp.AllowUnexported(Identity{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got, want := string(r.recording.All()[0].Request.Body), `{"metadata":{"name":"conf-1a2b-restricted"},"spec":{"groupIDs":[]}}`; got != want {
		t.Errorf("the body is %s", got)
	}
	if r.Pending() != 1 {
		t.Errorf("%d accounts to remove", r.Pending())
	}
	if left := r.cleanUp(t); left.Deleted != 1 || len(f.names()) > 0 {
		t.Errorf("%+v", left)
	}
}

func TestRestrictedImpossible(t *testing.T) {
	f := &fake{spoil: func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return true
	}}
	r := newRun(t, serve(t, f.ServeHTTP))
	for range 2 {
		s := r.session("p")
		if _, ok := s.Restricted(t.Context()); ok || !strings.HasPrefix(s.Reason(), "there is no restricted credential") {
			t.Errorf("%t, %q", ok, s.Reason())
		}
	}
	if len(f.requests) != 1 {
		t.Errorf("asked for %v", f.requests)
	}
}
