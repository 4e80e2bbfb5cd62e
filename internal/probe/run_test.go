package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
)

func ignore(string) {}

func TestRunAll(t *testing.T) {
	r := newRun(t, serve(t, func(http.ResponseWriter, *http.Request) {}))
	hold := make(chan struct{})
	probes := []Probe{
		{Name: "quick", Run: func(ctx context.Context, s *Session) { s.Send(ctx, "s", get("/")) }},
		{Name: "slow", Run: func(ctx context.Context, s *Session) {
			<-hold
			s.Send(ctx, "s", get("/"))
			s.GiveUp("that is all")
		}},
	}
	var mu sync.Mutex
	var over []string
	futures := r.RunAll(t.Context(), probes, func(name string) { mu.Lock(); defer mu.Unlock(); over = append(over, name) })
	exchanges, reason, err := futures["quick"].Wait(t.Context())
	if diff := cmp.Diff([]string{"quick/s"}, ids(exchanges)); diff != "" || reason != "" || err != nil {
		t.Errorf("reason %q, error %v; -want +got:\n%s", reason, err, diff)
	}
	for _, name := range []string{"slow", Everything} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("no time"))
		if _, _, err := futures[name].Wait(ctx); err == nil || err.Error() != "waiting for a probe: no time" {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	close(hold)
	if _, reason, err = futures["slow"].Wait(t.Context()); reason != "that is all" || err != nil {
		t.Errorf("reason %q, error %v", reason, err)
	}
	exchanges, reason, err = futures[Everything].Wait(t.Context())
	if diff := cmp.Diff([]string{"quick/s", "slow/s"}, ids(exchanges)); diff != "" || reason != "" || err != nil {
		t.Errorf("reason %q, error %v; -want +got:\n%s", reason, err, diff)
	}
	slices.Sort(over)
	if diff := cmp.Diff([]string{"quick", "slow"}, over); diff != "" {
		t.Errorf("told of: -want +got:\n%s", diff)
	}
	if r.Fault() != nil {
		t.Errorf("the fault is %v", r.Fault())
	}
	want := exchange.Facts{Organization: organization, Prefix: "conf-1a2b-", BaseURL: r.target.BaseURL}
	if diff := cmp.Diff(want, r.Facts()); diff != "" {
		t.Errorf("facts: -want +got:\n%s", diff)
	}
}

// Evidence that is there is evidence, also after an interruption.
func TestSettled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := Settled([]*exchange.Exchange{{ID: "p/s"}}, "because")
	for range 50 { // a select would choose at random
		if exchanges, reason, err := f.Wait(ctx); len(exchanges) != 1 || reason != "because" || err != nil {
			t.Fatalf("%v, %q, %v", exchanges, reason, err)
		}
	}
}

func TestConcurrency(t *testing.T) {
	for limit, want := range map[int]int32{-1: 1, 0: 1, 1: 1, 3: 3} {
		r := newRun(t, "http://127.0.0.1")
		r.limits.Concurrency = limit
		var now, most atomic.Int32
		full := make(chan struct{})
		var once sync.Once
		var probes []Probe
		for i := range 9 {
			probes = append(probes, Probe{Name: fmt.Sprint(i), Run: func(context.Context, *Session) {
				n := now.Add(1)
				defer now.Add(-1)
				for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
				}
				if n == want {
					once.Do(func() { close(full) })
				}
				<-full // the first wait until as many run as may
			}})
		}
		if _, _, err := r.RunAll(t.Context(), probes, ignore)[Everything].Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if most.Load() != want {
			t.Errorf("limit %d: %d at a time", limit, most.Load())
		}
	}
}

// Finally goes on when every Run is over, and the probe is over only after it.
func TestFinally(t *testing.T) {
	r := newRun(t, serve(t, func(http.ResponseWriter, *http.Request) {}))
	var mu sync.Mutex
	var order []string
	say := func(what string) { mu.Lock(); defer mu.Unlock(); order = append(order, what) }
	probes := []Probe{
		{
			Name:    "first",
			Run:     func(ctx context.Context, s *Session) { s.Send(ctx, "s", get("/")); say("run") },
			Finally: func(ctx context.Context, s *Session) { s.Send(ctx, "finally", get("/")); say("finally") },
		},
		{Name: "second", Run: func(context.Context, *Session) { time.Sleep(30 * time.Millisecond); say("run") }},
		{Name: "third", Run: func(context.Context, *Session) { say("run") }, Finally: func(context.Context, *Session) { say("finally") }},
	}
	futures := r.RunAll(t.Context(), probes, func(name string) { say("over: " + name) })
	exchanges, _, err := futures["first"].Wait(t.Context())
	if diff := cmp.Diff([]string{"first/s", "first/finally"}, ids(exchanges)); diff != "" || err != nil {
		t.Errorf("error %v; -want +got:\n%s", err, diff)
	}
	if _, _, err := futures[Everything].Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if last := lastIndex(order, "run"); last > slices.Index(order, "finally") || slices.Index(order, "over: first") < last {
		t.Errorf("the order is %q", order)
	}
	if len(order) != 8 || slices.Index(order, "over: second") < 0 {
		t.Errorf("the order is %q", order)
	}
}

func lastIndex(list []string, item string) int {
	for i, found := range slices.Backward(list) {
		if found == item {
			return i
		}
	}
	return -1
}

// A probe that panics ends its own conversation, is told of as a fault, and lets every other go on.
func TestPanickingProbes(t *testing.T) {
	r := newRun(t, serve(t, func(http.ResponseWriter, *http.Request) {}))
	var finished atomic.Bool
	probes := []Probe{
		{Name: "good", Run: func(ctx context.Context, s *Session) { s.Send(ctx, "s", get("/")) }},
		{Name: "bad", Run: func(ctx context.Context, s *Session) {
			s.Send(ctx, "s", get("/"))
			panic("a slip")
		}},
		{
			Name:    "late",
			Run:     func(context.Context, *Session) {},
			Finally: func(context.Context, *Session) { finished.Store(true); var none []int; _ = none[3] },
		},
	}
	futures := r.RunAll(t.Context(), probes, ignore)
	for name, want := range map[string]string{
		"good": "", "bad": "the probe itself failed: a slip",
		"late": "the probe itself failed: runtime error: index out of range [3] with length 0", Everything: "",
	} {
		exchanges, reason, err := futures[name].Wait(t.Context())
		if reason != want || err != nil || name == "bad" && len(exchanges) != 1 {
			t.Errorf("%s: %d exchanges, reason %q, error %v", name, len(exchanges), reason, err)
		}
	}
	if !finished.Load() {
		t.Error("Finally was not called")
	}
	var broken *exchange.Broken
	if err := r.Fault(); !errors.As(err, &broken) || err.Error() != "the probe bad is broken: a slip" || !strings.Contains(broken.Stack, "run_test.go") {
		t.Errorf("the fault is %v", err)
	}
}

func TestInterruptedRun(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	futures := r.RunAll(ctx, []Probe{{Name: "p", Run: func(ctx context.Context, s *Session) { s.Create(ctx, "create", nil) }}}, ignore)
	exchanges, _, err := futures[Everything].Wait(t.Context())
	if err != nil || len(exchanges) != 1 || kind(exchanges[0]) != exchange.Canceled {
		t.Errorf("%d exchanges, error %v", len(exchanges), err)
	}
}
