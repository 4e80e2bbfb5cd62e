package probe

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

// inTime runs a test against a target in memory, in the time of its own bubble, with the limits of a run.
func inTime(t *testing.T, target http.HandlerFunc, do func(t *testing.T, s *Session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, "https://target.invalid", func(r *Run) {
			r.target.Client = wire.InMemory(target)
			r.alone = r.target.Client
			r.limits.Timeout, r.limits.Await, r.limits.Patience = 10*time.Second, 5*time.Second, 30*time.Second
		})
		do(t, r.session("p"))
	})
}

// oneByOne serves requests one after the other, each in its time.
func oneByOne(d time.Duration) http.HandlerFunc {
	begin := sync.OnceValue(func() chan struct{} { return make(chan struct{}, 1) }) // in the bubble
	return func(w http.ResponseWriter, _ *http.Request) {
		turn := begin()
		turn <- struct{}{}
		time.Sleep(d)
		<-turn
		w.WriteHeader(http.StatusBadRequest)
	}
}

// Creates that queue behind others of the run get the time that this takes.
func TestQueuedRequestsGetMoreTime(t *testing.T) {
	inTime(t, oneByOne(400*time.Millisecond), func(t *testing.T, s *Session) {
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if e := s.Create(t.Context(), "create", fixtures.Minimal("a")); !e.Answered() {
					t.Errorf("after %s: %s", e.Timings.Total, e.Failure.Message)
				}
			})
		}
		wg.Wait()
	})
}

// A request that is never answered gets no more time because others are answered at once.
func TestHungRequestsGetNoMoreTime(t *testing.T) {
	hang := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			<-r.Context().Done()
		}
		w.WriteHeader(http.StatusBadRequest)
	}
	inTime(t, hang, func(t *testing.T, s *Session) {
		over := make(chan struct{})
		var others sync.WaitGroup
		others.Go(func() {
			for {
				select {
				case <-over:
					return
				case <-time.After(100 * time.Millisecond):
					s.Create(t.Context(), "create", fixtures.Minimal("a"))
				}
			}
		})
		e := s.Send(t.Context(), "hung", s.UpdateRequest(s.Invented("id-1"), fixtures.Minimal("a")))
		close(over)
		others.Wait()
		if kind(e) != exchange.Timeout || e.Failure.Message != "no complete response within 10s" {
			t.Errorf("%+v", e.Failure)
		}
	})
}

// A deletion may take three times as long as others, until several have come to no end.
func TestDeletionsGetMoreTime(t *testing.T) {
	takes := 12 * time.Second
	target := func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(takes):
		case <-r.Context().Done():
		}
	}
	inTime(t, target, func(t *testing.T, s *Session) {
		if e := s.Send(t.Context(), "delete", s.DeleteRequest(s.Invented("id-1"))); !e.Success() {
			t.Errorf("%+v", e.Failure)
		}
		takes = time.Hour
		for _, limit := range []string{"30s", "30s", "30s", "10s"} {
			e := s.Send(t.Context(), "delete", s.DeleteRequest(s.Invented("id-1")))
			if kind(e) != exchange.Timeout || e.Failure.Message != "no complete response within "+limit {
				t.Errorf("%s: %+v", limit, e.Failure)
			}
		}
	})
}

// throttled serves one create in 400 ms and answers the others with a status, with Retry-After or without.
func throttled(status int, after string) http.HandlerFunc {
	var mu sync.Mutex
	var next time.Time
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if time.Now().Before(next) {
			if after != "" {
				w.Header().Set("Retry-After", after)
			}
			w.WriteHeader(status)
			return
		}
		next = time.Now().Add(400 * time.Millisecond)
		w.WriteHeader(http.StatusBadRequest)
	}
}

// A target that paces creates by asking to be left alone serves them all, and is not asked more often because many wait.
func TestPacedByRefusals(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		for _, after := range []string{"", "0", "1", "3"} {
			t.Run(fmt.Sprint(status, " ", after), func(t *testing.T) {
				inTime(t, throttled(status, after), func(t *testing.T, s *Session) {
					var wg sync.WaitGroup
					for range 100 {
						wg.Go(func() {
							if e := s.Create(t.Context(), "create", fixtures.Minimal("a")); !e.Answered() {
								t.Error(e.Failure.Message)
							}
						})
					}
					wg.Wait()
					if n := s.run.recording.Len(); n > 1500 {
						t.Errorf("%d requests for 100", n)
					}
				})
			})
		}
	}
}

