package silence

import (
	"strings"
	"testing"
	"time"
)

func note(l *Log, kind string, n int, took time.Duration, answered bool) {
	for range n {
		l.Note(kind, took, answered)
	}
}

func TestLimit(t *testing.T) {
	const limit = 10 * time.Second
	for name, c := range map[string]struct {
		before func(l *Log)
		want   time.Duration
	}{
		"nothing was sent":                 {func(*Log) {}, limit},
		"few without a response":           {func(l *Log) { note(l, "list", few-1, limit, false) }, limit},
		"none with a response":             {func(l *Log) { note(l, "list", few, limit, false) }, limit / share},
		"fast, and some without":           {func(l *Log) { note(l, "list", 3, time.Millisecond, true); note(l, "list", few, limit, false) }, limit / share},
		"slow, and some without":           {func(l *Log) { note(l, "list", 1, 8*time.Second, true); note(l, "list", few, limit, false) }, limit},
		"somewhat slow, and some without":  {func(l *Log) { note(l, "list", 1, time.Second, true); note(l, "list", few, limit, false) }, margin * time.Second},
		"many others without":              {func(l *Log) { note(l, "list", 1, time.Second, true); note(l, "create", many, limit, false) }, margin * time.Second},
		"many others without, never tried": {func(l *Log) { note(l, "create", many, limit, false) }, limit},
	} {
		var l Log
		c.before(&l)
		if got := l.Limit("list", limit); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	var l Log
	note(&l, "list", few, limit, false)
	if got := l.Limit("list", least/2); got != least/2 {
		t.Errorf("a short limit became %s", got)
	}
}

func TestRefuse(t *testing.T) {
	var l Log
	note(&l, "delete", refused-1, time.Second, false)
	if why := l.Refuse("delete"); why != "" {
		t.Error("refused too early:", why)
	}
	note(&l, "delete", 1, time.Second, false)
	if why := l.Refuse("delete"); !strings.Contains(why, "none of the 8 requests of its kind") {
		t.Errorf("not refused: %q", why)
	}
	if why := l.Refuse("list"); why != "" {
		t.Error("another kind is refused:", why)
	}
	l.Note("delete", time.Second, true)
	if why := l.Refuse("delete"); why != "" {
		t.Error("refused although one was responded to:", why)
	}
}
