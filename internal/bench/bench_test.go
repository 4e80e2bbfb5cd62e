package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTypicalIsTheMedianOfEachPart(t *testing.T) {
	left := []cost{{wall: 3, cpu: 10}, {wall: 1, cpu: 30}, {wall: 2, cpu: 20}}
	c, err := typical(3, func() (cost, error) {
		next := left[0]
		left = left[1:]
		return next, nil
	})
	if err != nil || c.wall != 2 || c.cpu != 20 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := typical(1, func() (cost, error) { return cost{}, errors.New("no") }); err == nil {
		t.Error("an error was lost")
	}
}

func TestRewrite(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	for range 2 { // the tables of the first time are replaced
		if err := os.WriteFile(page, []byte("before\n"+begin+"old\n"+end+"after\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := rewrite(page, "| new |\n"); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(page)
	if want := "before\n" + begin + "\n| new |\n\n" + end + "after\n"; err != nil || string(data) != want {
		t.Errorf("got %q, %v", data, err)
	}
	if err := os.WriteFile(page, []byte("no place"), 0o600); err != nil {
		t.Fatal(err)
	}
	if rewrite(page, "") == nil {
		t.Error("a page without a place for tables was taken")
	}
}

// TestTheReplayKnowsWhatIsLive sends what the recording says, with the ids and tokens of now.
func TestTheReplayKnowsWhatIsLive(t *testing.T) {
	p := &player{live: map[string]string{}}
	p.learn(`{"metadata":{"id":"old"},"status":{"accessToken":"was"}}`, `{"metadata":{"id":"new"},"status":{"accessToken":"is"}}`)
	for text, want := range map[string]string{
		"http://t/api/v1/organizations/o/serviceaccounts/old/rotate": "http://t/api/v1/organizations/o/serviceaccounts/new/rotate",
		"http://t/api/v1/organizations/o/serviceaccounts/old":        "http://t/api/v1/organizations/o/serviceaccounts/new",
		"http://t/api/v1/organizations/o/serviceaccounts/other":      "http://t/api/v1/organizations/o/serviceaccounts/other",
		"Bearer was": "Bearer is",
		"Bearer x":   "Bearer x",
		"":           "",
	} {
		if got := p.translated(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
	e := entry{Started: time.Unix(10, 0), Time: 1500}
	if !e.ended().Equal(time.Unix(11, 500_000_000)) {
		t.Errorf("ended at %v", e.ended())
	}
}
