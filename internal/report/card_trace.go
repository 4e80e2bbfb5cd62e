package report

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// TraceContext leads from a failure into the target's own logs.
type TraceContext struct {
	// Parent is the traceparent that was sent (W3C Trace Context); "" if none was.
	Parent string
	// ID is the trace_id of the target's error body, as it stands there; "" if there is none.
	ID string
}

// traceParent is the form of a traceparent that the suite sends.
var traceParent = regexp.MustCompile(`^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)

// longestTraceID is the length up to which a trace_id is shown; one that keeps the contract has 32.
const longestTraceID = 64

// TraceOf finds out under which names the target may know an exchange.
func TraceOf(e Exchange) TraceContext {
	var t TraceContext
	for _, header := range e.Request.Headers {
		if name, value, ok := strings.Cut(header, ": "); ok && strings.EqualFold(name, "Traceparent") && traceParent.MatchString(value) {
			t.Parent = value
		}
	}
	if e.Response == nil || e.Response.Status < 400 {
		return t
	}
	var body struct {
		TraceID any `json:"trace_id"`
	}
	if json.Unmarshal([]byte(e.Response.Body), &body) == nil {
		if id, ok := body.TraceID.(string); ok && len(id) <= longestTraceID {
			t.ID = id
		}
	}
	return t
}

// String names the trace in words; "" if there is nothing to name.
func (t TraceContext) String() string {
	var parts []string
	if t.Parent != "" {
		parts = append(parts, "traceparent "+t.Parent)
	}
	if t.ID != "" {
		parts = append(parts, "trace_id "+t.ID)
	}
	return strings.Join(parts, ", ")
}

// DiffLine is a line of what was expected or seen: marked '-' where only expected, '+' where only seen, ' ' where both.
type DiffLine struct {
	Mark byte
	Text string
}

// Diff is what was expected against what was seen, line by line, without what two long lines have in common.
func (r Result) Diff() []DiffLine {
	expected, seen := lines(r.Expected), lines(r.Seen)
	if len(expected) == 1 && len(seen) == 1 {
		expected[0], seen[0] = apart(expected[0], seen[0])
	}
	var diff []DiffLine
	mark := func(mark byte, lines []string) {
		for _, line := range lines {
			diff = append(diff, DiffLine{mark, line})
		}
	}
	before := shared(expected, seen)
	after := min(sharedEnd(expected, seen), min(len(expected), len(seen))-before)
	mark(' ', expected[:before])
	mark('-', expected[before:len(expected)-after])
	mark('+', seen[before:len(seen)-after])
	mark(' ', expected[len(expected)-after:])
	return diff
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func shared(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func sharedEnd(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// A stretch of more than leastShared bytes that two lines begin or end with is left out but for contextShared of them.
const (
	leastShared   = 80
	contextShared = 20
)

// apart cuts from two lines what they have in common at their ends, if that is long.
func apart(a, b string) (string, string) {
	front, back := 0, 0
	for front < min(len(a), len(b)) && a[front] == b[front] {
		front++
	}
	for back < min(len(a), len(b))-front && a[len(a)-1-back] == b[len(b)-1-back] {
		back++
	}
	cut := func(s string) string {
		from, to := 0, len(s)
		if front > leastShared {
			for from = front - contextShared; !utf8.RuneStart(s[from]); from-- {
			}
		}
		if back > leastShared {
			for to = len(s) - back + contextShared; to < len(s) && !utf8.RuneStart(s[to]); to++ {
			}
		}
		text := s[from:to]
		if from > 0 {
			text = "…" + text
		}
		if to < len(s) {
			text += "…"
		}
		return text
	}
	return cut(a), cut(b)
}

// sameCause lists the ids of the other failures that are likely to have the cause of this one: those which follow from
// the same failure, or else those which saw the same thing in the same place.
func sameCause(r Result, among []Result) []string {
	var ids []string
	for _, other := range among {
		switch {
		case other.ID == r.ID || !other.Outcome.Broke():
		case r.ConsequenceOf != "" && other.ConsequenceOf == r.ConsequenceOf,
			r.ConsequenceOf == "" && other.ConsequenceOf == "" && sameFinding(r, other):
			ids = append(ids, other.ID)
		}
	}
	return ids
}

func sameFinding(a, b Result) bool {
	return a.Expected+a.Seen != "" && a.Expected == b.Expected && a.Seen == b.Seen && a.Pointer == b.Pointer ||
		len(a.Evidence) > 0 && slices.Equal(a.Evidence, b.Evidence) && a.Seen != "" && a.Seen == b.Seen
}

// side is what was expected, or what was seen, behind its mark.
type side struct{ Mark, Text string }

// Sides puts the lines of a diff together again: what both sides share stands on each.
func Sides(diff []DiffLine) []side {
	var expected, seen []string
	for _, line := range diff {
		if line.Mark != '+' {
			expected = append(expected, line.Text)
		}
		if line.Mark != '-' {
			seen = append(seen, line.Text)
		}
	}
	return []side{{"expected  ", strings.Join(expected, "\n")}, {"seen      ", strings.Join(seen, "\n")}}
}
