package disguise

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Nothing of a disguise says which suite sends, and no two runs look alike.
func TestDisguise(t *testing.T) {
	seen := map[string]bool{}
	legal := regexp.MustCompile(`^[0-9a-z](?:[0-9a-z-.]{0,61})$`)
	for range 300 {
		d := New("0123456789abcdef0123")
		if seen[d.Prefix()] || !legal.MatchString(d.Prefix()) || !strings.HasSuffix(d.Prefix(), "-") || len(d.Prefix()) > 30 {
			t.Errorf("the prefix %q", d.Prefix())
		}
		seen[d.Prefix()] = true
		again, ok := Parse(d.String())
		if !ok || again.Prefix() != d.Prefix() || again.Label("malformed-null") != d.Label("malformed-null") || again.Challenge() != "0123456789abcdef0123" {
			t.Errorf("%q is read as another", d)
		}
		other, ok := Parse(strings.Replace(d.String(), "0123456789abcdef0123", "0123456789abcdef0124", 1))
		if !ok || other.Prefix() == d.Prefix() {
			t.Error("another challenge has the same prefix")
		}
		header := http.Header{"Traceparent": {"00-1"}}
		d.Header(header)
		body := d.Text(`{"metadata":{"description":"Made by a conformance run and removed at its end.","tags":[{"name":"purpose","value":"conformance"}]}}`)
		if all := d.Prefix() + header.Get("User-Agent") + body; regexp.MustCompile(`(?i)conf`).MatchString(all) {
			t.Errorf("%s", all)
		}
	}
	for _, spec := range []string{"", ":", strings.Repeat("0", 31) + ":", strings.Repeat("0", 32), strings.Repeat("0", 32) + ":A", "x" + strings.Repeat("0", 32) + ":"} {
		if _, ok := Parse(spec); ok {
			t.Errorf("%q is a disguise", spec)
		}
	}
}

// Checks find the accounts of a kind by the beginning of their names: no other label may look like it.
func TestLabels(t *testing.T) {
	for range 100 {
		d := New("")
		for kind := range told {
			begin := d.Label(kind + "-")
			if got := d.Label(kind + "-null-2"); !strings.HasPrefix(got, begin) || !strings.HasSuffix(got, "-2") {
				t.Errorf("%s: %q does not begin with %q", kind, got, begin)
			}
			for _, other := range []string{"minimal", "malformed-x", "unauthorized-x", "unauthenticated-x", "described", "update-refused", "many-1"} {
				if !strings.HasPrefix(other, kind) && strings.HasPrefix(d.Label(other), begin) {
					t.Errorf("%s looks like %s", other, kind)
				}
			}
		}
	}
	for kind, choices := range told {
		for _, word := range choices {
			if slices.Contains(words, word) {
				t.Errorf("%s is among the other words", word)
			}
			for other, others := range told {
				if other != kind && slices.Contains(others, word) {
					t.Errorf("%s is of two kinds", word)
				}
			}
		}
	}
}

// A text has a length that a check may rely on.
func TestTexts(t *testing.T) {
	for _, text := range texts {
		for _, choice := range text.choices {
			if strings.HasPrefix(text.was, "A description") && len(choice) != len(text.was) {
				t.Errorf("%q has another length", choice)
			}
			if strings.HasPrefix(text.was, `"`) != strings.HasPrefix(choice, `"`) {
				t.Errorf("%q is no JSON where %q is", choice, text.was)
			}
		}
	}
}
