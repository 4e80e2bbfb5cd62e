package probe

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/fixtures"
)

// A list without the accounts of the run verifies nothing if the token of a deleted account still works.
func TestAccountsThatAreHidden(t *testing.T) {
	t.Parallel()
	for name, hides := range map[string]bool{"deleted": false, "hidden": true} {
		f := &fake{}
		f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Authorization") == "Bearer "+operator {
				return false
			}
			if !hides {
				w.WriteHeader(http.StatusUnauthorized)
				return true
			}
			_, _ = w.Write([]byte("[]"))
			return true
		}
		r := newRun(t, serve(t, f.ServeHTTP))
		s := r.session("p")
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		left := r.cleanUp(t)
		if left.Verified == hides || strings.Contains(left.Unverified, "still works") != hides || left.Deleted != 1 {
			t.Errorf("%s: %+v", name, left)
		}
	}
}
