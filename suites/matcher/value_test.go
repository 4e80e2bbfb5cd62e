package matcher

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/jwt"
)

func TestBeUUID(t *testing.T) {
	for _, id := range []string{
		"ee45f34b-9685-40d8-8724-23c31252ca46", "EE45F34B-9685-40D8-8724-23C31252CA46", "018f3e6c-0000-7000-8000-000000000000",
		"00000000-0000-0000-0000-000000000000",
	} {
		accepts(t, id, BeUUID(), id)
	}
	const expected = "expected: a UUID, 8-4-4-4-12 hexadecimal digits | seen: "
	refuses(t, "empty", BeUUID(), "", expected+`"": not 36 characters long`)
	refuses(t, "braces", BeUUID(), "{ee45f34b-9685-40d8-8724-23c31252ca46}", expected+`"{ee45f34b-9685-40d8-8724-23c31252ca46}": not 36 characters long`)
	refuses(t, "a line", BeUUID(), "ee45f34b-9685-40d8-8724-23c31252ca4\n",
		expected+`"ee45f34b-9685-40d8-8724-23c31252ca4\n": a character that is no hexadecimal digit where one belongs`)
}

func TestBeRFC3339(t *testing.T) {
	for _, moment := range []string{"2024-05-31T14:11:00Z", "2024-05-31t14:11:00.123z", "2024-05-31T14:11:00+02:00"} {
		accepts(t, moment, BeRFC3339(), moment)
	}
	refuses(t, "a day too many", BeRFC3339(), "2024-02-30T00:00:00Z",
		`expected: an RFC 3339 date-time | seen: "2024-02-30T00:00:00Z": a day that the month does not have`)
	refuses(t, "a number", BeRFC3339(), json.Number("1"), "expected: a string | seen: 1")
}

func TestBeExactly(t *testing.T) {
	accepts(t, "text", BeExactly("a"), "a")
	accepts(t, "an array", BeExactly([]any{"a"}), []any{"a"})
	refuses(t, "another type", BeExactly("1"), json.Number("1"), `expected: "1" | seen: 1`)
	refuses(t, "null", BeExactly("a"), nil, `expected: "a" | seen: null`)
	refuses(t, "another case", BeExactly("a"), "A", `expected: "a" | seen: "A"`)
}

func TestBeSameID(t *testing.T) {
	accepts(t, "another case", BeSameID("ee45F34b"), "EE45f34B")
	refuses(t, "another", BeSameID("a"), "b", `expected: "a" | seen: "b"`)
	refuses(t, "null", BeSameID("a"), nil, "expected: a string | seen: null")
}

func TestBeText(t *testing.T) {
	accepts(t, "text", BeText(), "")
	for seen, value := range map[string]any{
		"null": nil, "a number": json.Number("1"), "a boolean": true, "an array": []any{}, "an object": map[string]any{}, "a int": 1,
	} {
		refuses(t, seen, BeText(), value, "expected: a string | seen: "+seen)
		refuses(t, seen, BeNonEmptyText(), value, "expected: a string | seen: "+seen)
	}
	accepts(t, "not empty", BeNonEmptyText(), " ")
	refuses(t, "empty", BeNonEmptyText(), "", "expected: a string that is not empty | seen: an empty string")
}

func TestBeOneOf(t *testing.T) {
	accepts(t, "one", BeOneOf("a", "b"), "b")
	refuses(t, "another", BeOneOf("a", "b", "c"), "d", `expected: a, b or c | seen: "d"`)
	refuses(t, "another case", BeOneOf("a"), "A", `expected: a | seen: "A"`)
	refuses(t, "null", BeOneOf("a"), nil, `expected: a | seen: null`)
}

