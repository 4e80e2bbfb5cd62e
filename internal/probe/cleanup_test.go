package probe

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
)

const collection = "/api/v1/organizations/" + organization + "/serviceaccounts"

// leave makes a run over a fake, lets it create accounts of the given labels, and cleans up after it.
func leave(t *testing.T, f *fake, labels ...string) (*Run, Leftovers) {
	t.Helper()
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	for _, label := range labels {
		s.Create(t.Context(), label, fixtures.Minimal(s.Name(label)))
	}
	return r, r.cleanUp(t)
}

func check(t *testing.T, got, want Leftovers, f *fake, left ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("leftovers: -want +got:\n%s", diff)
	}
	if names := f.names(); !slices.Equal(names, left) {
		t.Errorf("left: %q, want %q", names, left)
	}
}

// withNewcomers is what is left if the list shows accounts that were not there before (see begun) and are not the run's.
func withNewcomers(n int, l Leftovers) Leftovers {
	l.Newcomers = n
	l.Unverified = fmt.Sprintf("accounts that appeared during the run, and that it did not create by a response that it saw: %d; they may be those of other clients", n)
	return l
}

func TestNothingSentNothingCleaned(t *testing.T) {
	f := &fake{}
	_, left := leave(t, f)
	check(t, left, Leftovers{Verified: true, Idle: true}, f)
	if len(f.requests) > 0 {
		t.Errorf("asked for %v", f.requests)
	}
}

func TestCleanUp(t *testing.T) {
	f := &fake{accounts: []map[string]any{item("foreign", "conf-9999-other"), item("plain", "billing")}}
	r, left := leave(t, f, "a", "b", "c")
	check(t, left, withNewcomers(2, Leftovers{Created: 3, Deleted: 3}), f, "conf-9999-other", "billing")
	for _, e := range r.recording.Of(Cleanup) {
		if e.Identity != "operator" && e.Step != "token-of-deleted" || e.Operation != ListOperation && e.Operation != DeleteOperation {
			t.Errorf("%s is a %s by %s", e.ID, e.Operation, e.Identity)
		}
	}
	if again := r.cleanUp(t); r.Pending() != 0 || len(f.deleted) != 3 {
		t.Errorf("the second time: %+v, deleted %v", again, f.deleted)
	}
}

// What a probe removed itself is not removed again; what only looked removed is.
func TestCleanUpAfterDeletingProbes(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	removed := s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a"))).AccountID()
	pretended := s.Create(t.Context(), "b", fixtures.Minimal(s.Name("b"))).AccountID()
	elsewhere := s.Create(t.Context(), "c", fixtures.Minimal(s.Name("c"))).AccountID()
	s.Send(t.Context(), "delete", s.DeleteRequest(strings.ToUpper(removed)))
	f.spoil = func(_ http.ResponseWriter, r *http.Request) bool { return r.Method == http.MethodDelete } // 200, and nothing done
	s.Send(t.Context(), "delete", s.DeleteRequest(pretended))
	request := s.DeleteRequest(elsewhere)
	request.Path = Account("00000000-0000-0000-0000-000000000000", elsewhere)
	s.Send(t.Context(), "delete", request)
	f.spoil = nil
	if r.Pending() != 1 {
		t.Errorf("%d accounts to remove", r.Pending())
	}
	check(t, r.cleanUp(t), Leftovers{Created: 3, Deleted: 3, Verified: true}, f)
	slices.Sort(f.deleted)
	if diff := cmp.Diff([]string{"ID-1", pretended, elsewhere}, f.deleted); diff != "" {
		t.Errorf("deleted: -want +got:\n%s", diff)
	}
}

// An account that is gone already was removed by somebody.
func TestCleanUpOfTheUnknown(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	f.accounts = nil
	check(t, r.cleanUp(t), Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}

// The target stored the account, and no response said so.
func TestAmbiguousCreates(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]func(http.ResponseWriter) bool{
		"dropped": hangUp,
		"500":     func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusInternalServerError); return true },
		"no body": func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusCreated); return true },
		"400":     func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusBadRequest); return true },
		"half": func(w http.ResponseWriter) bool {
			raw("HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{\"met")(w, nil)
			return true
		},
		"other body": func(w http.ResponseWriter) bool { _, _ = w.Write([]byte(`{"metadata":{"id":7}}`)); return true },
	} {
		f := &fake{after: after, accounts: []map[string]any{item("foreign", "conf-9999-a")}}
		r := newRun(t, serve(t, f.ServeHTTP))
		s := r.session("p")
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		s.Create(t.Context(), "marked", fixtures.Fill("good/marked.json", fixtures.Values{Name: "another", Mark: s.Mark()}))
		left := r.cleanUp(t)
		t.Log(name)
		made := 2
		if name == "dropped" || name == "half" || name == "500" { // tried again, and again in vain
			made = len(r.recording.Of("p"))
		}
		check(t, left, withNewcomers(1, Leftovers{Created: made, Deleted: made}), f, "conf-9999-a")
	}
}

