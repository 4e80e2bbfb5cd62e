package probe

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// What is beyond a limit is not sent, however many ask at once; the clean-up is.
func TestHardLimits(t *testing.T) {
	for name, limit := range map[string]func(*Run){
		"requests": func(r *Run) { r.limits.Requests = 5 }, "created": func(r *Run) { r.limits.Created = 5 },
	} {
		f := &fake{}
		r := newRun(t, serve(t, f.ServeHTTP), limit)
		s := r.session("p")
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() { s.Create(t.Context(), "create", fixtures.Minimal(s.Name("a"))) })
		}
		wg.Wait()
		if n := f.count("POST "); n != 5 {
			t.Errorf("%s: %d creates sent", name, n)
		}
		refused := 0
		for _, e := range r.recording.All() {
			if kind(e) == exchange.Limit {
				refused++
			}
		}
		if warnings := r.Warnings(); refused != 25 || len(warnings) != 1 {
			t.Errorf("%s: %d refused, warnings %q", name, refused, warnings)
		}
		check(t, r.cleanUp(t), Leftovers{Created: 5, Deleted: 5, Verified: true}, f)
	}
}

// Creates that are refused use up nothing of the accounts that may be created.
func TestRefusedCreatesAreNoneCreated(t *testing.T) {
	f := &fake{spoil: func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Refuse") != "" {
			w.WriteHeader(http.StatusBadRequest)
		}
		return r.Header.Get("Refuse") != ""
	}}
	r := newRun(t, serve(t, f.ServeHTTP), func(r *Run) { r.limits.Created = 1 })
	s := r.session("p")
	bad := s.CreateRequest(fixtures.Minimal(s.Name("bad")))
	bad.Header.Set("Refuse", "yes")
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { s.Send(t.Context(), "bad", bad) })
	}
	wg.Wait()
	if e := s.Create(t.Context(), "good", fixtures.Minimal(s.Name("good"))); e.Status() != http.StatusCreated {
		t.Errorf("the only create: %d, %v", e.Status(), e.Failure)
	}
}

func TestRate(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP), func(r *Run) { r.limits.RPS = 50 })
	s := r.session("p")
	began := time.Now()
	var wg sync.WaitGroup
	for range 11 {
		wg.Go(func() { s.List(t.Context(), "list") })
	}
	wg.Wait()
	if took := time.Since(began); took < 195*time.Millisecond {
		t.Errorf("11 requests at 50 a second took %v", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if e := s.List(ctx, "list"); kind(e) != exchange.Canceled {
		t.Errorf("interrupted: %+v", e.Failure)
	}
}

// diary is a journal in memory.
type diary struct {
	mu      sync.Mutex
	intents [][]string
	told    []string
	fault   error
}

func (d *diary) Intend(_ string, texts []string) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.intents = append(d.intents, texts)
	return len(d.intents), d.fault
}

func (d *diary) add(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told = append(d.told, what)
}

func (d *diary) Created(_ int, _, id, _ string) { d.add("created " + id) }
func (d *diary) Refused(int)                    { d.add("refused") }
func (d *diary) Told(int)                       { d.add("told") }
func (d *diary) Deleted(id string)              { d.add("deleted " + id) }
func (d *diary) Alive(id string)                { d.add("alive " + id) }

// The journal hears of a create before the target does, and of what came of it afterwards.
func TestJournal(t *testing.T) {
	d := &diary{}
	f := &fake{}
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && len(d.intents) <= f.next {
			t.Error("the target was asked before the journal was told")
		}
		return false
	}
	r := newRun(t, serve(t, f.ServeHTTP))
	r.Keep(d)
	s := r.session("p")
	s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	s.Create(t.Context(), "b", fixtures.Fill("good/marked.json", fixtures.Values{Name: "another", Mark: s.Mark()}))
	s.Create(t.Context(), "c", []byte(`{"metadata":{"name":"x","name":"conf-1a2b-twice"}}`))
	r.cleanUp(t)
	want := [][]string{{"conf-1a2b-a"}, {"conf-1a2b-"}, {"conf-1a2b-twice"}}
	if !slices.EqualFunc(d.intents, want, func(a, b []string) bool { return slices.Equal(a, b) }) {
		t.Errorf("intents: %q", d.intents)
	}
	if !slices.Contains(d.told, "created id-1") || !slices.Contains(d.told, "deleted id-1") || !slices.Contains(d.told, "deleted id-3") {
		t.Errorf("told: %q", d.told)
	}

	d = &diary{fault: errors.New("no space")}
	f = &fake{}
	r = newRun(t, serve(t, f.ServeHTTP))
	r.Keep(d)
	s = r.session("p")
	if e := s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a"))); kind(e) != exchange.Limit || f.count("POST") != 0 || len(r.Warnings()) != 1 {
		t.Errorf("%+v, %d sent, warnings %q", e.Failure, f.count("POST"), r.Warnings())
	}
}

// A create that is under way when the run is interrupted may be answered; none is sent afterwards.
func TestInterruptedCreate(t *testing.T) {
	f := &fake{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f.after = func(http.ResponseWriter) bool {
		cancel()
		time.Sleep(50 * time.Millisecond)
		return false
	}
	r := newRun(t, serve(t, f.ServeHTTP), func(r *Run) { r.limits.Grace = 5 * time.Second })
	s := r.session("p")
	if e := s.Create(ctx, "a", fixtures.Minimal(s.Name("a"))); !e.Success() {
		t.Errorf("under way: %+v", e.Failure)
	}
	if s.Create(ctx, "b", fixtures.Minimal(s.Name("b"))); f.count("POST") != 1 {
		t.Error("a create was sent after the interrupt")
	}
	check(t, r.cleanUp(t), Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}

// The clean-up waits for conversations that go on, reruns included.
func TestIdle(t *testing.T) {
	r := newRun(t, "http://127.0.0.1")
	hold := make(chan struct{})
	slow := Probe{Name: "slow", Run: func(context.Context, *Session) { <-hold }}
	r.Again(t.Context(), slow, 2)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	r.Idle(ctx)
	if ctx.Err() == nil {
		t.Error("idle while a rerun goes on")
	}
	close(hold)
	r.Idle(t.Context())
}
