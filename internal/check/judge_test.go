package check

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// passed is the verdict that aCheck comes to where nothing is wrong.
func passed() report.Result {
	return report.Result{
		ID: "a.b.c", Level: spec.Must, Profile: spec.Core, Section: "Section", Statement: "It does.", Citation: "RFC 1",
		Outcome: report.Pass, Probe: "p", Evidence: []string{}, Contested: []string{"or not"}, Needs: []spec.Need{spec.NeedGroup},
		DurationSeconds: 1,
	}
}

func TestJudge(t *testing.T) {
	lost := &exchange.Exchange{ID: "p/lost", Probe: "p", Step: "lost", Failure: &exchange.Failure{Kind: exchange.Dropped, Message: "closed"}}
	exchanges := []*exchange.Exchange{step("create", 500, `{"error":7}`), step("list", 200, "[]"), lost}
	for name, test := range map[string]struct {
		assert func(*exchange.Evidence)
		reason string
		want   func(*report.Result)
	}{
		"a pass": {
			assert: func(ev *exchange.Evidence) { expect.Expect(ev.At("list")).To(matcher.HaveStatus(200)) },
			want:   func(r *report.Result) { r.Evidence = []string{"p/list"} },
		},
		"a pass with notes": {
			assert: func(ev *exchange.Evidence) { ev.Observe("it says %d", 1); ev.Observe("and more") },
			want:   func(r *report.Result) { r.Message = "it says 1; and more" },
		},
		"a mismatch": {
			assert: func(ev *exchange.Evidence) {
				list, create := ev.At("list"), ev.At("create")
				ev.Observe("a note")
				expect.Expect(list).To(matcher.HaveStatus(200))
				expect.Expect(create).To(matcher.HaveMember("/error", matcher.BeText()), "the error is text")
			},
			want: func(r *report.Result) {
				r.Outcome, r.Evidence = report.Fail, []string{"p/list", "p/create"}
				r.Expected, r.Seen, r.Pointer = "a string", "a number", "/error"
				r.Message = "the error is text: expected a string, seen a number: a note"
			},
		},
		"a mismatch of several lines": {
			assert: func(*exchange.Evidence) {
				expect.Expect(1).To(matcher.By(func(int) *matcher.Mismatch { return &matcher.Mismatch{Expected: "a\nb", Seen: "c\nexpected: d"} }))
			},
			want: func(r *report.Result) {
				r.Outcome, r.Expected, r.Seen = report.Fail, "a\nb", "c\nexpected: d"
				r.Message = "expected a | b, seen c | expected: d"
			},
		},
		"the first of two": {
			assert: func(ev *exchange.Evidence) {
				expect.Expect(ev.At("create")).To(matcher.HaveStatus(200))
				expect.Expect(ev.At("list")).To(matcher.HaveStatus(404))
			},
			want: func(r *report.Result) {
				r.Outcome, r.Evidence, r.Expected, r.Seen = report.Fail, []string{"p/create"}, "status 200 OK", "status 500 Internal Server Error"
				r.Message = "expected status 200 OK, seen status 500 Internal Server Error"
			},
		},
		"Gomega's own matchers": {
			assert: func(*exchange.Evidence) { expect.Expect(1).To(gomega.Equal(2)) },
			want: func(r *report.Result) {
				r.Outcome, r.Message = report.Fail, "Expected\n    <int>: 1\nto equal\n    <int>: 2"
			},
		},
		"only one half": {
			assert: func(*exchange.Evidence) {
				expect.Expect(1).To(matcher.By(func(int) *matcher.Mismatch { return &matcher.Mismatch{Expected: "a"} }))
			},
			want: func(r *report.Result) { r.Outcome, r.Expected, r.Message = report.Fail, "a", "expected a" },
		},
		"a step that was not sent": {
			assert: func(ev *exchange.Evidence) { ev.At("list"); ev.Observe("a note"); ev.At("rotate") },
			want: func(r *report.Result) {
				r.Outcome, r.Evidence, r.Message = report.Inconclusive, []string{"p/list"}, `the step "rotate" was never sent`
			},
		},
		"a conversation that ended": {
			assert: func(ev *exchange.Evidence) { ev.At("rotate") },
			reason: "the create was refused",
			want:   func(r *report.Result) { r.Outcome, r.Message = report.Inconclusive, "the create was refused" },
		},
		"a step without a response": {
			assert: func(ev *exchange.Evidence) { expect.Expect(ev.Sent("lost")).To(matcher.HaveStatus(200)) },
			want: func(r *report.Result) {
				r.Outcome, r.Evidence, r.Message = report.Inconclusive, []string{"p/lost"}, "p/lost was not answered: closed"
			},
		},
	} {
		want := passed()
		test.want(&want)
		got, err := judge(test.reason, exchanges...).Judge(t.Context(), aCheck(test.assert))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: error %v; -want +got:\n%s", name, err, diff)
		}
	}
}

