package generate

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// possible reports whether a condition can hold of a request that the site is about: a request without groups has no several
// groups. What no request can bring about is no mutant.
func (c condition) possible(s site) bool {
	if s.broken == nil {
		return true
	}
	holds := func(document map[string]any) bool {
		return c.is(occasion{Request: &http.Request{}, account: document, count: 1, together: 1})
	}
	// A condition that holds of no good request is about something else than content.
	return !slices.ContainsFunc(samples(), holds) || slices.ContainsFunc(s.broken, holds)
}

// samples are a request with content of all kinds, and one with the least.
func samples() []map[string]any {
	tag := func(name, value string) any { return map[string]any{"name": name, "value": value} }
	return []map[string]any{
		{
			"metadata": map[string]any{
				"name": strings.Repeat("A.b_", 15) + "123", "description": "<b>é</b> & \"more\"\nin two lines",
				"tags": []any{tag("one", "1"), tag("two", "2")},
			},
			"spec": map[string]any{"groupIDs": []any{"one", "two"}},
		},
		{"metadata": map[string]any{"name": "a"}, "spec": map[string]any{"groupIDs": []any{}}},
	}
}

// brokenAt are the samples with a value of another kind at a pointer.
func brokenAt(pointer, kind string) []map[string]any {
	values := map[string]func(old any) any{
		"missing": mutant.Always(mutant.Gone()), "null": mutant.Always(nil), "number": mutant.Always(float64(7)),
		"array": mutant.Always([]any{"text"}), "object": mutant.Always(map[string]any{"text": "text"}),
		"string": func(old any) any { // what is a string is too long, or has characters that are not allowed
			text, _ := old.(string)
			return " " + text + "9"
		},
	}
	var all []map[string]any
	for _, sample := range samples() {
		good := copied(sample)
		mutant.ChangedMember(sample, strings.Split(pointer, "/")[1:], values[kind])
		if !reflect.DeepEqual(good, sample) {
			all = append(all, sample)
		}
	}
	return all
}
