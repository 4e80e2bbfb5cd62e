package defects

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/mutant"
)

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range All() {
		if seen[d.Name] || d.Name == "" || d.Family == "" || d.Description == "" || d.Effect == "" || len(d.Breaks) == 0 {
			t.Errorf("%q is named twice, or lacks something", d.Name)
		}
		if seen[d.Name] = true; d.Configure == nil && d.Wrap == nil {
			t.Errorf("%q changes nothing", d.Name)
		}
	}
}

func TestEdited(t *testing.T) {
	for _, c := range []struct {
		document, pointer string
		change            func(any) any
		want              string
	}{
		{`{"a":{"b":"x"}}`, "/a/b", mutant.OnText(func(s string) any { return strings.ToUpper(s) }), `{"a":{"b":"X"}}`},
		{`{"a":{}}`, "/a/b", mutant.OnText(func(string) any { return "x" }), `{"a":{}}`},
		{`{"a":{"b":1}}`, "/a/b", mutant.Always(mutant.Gone()), `{"a":{}}`},
		{`{"a":{"b":1}}`, "/a/b", mutant.Always(nil), `{"a":{"b":null}}`},
	} {
		var document any
		if err := json.Unmarshal([]byte(c.document), &document); err != nil {
			t.Fatal(err)
		}
		if got, _ := json.Marshal(mutant.Edited(document, c.pointer, c.change)); string(got) != c.want {
			t.Errorf("%s at %s became %s, want %s", c.document, c.pointer, got, c.want)
		}
	}
}

// An account that was given another id is known by it in every operation, and is gone once it was deleted by it.
func TestRenamed(t *testing.T) {
	handler, server, err := mutant.WithOtherIDs(func(_ mutant.View, id string) string { return "urn:uuid:" + id }).Build()
	if err != nil {
		t.Fatal(err)
	}
	known := server.Credentials()
	collection := "/api/v1/organizations/" + known.Organization + "/serviceaccounts"
	send := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+known.Token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	const body = `{"metadata":{"name":"x"},"spec":{"groupIDs":[]}}`
	var account map[string]any
	if err := json.Unmarshal(send(http.MethodPost, collection, body).Body.Bytes(), &account); err != nil {
		t.Fatal(err)
	}
	id, _ := mutant.Lookup(account, "/metadata/id").(string)
	if !strings.HasPrefix(id, "urn:uuid:") || !strings.Contains(send(http.MethodGet, collection, "").Body.String(), id) {
		t.Fatalf("the account is not known as %q", id)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		if got := send(method, collection+"/"+id, body).Code; got != http.StatusOK {
			t.Errorf("%s got %d", method, got)
		}
	}
	if n := server.Count(known.Organization); n != 0 {
		t.Errorf("%d accounts are left", n)
	}
}
