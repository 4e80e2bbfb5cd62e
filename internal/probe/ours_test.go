package probe

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/bodies"
)

// Accounts are found by name, description and tags; ids in any case are the same.
func TestOurs(t *testing.T) {
	tag := func(value any) []any { return []any{7, map[string]any{"name": "run", "value": value}} }
	f := &fake{accounts: []map[string]any{
		item("1", "conf-1a2b-x"), item("2", "n", "description", "by conf-1a2b-"), item("3", "n", "tags", tag("conf-1a2b-")),
		item("4", "conf-1a2-x"), item("5", "n", "tags", tag(7)), item("6", "n", "description", nil),
	}}
	_, left := leave(t, f, "a")
	check(t, left, withNewcomers(3, Leftovers{Created: 4, Deleted: 4}), f, "conf-1a2-x", "n", "n")
}

// A target may answer a create with the id of an account that is not the run's.
func TestForeignIDs(t *testing.T) {
	f := &fake{
		accounts: []map[string]any{item("old", "billing", "creationTime", "2020-01-01T00:00:00Z")},
		after: func(w http.ResponseWriter) bool {
			w.WriteHeader(201)
			_, _ = w.Write([]byte(`{"metadata":{"id":"OLD","name":"billing"}}`))
			return true
		},
	}
	_, left := leave(t, f, "a")
	check(t, left, Leftovers{Created: 1, Deleted: 1, Verified: true}, f, "billing")
	if diff := cmp.Diff([]string{"id-1"}, f.deleted); diff != "" {
		t.Errorf("deleted: -want +got:\n%s", diff)
	}

	// One that the target renamed is the run's all the same.
	f = &fake{id: func(int) any { return "new" }}
	f.after = func(http.ResponseWriter) bool {
		f.accounts[0] = item("new", "renamed", "creationTime", time.Now().UTC().Format(time.RFC3339))
		return false
	}
	_, left = leave(t, f, "a")
	check(t, left, Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}

// Ids that would lead elsewhere are left alone, and told of.
func TestHostileIDs(t *testing.T) {
	fine := []string{"~weird-but.fine_"}
	for _, id := range append(append(fine, "a:b", "a(b)", "é", "a+b", "a@b", strings.Repeat("a", bodies.LongestID+1)), hostileIDs...) {
		if !utf8.ValidString(id) {
			continue // no JSON holds it
		}
		f := &fake{id: func(int) any { return id }, accounts: []map[string]any{item("foreign", "billing")}}
		f.spoil = func(_ http.ResponseWriter, r *http.Request) bool {
			rest, ok := strings.CutPrefix(r.URL.EscapedPath(), collection)
			if !ok || r.Method == http.MethodDelete && (len(rest) < 2 || strings.ContainsAny(rest[1:], "/") || strings.Trim(rest, "/.") == "") {
				t.Errorf("%q led to %s %s", id, r.Method, r.URL.EscapedPath())
			}
			return false
		}
		r := newRun(t, serve(t, f.ServeHTTP))
		r.limits.Await = 10 * time.Millisecond
		s := r.session("p")
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		left := r.cleanUp(t)
		if slices.Contains(fine, id) {
			check(t, left, withNewcomers(1, Leftovers{Created: 1, Deleted: 1}), f, "billing")
			continue
		}
		if left.Created != 1 || left.Deleted != 0 || len(left.Remaining) != 1 || !strings.HasPrefix(left.Remaining[0], "conf-1a2b-a (") || left.Verified {
			t.Errorf("%q: %+v", id, left)
		}
		if len(f.deleted) > 0 {
			t.Errorf("%q: asked to delete %q", id, f.deleted)
		}
	}
}

// Ids that are no strings cannot be deleted, and are told of too.
func TestIDsThatAreNone(t *testing.T) {
	t.Parallel()
	f := &fake{id: func(int) any { return 7 }}
	_, left := leave(t, f, "a")
	check(t, left, Leftovers{Created: 1, Remaining: []string{"conf-1a2b-a (no id)"}, Unverified: "the list is not clear: entries without an id or a name: 1"}, f, "conf-1a2b-a")
}

// An account that was made where it should not have been is removed there.
func TestOtherOrganization(t *testing.T) {
	f := &fake{}
	const other = "/api/v1/organizations/11111111-1111-1111-1111-111111111111/serviceaccounts"
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Method == http.MethodDelete && !strings.HasPrefix(r.URL.Path, other):
			w.WriteHeader(http.StatusNotFound)
			return true
		case r.Method == http.MethodGet:
			_, _ = w.Write([]byte("[]"))
			return true
		}
		return false
	}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	request := s.CreateRequest(fixtures.Minimal(s.Name("a")))
	request.Path, request.Operation = other+"/?x=y", ""
	f.accounts = nil
	s.Send(t.Context(), "a", request)
	if r.Pending() != 0 {
		t.Fatal("the fake does not know this path")
	}
	request.Path = other + "?x=y"
	s.Send(t.Context(), "a", request)
	check(t, r.cleanUp(t), Leftovers{Created: 1, Deleted: 1, Verified: true}, f)

	// Where nobody knows it there, it may be where it belongs.
	f = &fake{}
	r = newRun(t, serve(t, f.ServeHTTP))
	s = r.session("p")
	request = s.CreateRequest(fixtures.Minimal(s.Name("a")))
	request.Path = strings.ReplaceAll(collection, organization, strings.ToUpper(organization))
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodDelete && strings.Contains(r.URL.Path, strings.ToUpper(organization)) {
			w.WriteHeader(http.StatusNotFound)
			return true
		}
		return false
	}
	s.Send(t.Context(), "a", request)
	check(t, r.cleanUp(t), Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}
