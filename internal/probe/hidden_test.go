package probe

import (
	"fmt"
	"net/http"
	"slices"
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
		if left.Verified == hides || strings.Contains(left.Unverified, "still work of") != hides || left.Deleted != 1 {
			t.Errorf("%s: %+v", name, left)
		}
	}
}

// A target that hides every third account is found out, whatever became of the first and the last, and the journal keeps
// which accounts still work.
func TestSomeAccountsAreHidden(t *testing.T) {
	t.Parallel()
	f, d := &fake{}, &diary{}
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		number := 0
		_, _ = fmt.Sscanf(r.Header.Get("Authorization"), "Bearer access-token-%d", &number)
		if number%3 == 2 {
			_, _ = w.Write([]byte("[]"))
		}
		return number%3 == 2
	}
	r := newRun(t, serve(t, f.ServeHTTP), func(r *Run) { r.Keep(d) })
	s := r.session("p")
	for range 30 {
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	}
	left := r.CleanUp(t.Context())
	if want := "of the 6 that were tried"; left.Verified || !strings.Contains(left.Unverified, want) || left.Deleted != 30 {
		t.Errorf("%+v, want %q", left, want)
	}
	if !slices.ContainsFunc(d.told, func(told string) bool { return strings.HasPrefix(told, "alive id-") }) {
		t.Errorf("journalled: %q", d.told)
	}
}

// A sweep finds out with a rotation whether what it deleted is only hidden, and tells of what an earlier run found hidden.
func TestSweepOfHiddenAccounts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hides     bool
		alive     int
		left      int
		unclear   int
		rotations int
	}{
		"deleted": {left: 0, rotations: 5}, "hidden": {hides: true, left: 5}, "hidden before": {alive: 3, unclear: 1, rotations: 5},
	} {
		f := littered()
		rotated := 0
		f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost {
				return false
			}
			if rotated++; !test.hides {
				w.WriteHeader(http.StatusNotFound)
			}
			return true
		}
		sought := killedRun()
		sought.Alive = test.alive
		swept := newRun(t, serve(t, f.ServeHTTP)).Sweep(t.Context(), []SweepTarget{sought}, false)
		left := 0
		for _, found := range swept.Found {
			if !found.Gone {
				left++
			}
		}
		if len(swept.Found) != 5 || left != test.left || len(swept.Unclear) != test.unclear || swept.Verified != (left+test.unclear == 0) {
			t.Errorf("%s: left %d, %+v", name, left, swept)
		}
		if test.rotations > 0 && rotated != test.rotations {
			t.Errorf("%s: %d rotations", name, rotated)
		}
	}
}
