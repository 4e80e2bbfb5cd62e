package matcher

import (
	"errors"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// A nil is a value of the types that have one, and no string.
func TestTypes(t *testing.T) {
	refuses(t, "null", BeUUID(), nil, "expected: a string | seen: null")
	refuses(t, "a number", BeUUID(), 7, "expected: a string | seen: 7")
	refuses(t, "a struct", By(func(struct{ A int }) *Mismatch { return nil }), "x", `expected: a struct { A int } | seen: "x"`)
	accepts(t, "any", By(func(v any) *Mismatch { return wrongUnless(v == nil) }), nil)
	accepts(t, "an error", By(func(err error) *Mismatch { return wrongUnless(err == nil) }), nil)
	accepts(t, "a slice", By(func(s []string) *Mismatch { return wrongUnless(s == nil) }), nil)
	accepts(t, "a pointer", By(func(e *exchange.Exchange) *Mismatch { return wrongUnless(e == nil) }), nil)
	refuses(t, "a token where none belongs", BeUUID(), map[string]any{"access_token": opaque, "x": []any{jws, opaque[:7]}},
		`expected: a string | seen: {"access_token":"(a token)","x":["(a token)","0123456"]}`)
}

func wrongUnless(ok bool) *Mismatch {
	if ok {
		return nil
	}
	return &Mismatch{Expected: "nil", Seen: "something"}
}

func TestNegated(t *testing.T) {
	if got, want := HaveStatus(201).NegatedFailureMessage(answer(201, "")), "expected: anything else\nseen: exchange p/s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := BeText().NegatedFailureMessage(jws), "expected: anything else\nseen: \"(a token)\""; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Through Gomega, with and without a description.
func TestThroughGomega(t *testing.T) {
	gomega.RegisterTestingT(t) // Gomega wants a handler before it lets one be intercepted
	for description, want := range map[string]string{
		"":     "expected: a string\nseen: null",
		"this": "this\nexpected: a string\nseen: null",
	} {
		err := gomega.InterceptGomegaFailure(func() {
			if description == "" {
				gomega.Expect(nil).To(BeText())
			} else {
				gomega.Expect(nil).To(BeText(), description)
			}
		})
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestAll(t *testing.T) {
	m := All(BeText(), BeNonEmptyText(), gomega.HavePrefix("a"))
	accepts(t, "all", m, "ab")
	accepts(t, "none at all", All(), 7)
	refuses(t, "the first", m, 7, "expected: a string | seen: a int")
}

func TestRun(t *testing.T) {
	failing := gomega.WithTransform(func(any) (int, error) { return 0, errors.New("no transform") }, gomega.Equal(1))
	if m := run(failing, "x"); m == nil || m.Expected != "a value that can be judged" || !strings.Contains(m.Seen, "no transform") {
		t.Errorf("the mismatch is %+v", m)
	}
	if m := run(gomega.Equal("x"), "y"); m == nil || !strings.HasPrefix(m.Expected, "Expected\n    <string>: y\nto equal") || m.Seen != `"y"` {
		t.Errorf("the mismatch is %+v", m)
	}
	if m := run(gomega.Equal("x"), "x"); m != nil {
		t.Errorf("the mismatch is %+v", m)
	}
}

func TestShow(t *testing.T) {
	for want, value := range map[string]any{
		"null":            nil,
		`"a\n\x1b\""`:     "a\n\x1b\"",
		`["a",1,true]`:    []any{"a", 1, true},
		`{"a":null}`:      map[string]any{"a": nil},
		`["a"]`:           []string{"a"},
		"exchange p/s":    answer(200, ""),
		"a func()":        func() {},
		`"(a token)"`:     jws,
		`"in (a token)!"`: "in " + jws + "!",
		`"` + strings.Repeat("é", 60) + `"… (122 bytes)`:               strings.Repeat("é", 61),
		`["` + strings.Repeat("é", 59) + `… (126 bytes)`:               []any{strings.Repeat("é", 61)},
		`"` + strings.Repeat("x", 119) + `"… (121 bytes)`:              strings.Repeat("x", 119) + "é",
		`{"accessToken":"(a token)","b":{"access_token":"(a token)"}}`: map[string]any{"accessToken": opaque, "b": map[string]any{"access_token": 7}},
	} {
		if got := Show(value); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, plain := range []string{"identity.example.com", "eyes.on.you", "1.2.3", "conf-1-minimal", "2024-05-31T14:11:00Z", "eyJhbGciOi"} {
		if got := Show(plain); got != `"`+plain+`"` {
			t.Errorf("%s is shown as %s", plain, got)
		}
	}
}
