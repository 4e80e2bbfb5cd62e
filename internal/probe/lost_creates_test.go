package probe

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/fixtures"
)

// Each try of a create may make an account. Creates that never get through are sent once after a while, and one whose response
// arrived whole is sent once from the beginning.
func TestLostCreatesAreNotRepeatedForever(t *testing.T) {
	t.Parallel()
	const creates = 10
	for name, c := range map[string]struct {
		spoil func(w http.ResponseWriter, n int)
		sent  int
	}{
		"never":     {func(http.ResponseWriter, int) { panic(http.ErrAbortHandler) }, mostLostCreates*mostTries + creates - mostLostCreates},
		"sometimes": {func(_ http.ResponseWriter, n int) { dropUnless(n%4 == 0) }, 4 * creates},
		"undecodable": {func(w http.ResponseWriter, _ int) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte("{}"))
		}, creates},
	} {
		var counted atomic.Int64
		f := &fake{}
		f.after = func(w http.ResponseWriter) bool {
			sent := int(counted.Add(1))
			c.spoil(w, sent)
			return sent%4 != 0 || name != "sometimes"
		}
		r := newRun(t, serve(t, f.ServeHTTP))
		s := r.session("p")
		s.List(t.Context(), "list")
		for range creates {
			s.Create(t.Context(), "create", fixtures.Minimal(s.Name("a")))
		}
		sent := int(counted.Load())
		if sent < c.sent || sent > c.sent+1 { // an idle connection may be closed
			t.Errorf("%s: %d creates were sent for %d, want %d or one more", name, sent, creates, c.sent)
		}
	}
}

func dropUnless(through bool) {
	if !through {
		panic(http.ErrAbortHandler)
	}
}

// Accounts of which nothing is known are told with the counts, which do not hold them.
func TestLostCreatesAreTold(t *testing.T) {
	t.Parallel()
	f := &fake{after: func(http.ResponseWriter) bool { panic(http.ErrAbortHandler) }}
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
		}
		return r.Method == http.MethodGet
	}
	_, left := leave(t, f, "a")
	want := Leftovers{
		Unanswered: f.next,
		Unverified: fmt.Sprintf("the list could not be read: it got 403; creates without a response, which may have made accounts: %d", f.next),
	}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
