package states

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// A list that is kept for a while is that of the same request: a refusal of its query is no response to another one.
func TestCachedListsOfOneRequest(t *testing.T) {
	const path = "/api/v1/organizations/d4600d6e-e965-4b44-a808-84fb2fa36702/serviceaccounts"
	served := 0
	handler := CachedLists(time.Hour).Wrap(reference.Credentials{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served++
		_, _ = fmt.Fprintf(w, `["%s"]`, r.URL.RawQuery)
	}))
	bodies := map[string]bool{}
	for _, query := range []string{"", "?a=1", "", "?a=1"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path+query, http.NoBody))
		bodies[w.Body.String()] = true
	}
	if served != 2 || len(bodies) != 2 {
		t.Errorf("%d requests were served, with the bodies %v", served, bodies)
	}
}
