package probe

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/fixtures"
)

// Deletions that meet collide: the target refuses or drops all but one. All accounts are gone at the end.
func TestDeletionsThatCollide(t *testing.T) {
	t.Parallel()
	for name, collide := range map[string]func(http.ResponseWriter){
		"409":     func(w http.ResponseWriter) { w.WriteHeader(http.StatusConflict) },
		"500":     func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		"dropped": func(w http.ResponseWriter) { hangUp(w) },
	} {
		f := &fake{}
		var under atomic.Int64
		var met atomic.Int64
		release := make(chan struct{})
		r := newRun(t, serve(t, func(w http.ResponseWriter, request *http.Request) {
			if request.Method != http.MethodDelete {
				f.ServeHTTP(w, request)
				return
			}
			if under.Add(1) > 1 && met.Add(1) < 40 { // the first one waits until others have met it
				if met.Load() == 1 {
					close(release)
				}
				collide(w)
				under.Add(-1)
				return
			}
			if met.Load() == 0 {
				<-release
			}
			f.ServeHTTP(w, request)
			under.Add(-1)
		}))
		s := r.session("p")
		for i := range 30 {
			s.Create(t.Context(), "a", fixtures.Minimal(s.Name(fmt.Sprint("a", i))))
		}
		left := r.cleanUp(t)
		if met.Load() == 0 {
			t.Errorf("%s: no deletions met", name)
		}
		t.Log(name)
		check(t, left, Leftovers{Created: 30, Deleted: 30, Verified: true}, f)
	}
}

// A deletion that fails many times is tried until the clean-up has no more time.
func TestADeletionThatFailsOften(t *testing.T) {
	t.Parallel()
	f, failed := &fake{}, 0
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodDelete || failed >= 8 {
			return false
		}
		failed++
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	ctx, cancel := contextOf(t)
	defer cancel()
	check(t, r.CleanUp(ctx), Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}

// contextOf is the time of a clean-up that has much of it.
func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), 20*time.Second)
}

// A deletion that is answered with success and not done is repeated once.
func TestADeletionThatIsNotDone(t *testing.T) {
	t.Parallel()
	f := &fake{}
	var asked sync.Map
	r := newRun(t, serve(t, func(w http.ResponseWriter, request *http.Request) {
		if _, again := asked.LoadOrStore(request.URL.Path, true); request.Method == http.MethodDelete && !again {
			w.WriteHeader(http.StatusOK)
			return
		}
		f.ServeHTTP(w, request)
	}))
	s := r.session("p")
	for i := range 3 {
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name(fmt.Sprint("a", i))))
	}
	check(t, r.cleanUp(t), Leftovers{Created: 3, Deleted: 3, Verified: true}, f)
}