func TestBeSameSet(t *testing.T) {
	m := BeSameSet("a", "b")
	accepts(t, "in another order and case, one twice", m, []any{"B", "a", "b"})
	accepts(t, "empty", BeSameSet(), []any{})
	refuses(t, "one missing", m, []any{"a"}, `expected: the set ["a","b"] | seen: ["a"]`)
	refuses(t, "one too many", m, []any{"a", "b", "c"}, `expected: the set ["a","b"] | seen: ["a","b","c"]`)
	refuses(t, "a number", m, []any{"a", json.Number("1")}, "expected: an array of strings | seen: an item that is a number")
	refuses(t, "null", m, nil, "expected: an array | seen: null")
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestBeNear(t *testing.T) {
	e := answer(201, "")
	e.StartedAt, e.Timings.Total = noon, 2*time.Second
	m := BeNear(e, time.Minute)
	for _, moment := range []string{"2026-03-01T11:59:00Z", "2026-03-01T12:01:02Z", "2026-03-01T13:00:30.5+01:00"} {
		accepts(t, moment, m, moment)
	}
	refuses(t, "early", m, "2026-03-01T11:58:59Z", "expected: a time within 1m0s of 2026-03-01T12:00:00Z | seen: 2026-03-01T11:58:59Z")
	refuses(t, "late", m, "2026-03-01T12:01:02.000000001Z", "expected: a time within 1m0s of 2026-03-01T12:00:00Z | seen: 2026-03-01T12:01:02.000000001Z")
	refuses(t, "no time", m, "noon", `expected: an RFC 3339 date-time | seen: "noon": shorter than a date, T and a time with seconds`)

	// A target whose clock is another is held to its own.
	e.Response.Header.Set("Date", "Sun, 01 Mar 2026 17:00:00 GMT")
	accepts(t, "by the target's clock", m, "2026-03-01T17:01:01Z")
	accepts(t, "by the target's clock", m, "2026-03-01T16:58:58Z")
	accepts(t, "by ours", m, "2026-03-01T12:00:00Z")
	refuses(t, "by neither", m, "2026-03-01T17:01:02Z",
		"expected: a time within 1m0s of 2026-03-01T12:00:00Z, or of the target's Date 2026-03-01T17:00:00Z | seen: 2026-03-01T17:01:02Z")
}

func TestBeLaterThan(t *testing.T) {
	m := BeLaterThan(noon, "the response")
	accepts(t, "later", m, "2026-03-01T12:00:00.1Z")
	refuses(t, "equal", m, "2026-03-01T13:00:00+01:00", "expected: a time later than the response, 2026-03-01T12:00:00Z | seen: 2026-03-01T12:00:00Z")
	refuses(t, "no time", m, "", `expected: an RFC 3339 date-time | seen: "": shorter than a date, T and a time with seconds`)
}

func TestTargetClock(t *testing.T) {
	e := answer(201, "")
	e.StartedAt, e.Timings.Total = noon, time.Second
	for date, want := range map[string]time.Time{
		"":                              noon.Add(time.Second),
		"yesterday":                     noon.Add(time.Second),
		"Sun, 01 Mar 2026 17:00:00 GMT": noon.Add(5 * time.Hour),
	} {
		e.Response.Header.Set("Date", date)
		if got := TargetClock(e); !got.Equal(want) {
			t.Errorf("%q: %s, want %s", date, got, want)
		}
	}
}

// TestShowHidesPlaceholders shows the same of a token and of what a recording has in its place.
func TestShowHidesPlaceholders(t *testing.T) {
	raw := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
	long := strings.Repeat("x", 200)
	for _, text := range []string{"%s", "Bearer %s", "%s" + long, long + " %s"} {
		live := Show(fmt.Sprintf(text, raw))
		recorded := Show(fmt.Sprintf(text, jwt.Inspect(raw).Placeholder()))
		if live != recorded || strings.Contains(live, "eyJ") {
			t.Errorf("%s: %s and %s", text, live, recorded)
		}
	}
}

func TestBeSameSecond(t *testing.T) {
	m := BeSameSecond(time.Date(2024, 5, 31, 14, 11, 0, 250e6, time.UTC))
	for _, text := range []string{"2024-05-31T14:11:00.25Z", "2024-05-31T14:11:00Z", "2024-05-31T16:11:01+02:00", "2024-05-31T14:10:59.251Z"} {
		accepts(t, text, m, text)
	}
	refuses(t, "a second", m, "2024-05-31T14:11:01.25Z", "expected: 2024-05-31T14:11:00.25Z | seen: 2024-05-31T14:11:01.25Z")
	refuses(t, "in the zone of the other", m, "2024-05-31T14:11:00+02:00", "expected: 2024-05-31T14:11:00.25Z | seen: 2024-05-31T12:11:00Z")
	if got := text(t, m, "today"); !strings.HasPrefix(got, "expected: an RFC 3339 date-time\nseen: \"today\": ") {
		t.Errorf("no time: %s", got)
	}
}
