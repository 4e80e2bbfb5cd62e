package probe

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/sa-conformance/conformance/fixtures"
)

// A write that is refused with 409 because it met another one is sent again. One that is refused each time is refused.
func TestCreatesThatCollide(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		conflicts    int64
		once         bool
		status, sent int
	}{
		"twice":    {2, false, 201, 3},
		"always":   {1000, false, 409, 1 + len(conflictPauses)},
		"at once":  {1, true, 409, 1},
		"no times": {0, false, 201, 1},
	} {
		f := &fake{}
		var met atomic.Int64
		f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost || met.Add(1) > test.conflicts {
				return false
			}
			w.WriteHeader(http.StatusConflict)
			return true
		}
		r := newRun(t, serve(t, f.ServeHTTP))
		s := r.session("p")
		request := s.CreateRequest(fixtures.Minimal(s.Name("a")))
		request.Once = test.once
		if e := s.Send(t.Context(), "create", request); e.Status() != test.status || r.recording.Len() != test.sent {
			t.Errorf("%s: %d after %d exchanges", name, e.Status(), r.recording.Len())
		}
		if left := r.cleanUp(t); !left.Verified {
			t.Errorf("%s: %+v", name, left)
		}
	}
}
