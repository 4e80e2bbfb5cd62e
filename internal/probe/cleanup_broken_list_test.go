package probe

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// An account that no request can name counts as created and as left, also if the list that shows it breaks off, and if a later
// list shows less of it.
func TestBrokenListsStillCount(t *testing.T) {
	t.Parallel()
	f := &fake{id: func(int) any { return "a/b" }}
	lists := 0
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || len(f.accounts) == 0 {
			return false
		}
		lists++
		shown := f.accounts[:len(f.accounts)-min(lists/2, 1)]
		text, _ := json.Marshal(shown)
		_, _ = io.WriteString(w, string(text[:len(text)-1])+`,{"metadata"`)
		return true
	}
	_, left := leave(t, f, "a", "b", "c")
	want := Leftovers{Created: 3, Unverified: "the list could not be read: the list broke off"}
	want.Remaining, want.Unseen = left.Remaining, left.Unseen
	if diff := cmp.Diff(want, left); diff != "" || len(left.Remaining) != want.Created {
		t.Errorf("-want +got:\n%s%q", diff, left.Remaining)
	}
}

// A list that is longer than the suite reads is told as that.
func TestListsLongerThanTheLimit(t *testing.T) {
	t.Parallel()
	var l tracking.Listing
	one := `{"metadata":{"id":"1","name":"x"},"d":"` + strings.Repeat("x", bodies.MostItem/2) + `"},`
	l.Read(strings.NewReader("["+strings.Repeat(one, bodies.MostListBytes/len(one)+1)+`0]`), func(*tracking.Listed) {})
	if l.Fault != "the list is longer than 64 MB, which is a limit of the suite" {
		t.Error(l.Fault)
	}
}
