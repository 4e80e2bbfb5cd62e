package exchange

import (
	"testing"
	"time"
)

func TestAnswered(t *testing.T) {
	complete := &Response{Status: 201}
	for name, test := range map[string]struct {
		e                 *Exchange
		answered, success bool
		status            int
		unanswered        string
	}{
		"complete":   {e: &Exchange{ID: "p/s", Response: complete}, answered: true, success: true, status: 201},
		"refused":    {e: &Exchange{ID: "p/s", Response: &Response{Status: 404}}, answered: true, status: 404},
		"broken off": {e: &Exchange{ID: "p/s", Response: complete, Failure: &Failure{Kind: Dropped, Message: "closed"}}, status: 201, unanswered: "p/s was not answered: closed"},
		"failed":     {e: &Exchange{ID: "p/s", Failure: &Failure{Kind: Refused, Message: "refused"}}, unanswered: "p/s was not answered: refused"},
		"nothing":    {e: &Exchange{ID: "p/s"}, unanswered: "p/s was not answered"},
	} {
		if got := test.e.Answered(); got != test.answered {
			t.Errorf("%s: Answered is %t", name, got)
		}
		if got := test.e.Success(); got != test.success {
			t.Errorf("%s: Success is %t", name, got)
		}
		if got := test.e.Status(); got != test.status {
			t.Errorf("%s: Status is %d", name, got)
		}
		if got := test.e.Unanswered(); got != test.unanswered {
			t.Errorf("%s: Unanswered is %q, want %q", name, got, test.unanswered)
		}
	}
	var none *Exchange
	if none.Answered() || none.Success() || none.Status() != 0 {
		t.Error("no exchange at all is answered")
	}
}

func TestFinishedAt(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	e := &Exchange{StartedAt: start, Timings: Timings{Total: 1500 * time.Millisecond}}
	if got := e.FinishedAt(); !got.Equal(start.Add(1500 * time.Millisecond)) {
		t.Errorf("finished at %s", got)
	}
}

func TestRewritten(t *testing.T) {
	for url, want := range map[string]bool{
		"https://host": false, "https://host/": true, "https://host/a/b": false, "https://host/a/b/": true, "https://host/a//b": true,
		"https://host/a/../b": true, "https://host/a/%2E%2e/b": true, "https://host/a/b%2Fc": true, "https://host/a/b%5cc": true,
		"https://host/a/b?c=//..": false, "https://host/a/..b": false,
	} {
		if got := (&Exchange{Request: Request{URL: url}}).Rewritten(); got != want {
			t.Errorf("%s: %t, want %t", url, got, want)
		}
	}
}
