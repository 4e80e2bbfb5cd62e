package probe

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/fixtures"
)

// behind is a target whose creation times follow a clock that is behind by a while.
func behind(by time.Duration) *fake {
	f := &fake{}
	f.after = func(w http.ResponseWriter) bool {
		made := f.accounts[len(f.accounts)-1]
		made["metadata"].(map[string]any)["creationTime"] = time.Now().Add(-by).UTC().Format(time.RFC3339)
		return false
	}
	return f
}

// An account is deleted although it seems hours older than the run, if the list before did not hold it, the response to a
// create named it, and the list shows it with the very text that the create sent. A lookalike is not.
func TestClockBehind(t *testing.T) {
	for _, by := range []time.Duration{6 * time.Minute, 3 * time.Hour, 25 * time.Hour} {
		f := behind(by)
		r := newRun(t, serve(t, f.ServeHTTP), unread)
		s := r.session("p")
		old := time.Now().Add(-by - time.Hour).UTC().Format(time.RFC3339)
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		s.Create(t.Context(), "b", []byte(`{"metadata":{"name":"b","description":"`+s.Mark()+`"},"spec":{"groupIDs":[]}}`))
		f.accounts = append(f.accounts,
			item("l1", "conf-1a2b-a", "creationTime", old), item("l2", "billing", "description", "conf-1a2b-", "creationTime", old))
		if e := s.Send(t.Context(), "rotate", s.RotateRequest("l1")); kindOf(e) != "limit" {
			t.Errorf("%s: a lookalike was addressed", by)
		}
		left := r.cleanUp(t)
		if diff := cmp.Diff([]string{"conf-1a2b-a", "billing"}, f.names()); diff != "" {
			t.Errorf("%s: -want +got:\n%s\n%+v", by, diff, left)
		}
		if left.Deleted != 2 || left.Verified {
			t.Errorf("%s: %+v", by, left)
		}
	}
}

// What seems older than the run is left alone if the list was not read before, if it shows another name, or if no clock is
// so far behind.
func TestOlderAndNotOurs(t *testing.T) {
	hours, days := time.Now().Add(-3*time.Hour).UTC(), time.Now().Add(-27*time.Hour).UTC()
	for name, test := range map[string]struct {
		list, after string
		own         bool
	}{
		"ours":                       {"[]", "[" + told("n", "conf-1a2b-a", "creationTime", hours.Format(time.RFC3339)) + "]", true},
		"no list before":             {"", "[" + told("n", "conf-1a2b-a", "creationTime", hours.Format(time.RFC3339)) + "]", false},
		"not shown":                  {"[]", "[]", false},
		"another name":               {"[]", "[" + told("n", "billing", "creationTime", hours.Format(time.RFC3339)) + "]", false},
		"there before":               {"[" + told("N", "billing") + "]", "[" + told("n", "conf-1a2b-a", "creationTime", hours.Format(time.RFC3339)) + "]", false},
		"a clock that was never set": {"[]", "[" + told("n", "conf-1a2b-a", "creationTime", "1970-01-01T00:00:00Z") + "]", true},
		"a clock that was never set, of another name": {"[]", "[" + told("n", "billing", "creationTime", "1970-01-01T00:00:00Z") + "]", false},
		"more than 26 hours":                          {"[]", "[" + told("n", "conf-1a2b-a", "creationTime", days.Format(time.RFC3339)) + "]", false},
	} {
		lists := 0
		r := newRun(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.Method {
			case http.MethodPost:
				w.WriteHeader(http.StatusCreated)
				_, _ = fmt.Fprint(w, told("n", "conf-1a2b-a", "creationTime", hours.Format(time.RFC3339)))
			case http.MethodGet:
				if lists++; lists > 1 {
					_, _ = fmt.Fprint(w, test.after)
				} else if test.list == "" {
					w.WriteHeader(http.StatusForbidden)
				} else {
					_, _ = fmt.Fprint(w, test.list)
				}
			}
		}), unread)
		r.limits.Await = 60 * time.Millisecond
		s := r.session("p")
		s.Create(t.Context(), "a", fixtures.Minimal("conf-1a2b-a"))
		e := s.Send(t.Context(), "delete", s.DeleteRequest("n"))
		if sent := kindOf(e) != "limit"; sent != test.own {
			t.Errorf("%s: sent: %t, %+v", name, sent, e.Failure)
		}
	}
}

// A sweep removes accounts of a target whose clock is behind only if the journal names id and text; of others that are
// older it says that it cannot know.
func TestSweepOfAClockBehind(t *testing.T) {
	before := sinceThen.Add(-time.Hour).Format(time.RFC3339)
	f := &fake{accounts: []map[string]any{
		item("id-5", "conf-77aa-a", "creationTime", before), item("id-6", "billing", "creationTime", before), item("id-8", "conf-77aa-a", "creationTime", before),
	}}
	swept := newRun(t, serve(t, f.ServeHTTP)).Sweep(t.Context(), []SweepTarget{killedRun()}, false)
	if diff := cmp.Diff([]string{"billing", "conf-77aa-a"}, f.names()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if swept.Verified || len(swept.Unclear) != 1 {
		t.Errorf("%+v", swept)
	}
}
