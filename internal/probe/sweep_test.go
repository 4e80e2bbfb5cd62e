package probe

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/tracking"
)

var sinceThen = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func killedRun() SweepTarget {
	return SweepTarget{
		Prefix: "conf-77aa-", Texts: []string{"conf-77aa-a", "by conf-77aa-"}, Since: sinceThen, Made: []string{collection},
		IDs: map[string]string{"ID-5": collection, "id-6": collection, "id-7": collection},
	}
}

// littered is a target on which a run was killed, with accounts of others that look much like its own.
func littered() *fake {
	after, before := sinceThen.Add(time.Minute).Format(time.RFC3339), sinceThen.Add(-time.Hour).Format(time.RFC3339)
	return &fake{accounts: []map[string]any{
		item("id-1", "conf-77aa-a"), item("id-2", "conf-77aa-not-journalled"), item("id-3", "n", "description", "by conf-77aa-"),
		item("id-4", "n", "tags", []any{map[string]any{"name": "run", "value": "by conf-77aa-"}}), item("id-5", "renamed", "creationTime", after),
		item("id-6", "older", "creationTime", before), item("id-7", "ageless"),
		item("f-1", "conf-77ab-a"), item("f-2", "conf-77aa"), item("f-3", "quote", "description", "like conf-77aa-a, but mine"), item("f-4", "billing"),
	}}
}

var others = []string{"older", "ageless", "conf-77ab-a", "conf-77aa", "quote", "billing"}

func TestSweep(t *testing.T) {
	f := littered()
	r := newRun(t, serve(t, f.ServeHTTP))
	dry := r.Sweep(t.Context(), []SweepTarget{killedRun()}, true)
	if len(dry.Found) != 5 || dry.Verified || len(f.deleted) > 0 {
		t.Errorf("dry: %+v, deleted %q", dry, f.deleted)
	}
	swept := newRun(t, r.target.BaseURL).Sweep(t.Context(), []SweepTarget{killedRun()}, false)
	if len(swept.Found) != 5 || !swept.Verified || slices.ContainsFunc(swept.Found, func(f Found) bool { return !f.Gone }) {
		t.Errorf("%+v", swept)
	}
	if !slices.Equal(f.names(), others) {
		t.Errorf("left: %q, want %q", f.names(), others)
	}
	again := newRun(t, r.target.BaseURL).Sweep(t.Context(), []SweepTarget{killedRun()}, false)
	if len(again.Found) != 0 || !again.Verified {
		t.Errorf("again: %+v", again)
	}
}

// A run names accounts in capitals, too, and a target may keep a lost create's account under such a name.
func TestSweepOfANameInCapitals(t *testing.T) {
	const body = `{"metadata":{"name":"CONF-77AA-UPPER","description":"of CONF-77aa-"},"spec":{"groupIDs":[]}}`
	texts := tracking.TextsOf([]byte(body), "conf-77aa-")
	for _, want := range []string{"CONF-77AA-UPPER", "of CONF-77aa-"} {
		if !slices.Contains(texts, want) {
			t.Errorf("texts %q lack %q", texts, want)
		}
	}
	f := &fake{accounts: []map[string]any{item("id-1", "CONF-77AA-UPPER"), item("id-2", "CONF-77A-UPPER"), item("id-3", "MY-CONF-77AA-UPPER")}}
	sought := SweepTarget{Prefix: "conf-77aa-", Since: sinceThen, Made: []string{collection}}
	newRun(t, serve(t, f.ServeHTTP)).Sweep(t.Context(), []SweepTarget{sought}, false)
	if left := f.names(); !slices.Equal(left, []string{"CONF-77A-UPPER", "MY-CONF-77AA-UPPER"}) {
		t.Errorf("left %q", left)
	}
}

// A target may still be at a create when the sweep begins.
func TestSweepOfALateCreate(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	time.AfterFunc(150*time.Millisecond, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.accounts = append(f.accounts, item("late", "conf-77aa-late"))
	})
	sought := SweepTarget{Prefix: "conf-77aa-", Since: sinceThen, Unanswered: [][]string{{"conf-77aa-late"}, {"conf-77aa-never"}}}
	swept := r.Sweep(t.Context(), []SweepTarget{sought}, false)
	if len(swept.Found) != 1 || !swept.Verified || swept.Unseen != 1 || len(f.names()) > 0 {
		t.Errorf("%+v, left %q", swept, f.names())
	}
}

// What cannot be deleted is left, and a list that cannot be read says nothing.
func TestSweepThatFails(t *testing.T) {
	t.Parallel()
	f := littered()
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusForbidden)
		}
		return r.Method == http.MethodDelete
	}
	r := newRun(t, serve(t, f.ServeHTTP))
	if swept := r.Sweep(t.Context(), []SweepTarget{killedRun()}, false); len(swept.Found) != 5 || swept.Verified || swept.Found[0].Gone {
		t.Errorf("403 for deletes: %+v", swept)
	}
	for status, want := range map[int]string{403: "it got 403", 500: "it got 500"} {
		r = newRun(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		if swept := r.Sweep(t.Context(), []SweepTarget{killedRun()}, false); swept.Unreadable != want || swept.Verified {
			t.Errorf("%d for lists: %+v", status, swept)
		}
	}
}

// Other organizations that a run created in are swept too.
func TestSweepElsewhere(t *testing.T) {
	const other = "/api/v1/organizations/11111111-1111-1111-1111-111111111111/serviceaccounts"
	here, there := &fake{}, &fake{accounts: []map[string]any{item("id-1", "conf-77aa-a"), item("f-1", "billing")}}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) >= len(other) && r.URL.Path[:len(other)] == other {
			there.ServeHTTP(w, r)
			return
		}
		here.ServeHTTP(w, r)
	})
	sought := SweepTarget{Prefix: "conf-77aa-", Since: sinceThen, Collections: []string{collection, other, "/api/v1/elsewhere"}}
	if swept := newRun(t, base).Sweep(t.Context(), []SweepTarget{sought}, false); len(swept.Found) != 1 || !swept.Verified {
		t.Errorf("%+v", swept)
	}
	if names := there.names(); !slices.Equal(names, []string{"billing"}) {
		t.Errorf("left there: %q", names)
	}
	if here.count("GET ") == 0 || here.count("GET /api/v1/elsewhere") > 0 {
		t.Errorf("asked here: %q", here.requests)
	}
}

// An account that an ambiguous create made in another organization is found at the end of the run.
func TestCleanUpElsewhere(t *testing.T) {
	const other = "11111111-1111-1111-1111-111111111111"
	there := &fake{after: hangUp}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) > 60 && r.URL.Path[22:58] == other {
			there.ServeHTTP(w, r)
			return
		}
		_, _ = w.Write([]byte("[]"))
	})
	r := newRun(t, base)
	s := r.session("p")
	request := s.CreateRequest([]byte(`{"metadata":{"name":"conf-1a2b-a"},"spec":{"groupIDs":[]}}`))
	request.Path = Accounts(other)
	s.Send(t.Context(), "a", request)
	check(t, r.cleanUp(t), Leftovers{Created: len(r.recording.Of("p")), Deleted: len(r.recording.Of("p")), Verified: true}, there)
}
