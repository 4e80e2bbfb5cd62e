package probe

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/disguise"
)

// disguised makes a run look like an ordinary client, as a change of newRun before begun counts.
func disguised(r *Run) {
	r.Disguise(disguise.New("challenge9"))
	begun(r)
}

// A disguised run finds its own accounts by its mark, those of lost responses too, and leaves what looks much like them.
func TestDisguisedAccounts(t *testing.T) {
	other := disguise.New("challenge9")
	f := &fake{after: hangUp, accounts: []map[string]any{
		item("f-1", other.Prefix()+"worker"), item("f-2", "conf-1a2b-a"), item("f-3", "x", "description", "by "+other.Prefix()),
	}}
	r := newRun(t, serve(t, f.ServeHTTP), disguised)
	s := r.session("p")
	if name := s.Name("minimal"); !strings.HasPrefix(name, r.Facts().Prefix) || strings.Contains(name, "minimal") {
		t.Errorf("the name %q", name)
	}
	s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	s.Create(t.Context(), "upper", fixtures.Minimal(strings.ToUpper(s.Name("a"))))
	s.Create(t.Context(), "marked", fixtures.Fill("good/marked.json", fixtures.Values{Name: "another", Mark: s.Mark()}))
	f.mu.Lock()
	f.accounts = append(f.accounts, item("f-4", r.prefix+"older", "creationTime", "2020-01-01T00:00:00Z"), item("f-5", r.prefix[:len(r.prefix)-2]))
	f.mu.Unlock()
	made := len(r.recording.Of("p"))
	if left := r.cleanUp(t); left.Deleted != made || len(f.deleted) != made {
		t.Errorf("%+v, deleted %q", left, f.deleted)
	}
	want := []string{other.Prefix() + "worker", "conf-1a2b-a", "x", r.prefix + "older", r.prefix[:len(r.prefix)-2]}
	if diff := cmp.Diff(want, f.names()); diff != "" {
		t.Errorf("left: -want +got:\n%s", diff)
	}
}

// Nothing that a disguised run adds to a request names the suite.
func TestDisguisedRequests(t *testing.T) {
	r := newRun(t, serve(t, (&fake{}).ServeHTTP), disguised)
	s := r.session("p")
	s.Create(t.Context(), "described", fixtures.Fill("good/described.json", fixtures.Values{Name: s.Name("described")}))
	s.Send(t.Context(), "garbage", Request{Method: http.MethodGet, Path: collection, As: Bearer("garbage", "this-is-no-token-"+s.Mark())})
	for _, e := range r.recording.All() {
		text := e.Request.URL + string(e.Request.Body)
		for name, values := range e.Request.Header {
			text += name + strings.Join(values, "")
		}
		for _, word := range []string{"conf", "suite", "no-token", "identity"} {
			if strings.Contains(strings.ToLower(text), word) && !strings.Contains(e.Request.Header.Get("User-Agent"), word) {
				t.Errorf("%s: %q is in %s", e.ID, word, text)
			}
		}
	}
}