// A check that panics is broken: it says nothing of the target, and takes nobody with it.
func TestBrokenChecks(t *testing.T) {
	for name, test := range map[string]struct {
		assert func(*exchange.Evidence)
		want   string
	}{
		"a panic":         {func(*exchange.Evidence) { panic("a slip") }, "the check a.b.c is broken: a slip"},
		"a runtime error": {func(*exchange.Evidence) { var e *exchange.Exchange; _ = e.ID }, "the check a.b.c is broken: runtime error: invalid memory address or nil pointer dereference"},
		"an exchange that is none": {
			func(*exchange.Evidence) { expect.Expect((*exchange.Exchange)(nil)).To(matcher.HaveStatus(200)) },
			"the check a.b.c is broken: runtime error: invalid memory address or nil pointer dereference",
		},
	} {
		got, err := judge("").Judge(t.Context(), aCheck(test.assert))
		var broken *exchange.Broken
		if !errors.As(err, &broken) || err.Error() != test.want || !strings.Contains(broken.Stack, "judge_test.go") {
			t.Errorf("%s: the error is %v", name, err)
		}
		want := passed()
		want.Outcome, want.Message = report.Inconclusive, "the check itself failed"
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

func TestJudgeWithoutEvidence(t *testing.T) {
	j := judge("")
	run := probe.New(probe.Target{}, probe.Limits{}, "x", redact.New(), nil)
	hold := make(chan struct{})
	defer close(hold)
	j.Futures = run.RunAll(t.Context(), []probe.Probe{{Name: "p", Run: func(context.Context, *probe.Session) { <-hold }}}, func(string) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	want := passed()
	want.Outcome, want.DurationSeconds, want.Message = report.Inconclusive, 0, "the run was interrupted before there was evidence"
	got, err := j.Judge(ctx, aCheck(passing))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("interrupted: error %v; -want +got:\n%s", err, diff)
	}
	j.Futures, want.Message = nil, "the conversation p was never held"
	got, err = j.Judge(t.Context(), aCheck(passing))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("no probe: error %v; -want +got:\n%s", err, diff)
	}
}

// Gomega has one fail handler for the process; judges do not get in each other's way.
func TestJudgesAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			want := report.Pass
			if i%2 == 1 {
				want = report.Fail
			}
			got, err := judge("").Judge(t.Context(), aCheck(func(*exchange.Evidence) { expect.Expect(i % 2).To(matcher.BeExactly(0)) }))
			if got.Outcome != want || err != nil {
				t.Errorf("%d: %s, error %v", i, got.Outcome, err)
			}
		})
	}
	wg.Wait()
}

func TestVerdicts(t *testing.T) {
	v := NewVerdicts()
	if _, ok := v.Find("a"); ok || v.Broken() != nil {
		t.Error("a new collection holds something")
	}
	first := errors.New("first")
	v.Put(report.Result{ID: "a", Outcome: report.Pass}, nil)
	v.Put(report.Result{ID: "b", Outcome: report.Inconclusive}, first)
	v.Put(report.Result{ID: "a", Outcome: report.Fail}, errors.New("second"))
	if r, ok := v.Find("a"); !ok || r.Outcome != report.Fail {
		t.Errorf("a is %+v", r)
	}
	if !errors.Is(v.Broken(), first) {
		t.Errorf("the fault is %v", v.Broken())
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { v.Put(report.Result{ID: "c"}, nil); v.Find("c"); _ = v.Broken() })
	}
	wg.Wait()
}