// An interrupted create may show in the list a little later.
func TestLateCreate(t *testing.T) {
	t.Parallel()
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Create(ctx, "a", fixtures.Minimal(s.Name("a")))
	time.AfterFunc(lag/3, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.accounts = append(f.accounts, item("late", s.Mark()+"a"))
	})
	check(t, r.cleanUp(t), Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}

func TestDeletesThatFail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		asked  int // how often the deletion of one account is asked for
	}{
		"500": {500, 6}, "403": {403, 1}, "409": {409, 6}, "302": {302, 1}, "dropped": {0, 6},
	} {
		f := &fake{}
		f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case r.Method != http.MethodDelete:
				return false
			case test.status == 0:
				w.Header().Set("Connection", "close")
				return hangUp(w)
			}
			w.WriteHeader(test.status)
			return true
		}
		r := newRun(t, serve(t, f.ServeHTTP))
		r.limits.Await = 50 * time.Millisecond
		s := r.session("p")
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		left := r.cleanUp(t)
		t.Log(name)
		check(t, left, Leftovers{Created: 1, Remaining: []string{"conf-1a2b-a (id-1)"}}, f, "conf-1a2b-a")
		if n := len(slices.DeleteFunc(r.recording.Of(Cleanup), func(e *exchange.Exchange) bool { return e.Step != "delete id-1" })); n < test.asked || test.asked == 1 && n > 1 {
			t.Errorf("asked %d times", n)
		}
	}
}

// A target that fails once is asked again.
func TestDeleteThatFailsOnce(t *testing.T) {
	f, failed := &fake{}, false
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodDelete || failed {
			return false
		}
		failed = true
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	_, left := leave(t, f, "a")
	check(t, left, Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}

// A delete that only says that it was done is no delete.
func TestDeleteThatLies(t *testing.T) {
	t.Parallel()
	f := &fake{}
	f.spoil = func(_ http.ResponseWriter, r *http.Request) bool { return r.Method == http.MethodDelete }
	_, left := leave(t, f, "a")
	check(t, left, Leftovers{Created: 1, Remaining: []string{"conf-1a2b-a (id-1)"}}, f, "conf-1a2b-a")
}

func TestAsynchronousDeletion(t *testing.T) {
	t.Parallel()
	f := &fake{}
	lists := 0
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		switch r.Method {
		case http.MethodDelete:
			f.deleted = append(f.deleted, r.URL.Path)
			w.WriteHeader(http.StatusAccepted)
			return true
		case http.MethodGet:
			if lists++; lists == 4 {
				f.accounts = nil
			}
		}
		return false
	}
	_, left := leave(t, f, "a")
	check(t, left, Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
	if len(f.deleted) != 1 {
		t.Errorf("asked to delete %v", f.deleted)
	}

	// One that takes longer than the run has patience for is on its way.
	for _, sign := range [][]any{{"provisioningStatus", "deprovisioning"}, {"deletionTime", "2026-03-01T12:00:00Z"}} {
		f = &fake{}
		f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodDelete {
				return false
			}
			f.accounts[0] = item("id-1", "conf-1a2b-a", sign...)
			return true
		}
		_, left = leave(t, f, "a")
		check(t, left, Leftovers{Created: 1, Deleted: 1}, f, "conf-1a2b-a")
	}
}

func TestListsThatFail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		lists  int
		why    string
	}{
		"403":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, 2, "it got 403"},
		"no list":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }, 2, "the body is not a JSON array"},
		"500":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, 3, "it got 500"},
		"not JSON": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, 2, "the body is not a JSON array"},
	} {
		f := &fake{}
		f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				test.answer(w, r)
				return true
			}
			return false
		}
		_, left := leave(t, f, "a")
		t.Log(name)
		check(t, left, Leftovers{Created: 1, Deleted: 1, Unverified: "the list could not be read: " + test.why}, f)
		if n := f.count("GET "); n < test.lists || test.lists == 2 && n > 2 {
			t.Errorf("asked for %d lists", n)
		}
	}
}

func TestCleanUpWithoutTime(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	left := r.CleanUp(ctx)
	check(t, left, Leftovers{Created: 1, Remaining: []string{"conf-1a2b-a (id-1)"}, Unverified: "the list could not be read: the run was interrupted"}, f, "conf-1a2b-a")
}

// Many accounts go several at a time, and rotating one does not make another.
func TestManyAccounts(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	for range 30 {
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	}
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/rotate") {
			_, _ = w.Write([]byte(`{"metadata":{"id":"other"}}`))
			return true
		}
		return false
	}
	s.Send(t.Context(), "rotate", s.RotateRequest("id-1"))
	check(t, r.cleanUp(t), Leftovers{Created: 30, Deleted: 30, Verified: true}, f)
}
