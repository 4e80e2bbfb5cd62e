package probe

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/fixtures"
)

// A run stops creating if neither responses nor lists name what it creates, and goes on if a list does.
func TestRunStopsCreatingAccountsThatNobodyNames(t *testing.T) {
	t.Parallel()
	const creates = 40
	fail := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusInternalServerError)
		}
		return r.Method == http.MethodGet
	}
	for name, c := range map[string]struct {
		id    func(n int) any
		spoil func(w http.ResponseWriter, r *http.Request) bool
		made  int
	}{
		"no ids, and a list without names": {func(int) any { return nil }, func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				_, _ = w.Write([]byte(`[{"metadata":{"id":"a","name":"somebody"}}]`))
			}
			return r.Method == http.MethodGet
		}, mostLost},
		"ids that are numbers, and no list":   {func(n int) any { return n }, fail, mostLost},
		"ids that no path can hold, no list":  {func(int) any { return "a/b" }, fail, mostLost},
		"no ids, and a list that shows names": {func(int) any { return nil }, nil, creates},
		"ids, and a list that shows no names": {nil, nil, creates},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{id: c.id, spoil: c.spoil}
			r := newRun(t, serve(t, f.ServeHTTP))
			s := r.session("p")
			for range creates {
				s.Create(t.Context(), "create", fixtures.Minimal(s.Name("a")))
			}
			if got := f.count("POST"); got != c.made {
				t.Errorf("%d creates were sent, want %d", got, c.made)
			}
			if told := strings.Contains(strings.Join(r.Warnings(), "\n"), "creates no more accounts"); told != (c.made < creates) {
				t.Errorf("warnings: %q", r.Warnings())
			}
		})
	}
}