// A 503 without Retry-After that one request gets every time, while others are served, is the response to it. Of a target
// that serves nobody it is a request to be left alone.
func TestOneRequestIsUnavailable(t *testing.T) {
	for name, others := range map[string]int{"others are served": http.StatusOK, "nobody is": http.StatusServiceUnavailable} {
		target := func(w http.ResponseWriter, r *http.Request) {
			status := http.StatusServiceUnavailable
			if r.Method == http.MethodGet {
				status = others
			}
			w.WriteHeader(status)
		}
		inTime(t, target, func(t *testing.T, s *Session) {
			var wg sync.WaitGroup
			wg.Go(func() {
				for range 10 {
					s.List(t.Context(), "list")
					time.Sleep(time.Second)
				}
			})
			e := s.Create(t.Context(), "create", fixtures.Minimal("a"))
			wg.Wait()
			if served := others == http.StatusOK; e.Answered() != served || !served && kind(e) != exchange.Busy {
				t.Errorf("%s: %d, %+v", name, e.Status(), e.Failure)
			}
		})
	}
}

// What a deletion does is waited for longer, and a target that takes long for each response is asked often enough.
func TestAwaitGone(t *testing.T) {
	began := time.Now()
	for name, takes := range map[string]time.Duration{"fast": time.Millisecond, "slow": 4 * time.Second} {
		target := func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(takes)
			w.Header().Set("Age", time.Since(began).String())
		}
		inTime(t, target, func(t *testing.T, s *Session) {
			began = time.Now()
			e := s.AwaitGone(t.Context(), "gone", get("/"), func(*exchange.Exchange) bool { return time.Since(began) > 12*time.Second })
			if !e.Success() || time.Since(began) < 12*time.Second {
				t.Errorf("%s: gave up after %s", name, time.Since(began))
			}
		})
	}
	inTime(t, func(http.ResponseWriter, *http.Request) { time.Sleep(4 * time.Second) }, func(t *testing.T, s *Session) {
		s.Await(t.Context(), "never", get("/"), func(*exchange.Exchange) bool { return false })
		if n := s.run.recording.Len(); n != leastAsked {
			t.Errorf("asked %d times", n)
		}
	})
}

// A request that is to be sent once has a connection of its own and is sent once, whatever becomes of the connection.
func TestOnce(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.Method+" "+r.RemoteAddr]++
		n := seen[r.Method]
		seen[r.Method]++
		mu.Unlock()
		if r.Method == http.MethodPost && n%2 == 0 {
			hangUp(w)
		}
	})
	s := newRun(t, base).session("p")
	s.List(t.Context(), "list") // opens a connection
	for _, want := range []exchange.Kind{exchange.Dropped, "", exchange.Dropped, ""} {
		request := s.CreateRequest(fixtures.Minimal("a"))
		request.Once = true
		if e := s.Send(t.Context(), "once", request); kind(e) != want {
			t.Errorf("%+v, want %q", e.Failure, want)
		}
	}
	if n := len(s.run.recording.Of("p")); n != 5 {
		t.Errorf("%d exchanges", n)
	}
	for connection, n := range seen {
		if strings.Contains(connection, ":") && n != 1 {
			t.Errorf("%s: %d requests", connection, n)
		}
	}
}

// The warnings say who may have dropped a connection: never the network, if there is none in between or only writes were
// dropped; and what was dropped while cleaning up stands apart.
func TestWhoDropped(t *testing.T) {
	dropped := func(probe, method string) *exchange.Exchange {
		return &exchange.Exchange{Probe: probe, Step: "s", Request: exchange.Request{Method: method}}
	}
	for name, test := range map[string]struct {
		base string
		of   []*exchange.Exchange
		want string
	}{
		"loopback":    {"http://127.0.0.1:80", []*exchange.Exchange{dropped("p", "GET")}, "it closed the connection itself"},
		"localhost":   {"https://localhost", []*exchange.Exchange{dropped("p", "POST")}, "it closed the connection itself"},
		"only writes": {"https://a.example", []*exchange.Exchange{dropped("p", "POST")}, "the target is more likely to blame"},
		"reads":       {"https://a.example", []*exchange.Exchange{dropped("p", "POST"), dropped("p", "GET")}, "the network or a proxy may be to blame"},
		"clean-up":    {"https://a.example", []*exchange.Exchange{dropped(Cleanup, "DELETE")}, "while the run removed its accounts"},
	} {
		l := newConnectionHealth(Target{BaseURL: test.base})
		for _, e := range test.of {
			l.came(e, true, 1)
		}
		said := strings.Join(l.warned(), "\n")
		if !strings.Contains(said, test.want) || name != "reads" && strings.Contains(said, "or a proxy") {
			t.Errorf("%s: %s", name, said)
		}
	}
}
