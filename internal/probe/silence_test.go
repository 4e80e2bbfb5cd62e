package probe

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// mute serves requests but those of a method, which it never responds to.
func mute(method string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == method {
			<-r.Context().Done()
			return
		}
		w.WriteHeader(http.StatusBadRequest)
	}
}

// A kind of request that never gets a response is not sent for ever, whoever sends it; others are.
func TestMuteKindsAreNotSentForEver(t *testing.T) {
	inTime(t, mute(http.MethodPut), func(t *testing.T, s *Session) {
		s.Create(t.Context(), "create", fixtures.Minimal("a"))
		began := time.Now()
		var last *exchange.Exchange
		for range 50 {
			last = s.Send(t.Context(), "update", s.UpdateRequest(s.Invented("id-1"), fixtures.Minimal("a")))
		}
		if took := time.Since(began); took > 60*time.Second || !unsent(last) {
			t.Errorf("after %s: %+v", took, last.Failure)
		}
		if e := s.Create(t.Context(), "create", fixtures.Minimal("a")); !e.Answered() {
			t.Errorf("a create was not sent: %+v", e.Failure)
		}
	})
}

// A target that responds to a kind of request now and then is asked to the end, and given less and less time.
func TestKindsThatAreMuteAtTimesGetLessTime(t *testing.T) {
	var mu sync.Mutex
	n := 0
	target := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n++
		odd := n%2 == 1
		mu.Unlock()
		if odd {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		<-r.Context().Done()
	}
	inTime(t, target, func(t *testing.T, s *Session) {
		began := time.Now()
		answered := 0
		for range 30 {
			if e := s.Send(t.Context(), "update", s.UpdateRequest(s.Invented("id-1"), fixtures.Minimal("a"))); e.Answered() {
				answered++
			}
		}
		if took := time.Since(began); took > 70*time.Second || answered != 15 {
			t.Errorf("after %s, %d responses", took, answered)
		}
	})
}

// Deletions that get no response and are done all the same are counted as done once a list no longer shows the accounts.
func TestMuteDeletionsThatAreDone(t *testing.T) {
	var f fake
	target := func(w http.ResponseWriter, r *http.Request) {
		f.ServeHTTP(w, r)
		if r.Method == http.MethodDelete {
			<-r.Context().Done()
		}
	}
	inTime(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			target(httptest.NewRecorder(), r)
			return
		}
		target(w, r)
	}, func(t *testing.T, s *Session) {
		for range 3 {
			s.Create(t.Context(), "create", fixtures.Minimal(s.Name("a")))
		}
		if left := s.run.CleanUp(t.Context()); left.Deleted != 3 || len(left.Remaining) != 0 || !left.Verified {
			t.Errorf("%+v", left)
		}
	})
}

// A clean-up ends soon if no deletion gets a response, and goes on if some do.
func TestCleanUpOfMuteTarget(t *testing.T) {
	for name, c := range map[string]struct {
		every int // this deletion and its multiples get a response
		left  int
		most  time.Duration
	}{"never": {1 << 30, 40, 35 * time.Second}, "every second": {2, 0, 20 * time.Minute}} {
		t.Run(name, func(t *testing.T) {
			var f fake
			f.id = func(n int) any { return strings.Repeat("a", n) }
			f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodDelete || len(f.requests)%c.every == 0 {
					return false
				}
				w.Header().Set("Mute", "yes")
				return true
			}
			hang := func(w http.ResponseWriter, r *http.Request) {
				f.ServeHTTP(w, r)
				if r.Method == http.MethodDelete && w.Header().Get("Mute") != "" {
					<-r.Context().Done()
				}
			}
			inTime(t, hang, func(t *testing.T, s *Session) {
				for range 40 {
					s.Create(t.Context(), "create", fixtures.Minimal(s.Name("a")))
				}
				s.run.limits.Mute = 2 * s.run.limits.Timeout
				began := time.Now()
				left := s.run.CleanUp(t.Context())
				if took := time.Since(began); took > c.most || len(left.Remaining) != c.left {
					t.Errorf("after %s, %d are left: %s", took, len(left.Remaining), left.Unverified)
				}
			})
		})
	}
}
