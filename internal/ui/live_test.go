package ui_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/raced"
)

// valve holds back the responses of a target while it is shut: a target that is as slow as a test needs it.
type valve struct {
	shut atomic.Pointer[chan struct{}]
	// after is the number of responses that go through first; 0: the valve is not used.
	after, seen atomic.Int64
}

func (v *valve) wrap(next http.Handler) http.Handler {
	v.close(10)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v.seen.Add(1) > v.after.Load() {
			select {
			case <-*v.shut.Load():
			case <-r.Context().Done():
			}
		}
		next.ServeHTTP(w, r)
	})
}

// close lets some more responses through, and then none.
func (v *valve) close(more int64) {
	shut := make(chan struct{})
	v.shut.Store(&shut)
	v.after.Store(v.seen.Load() + more)
}

func (v *valve) open() { close(*v.shut.Load()) }

// release lets everything through from now on.
func (v *valve) release() {
	v.after.Store(1 << 40)
	select {
	case <-*v.shut.Load():
	default:
		v.open()
	}
}

// until waits until an expression holds on a page.
func until(s session, expression string) {
	s.t.Helper()
	s.Do(func(ctx context.Context, target *chromedp.Target) (v chromedp.Void, err error) {
		_, err = chromedp.Poll[bool](expression)(ctx, target)
		return v, err
	})
}

// TestLiveRun watches a slow target: two windows show the same, a reload and a lost connection lose nothing, and after a stop
// everything is deleted.
func TestLiveRun(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	s := begin(t)
	slow := &valve{}
	p := target(t, "create-200", false, slow.wrap)
	t.Cleanup(slow.release)
	fields := p.fields()
	fields["max-requests"], fields["max-created"] = "5000", "900"
	s.fill(fields)
	s.click("#setup button.main", "#failures-title")
	// The target answers some requests and then none: what was told stands on the page.
	slow.open()
	until(s, `document.getElementById("failures-n").textContent !== "0"`)
	slow.close(5)
	s.looks("live")
	before := requests(s)
	if limits := s.text(".limits"); !strings.Contains(limits, "of at most 5000") || !strings.Contains(limits, "of at most 900") {
		t.Errorf("the limits are %q", limits)
	}
	if waiting := s.text("#conversations"); !strings.Contains(waiting, "wait for it") || !strings.Contains(waiting, "waits for all other conversations") {
		t.Errorf("nothing waits: %.300s", waiting)
	}
	second := s
	second.Tab = s.Window()
	second.Do(chromedp.Navigate(s.base+"/runs/1"), see("#failures-title"))
	agree(s, second)
	s.Do(chromedp.Reload(), see("#failures-title"))
	agree(s, second)
	if after := requests(s); after < before {
		t.Errorf("after a reload there are %d requests, and there were %d", after, before)
	}
	// A second run is refused while this one goes on.
	second.visit("/", "#setup")
	second.click("#setup button.main", "h1")
	if got := second.text("h1"); got != "A run is going on." {
		t.Errorf("a second run: %q", got)
	}
	second.visit("/runs/1", "#failures-title")
	// The connection of one window is lost. It catches up with the other one.
	browser.Eval[bool](second.Tab, `window.stop() ?? true`)
	until(second, `document.getElementById("connection").textContent.includes("lost")`)
	slow.open()
	slow.close(40)
	until(second, `document.getElementById("connection").textContent === ""`)
	agree(s, second)
	s.click("#stop button", "h1")
	if got := s.text("main"); !strings.Contains(got, "What was created is being deleted") && s.text("h1.verdict") == "" {
		t.Errorf("after the stop: %.300s", got)
	}
	slow.release()
	s.Do(see("h1.verdict"))
	second.Do(see("h1.verdict"))
	if got := s.text(".where") + s.text(".reason"); !strings.Contains(got, ", 0 left") || !strings.Contains(got, "ended early") {
		t.Errorf("the run came to %s", got)
	}
	s.looks("stopped")
}

// told is what a page shows of a run: requests, their bars, and failures.
const told = `document.getElementById("requests").textContent + " " + document.querySelectorAll("rect").length + " " + document.getElementById("failures-n").textContent`

// requests is how many requests a page shows.
func requests(s session) int {
	return browser.Eval[int](s.Tab, `Number(document.getElementById("requests").textContent)`)
}

// agree waits until two windows show the same. What they show may grow while they are asked.
func agree(a, b session) {
	a.t.Helper()
	var x, y string
	for range 200 {
		x = browser.Eval[string](a.Tab, told)
		y = browser.Eval[string](b.Tab, told)
		if x == y {
			return
		}
		browser.EvalLater[bool](a.Tab, `new Promise(done => setTimeout(() => done(true), 100))`)
	}
	a.t.Errorf("the windows show %s and %s", x, y)
}

// TestTargetDies runs against a target that is gone in mid-run: nothing is blamed on it that was not seen, and the page says so.
func TestTargetDies(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	s := begin(t)
	var seen atomic.Int64
	var p place
	p = target(t, "", false, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch n := seen.Add(1); {
			case n == 6:
				go p.die()
				panic(http.ErrAbortHandler)
			case n > 6:
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	})
	fields := p.fields()
	fields["depth"] = "smoke"
	s.fill(fields)
	s.click("#setup button.main", "h1.verdict")
	if got := s.text("h1"); got != "incomplete" {
		t.Errorf("the verdict is %s: %s", got, s.text("#failures"))
	}
	if got := s.text(".counts"); !strings.Contains(got, "inconclusive") || strings.Contains(got, "failed") {
		t.Errorf("the counts are %s", got)
	}
	if got := s.text("section[aria-labelledby=unjudged-title]"); !strings.Contains(got, "refused") && !strings.Contains(got, "closed") {
		t.Errorf("the page does not say why: %s", got)
	}
	if got := s.text(".problem"); !strings.Contains(got, "conformance sweep") {
		t.Errorf("the page does not say how to remove what is left: %q", got)
	}
	s.looks("died")
}
