package exchange

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func answered(body string) *Exchange {
	return &Exchange{ID: "p/s", Response: &Response{Status: 200, Body: []byte(body)}}
}

func TestDocument(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want any
		ok   bool
	}{
		"object":             {`{"n":12345678901234567890,"b":true,"z":null}`, map[string]any{"n": json.Number("12345678901234567890"), "b": true, "z": nil}, true},
		"array":              {`[1]`, []any{json.Number("1")}, true},
		"null":               {`null`, nil, true},
		"text after the end": {`"a" and more`, "a", true},
		"empty":              {``, nil, false},
		"blank":              {" \n", nil, false},
		"HTML":               {`<html>`, nil, false},
		"broken off":         {`{"status":{"accessToken":"abc`, nil, false},
		"byte order mark":    {"\ufeff{}", nil, false},
		"too deep":           {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), nil, false},
	} {
		e := answered(test.body)
		for range 2 { // the second time from memory
			got, ok := e.Document()
			if diff := cmp.Diff(test.want, got); diff != "" || ok != test.ok {
				t.Errorf("%s: ok is %t; -want +got:\n%s", name, ok, diff)
			}
		}
	}
	for name, e := range map[string]*Exchange{"none": nil, "unanswered": {}} {
		if _, ok := e.Document(); ok {
			t.Errorf("%s: there is a document", name)
		}
		if _, ok := e.Member(""); ok {
			t.Errorf("%s: there is a member", name)
		}
	}
}

func TestDocumentIsSafeForConcurrentUse(t *testing.T) {
	e := answered(`{"metadata":{"id":"x"}}`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if e.AccountID() != "x" {
				t.Error("the id is lost")
			}
		})
	}
	wg.Wait()
}

// The document and most pointers are those of RFC 6901 section 5.
func TestLookup(t *testing.T) {
	var document any
	if err := json.Unmarshal([]byte(`{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8,"~1":9,"deep":{"x":[{"y":null}]}}`), &document); err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]any{
		"": document, "/foo": []any{"bar", "baz"}, "/foo/0": "bar", "/": 0.0, "/a~1b": 1.0, "/c%d": 2.0, "/e^f": 3.0,
		"/g|h": 4.0, "/i\\j": 5.0, "/k\"l": 6.0, "/ ": 7.0, "/m~0n": 8.0, "/~01": 9.0, "/deep/x/0/y": nil,
	} {
		got, ok := Lookup(document, pointer)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%q: ok is %t; -want +got:\n%s", pointer, ok, diff)
		}
	}
	for _, pointer := range []string{
		"foo", "/none", "/foo/2", "/foo/-1", "/foo/-", "/foo/+1", "/foo/01", "/foo/x", "/foo/", "/foo/0/bar", "/deep/x/0/y/z", "//",
	} {
		if got, ok := Lookup(document, pointer); ok || got != nil {
			t.Errorf("%q leads to %v", pointer, got)
		}
	}
}

func TestMembers(t *testing.T) {
	e := answered(`{"metadata":{"id":"one","n":1},"status":{"accessToken":"secret"}}`)
	if got, ok := e.Member("/metadata/n"); got != json.Number("1") || !ok {
		t.Errorf("the number is %v", got)
	}
	for got, want := range map[string]string{
		e.AccountID(): "one", e.AccessToken(): "secret", e.Text("/metadata/n") + "-": "-", e.Text("/none") + ".": ".",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestListed(t *testing.T) {
	e := answered(`[null, 7, {"metadata":{}}, {"metadata":{"id":3}}, {"metadata":{"id":"EE45F34B"}}, {"metadata":{"id":"ee45f34b"}}]`)
	account, position := e.Listed("ee45f34b")
	if position != 4 || account == nil {
		t.Errorf("found at %d: %v", position, account)
	}
	for _, id := range []string{"", "3", "other"} {
		if account, position := e.Listed(id); position != -1 || account != nil {
			t.Errorf("%q found at %d", id, position)
		}
	}
	for _, body := range []string{`{"metadata":{"id":"x"}}`, `no list`, ``} {
		if _, position := answered(body).Listed("x"); position != -1 {
			t.Errorf("found in %q", body)
		}
	}
}
