package exchange

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// conversation is create (dropped, then answered), list (answered twice), delete (dropped), and another probe's create.
func conversation() []*Exchange {
	drop := &Failure{Kind: Dropped, Message: "the connection was closed"}
	return []*Exchange{
		{ID: "a/create", Probe: "a", Step: "create", Failure: drop},
		{ID: "a/create#2", Probe: "a", Step: "create", Response: &Response{Status: 201}},
		{ID: "a/list", Probe: "a", Step: "list", Response: &Response{Status: 200}},
		{ID: "a/list#2", Probe: "a", Step: "list", Response: &Response{Status: 200}},
		{ID: "a/list-other", Probe: "a", Step: "list-other", Response: &Response{Status: 200}},
		{ID: "a/delete", Probe: "a", Step: "delete", Failure: drop},
		{ID: "b/list", Probe: "b", Step: "list", Response: &Response{Status: 200}},
	}
}

func ids(exchanges []*Exchange) []string {
	var found []string
	for _, e := range exchanges {
		found = append(found, e.ID)
	}
	return found
}

func TestEvidenceFindsSteps(t *testing.T) {
	for name, test := range map[string]struct {
		look func(*Evidence) []*Exchange
		want []string
	}{
		"At":    {func(ev *Evidence) []*Exchange { return []*Exchange{ev.At("create")} }, []string{"a/create#2"}},
		"Sent":  {func(ev *Evidence) []*Exchange { return []*Exchange{ev.Sent("delete")} }, []string{"a/delete"}},
		"Every": {func(ev *Evidence) []*Exchange { return ev.Every("list") }, []string{"a/list#2", "a/list-other", "b/list"}},
		"Where": {
			func(ev *Evidence) []*Exchange { return ev.Where(func(e *Exchange) bool { return e.Step == "create" }) },
			[]string{"a/create", "a/create#2"},
		},
		"Where nothing": {
			func(ev *Evidence) []*Exchange { return ev.Where(func(*Exchange) bool { return false }) },
			nil,
		},
	} {
		ev := NewEvidence(Facts{}, conversation(), "")
		got := ids(test.look(ev))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if diff := cmp.Diff(test.want, ev.Touched()); diff != "" {
			t.Errorf("%s: touched: -want +got:\n%s", name, diff)
		}
	}
}

func TestEvidencePanicsWithMissing(t *testing.T) {
	looks := map[string]func(*Evidence){
		"At":    func(ev *Evidence) { ev.At("rotate") },
		"Sent":  func(ev *Evidence) { ev.Sent("rotate") },
		"Every": func(ev *Evidence) { ev.Every("rotate") },
	}
	for name, want := range map[string]string{
		"At":    `the step "rotate" was never sent`,
		"Sent":  `the step "rotate" was never sent`,
		"Every": `no step named "rotate"… was sent`,
	} {
		for _, reason := range []string{"", "the target refused to create"} {
			if reason != "" {
				want = reason
			}
			ev := NewEvidence(Facts{}, conversation(), reason)
			if got := missing(t, func() { looks[name](ev) }); got != want {
				t.Errorf("%s: the reason is %q, want %q", name, got, want)
			}
		}
	}
}

// A step that was sent in vain has a reason of its own, and is evidence.
func TestEvidenceOfUnansweredSteps(t *testing.T) {
	ev := NewEvidence(Facts{}, conversation(), "the conversation ended")
	if got, want := missing(t, func() { ev.At("delete") }), "a/delete was not answered: the connection was closed"; got != want {
		t.Errorf("the reason is %q, want %q", got, want)
	}
	if diff := cmp.Diff([]string{"a/delete"}, ev.Touched()); diff != "" {
		t.Errorf("touched: -want +got:\n%s", diff)
	}
}

func TestEvidenceTouches(t *testing.T) {
	ev := NewEvidence(Facts{Organization: "o", Recorded: true}, conversation(), "")
	if diff := cmp.Diff(Facts{Organization: "o", Recorded: true}, ev.Facts()); diff != "" {
		t.Errorf("facts: -want +got:\n%s", diff)
	}
	if !ev.Has("delete") || ev.Has("rotate") || ev.Touched() != nil {
		t.Error("Has is wrong, or it touches")
	}
	ev.At("list")
	ev.At("create")
	ev.At("list")
	ev.Touched()[0] = "changed"
	if diff := cmp.Diff([]string{"b/list", "a/create#2"}, ev.Touched()); diff != "" {
		t.Errorf("touched: -want +got:\n%s", diff)
	}
	ev.Observe("the token is a %s", "JWE")
	ev.Observe("100%% sure")
	if diff := cmp.Diff([]string{"the token is a JWE", "100% sure"}, ev.Notes()); diff != "" {
		t.Errorf("notes: -want +got:\n%s", diff)
	}
}

func missing(t *testing.T, look func()) (reason string) {
	t.Helper()
	defer func() {
		t.Helper()
		cause, ok := recover().(Missing)
		if !ok {
			t.Error("it did not panic with Missing")
		}
		reason = cause.Error()
	}()
	look()
	return ""
}
