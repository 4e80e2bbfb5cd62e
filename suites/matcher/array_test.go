package matcher

import "testing"

func TestHoldEach(t *testing.T) {
	m := HoldEach(BeText())
	accepts(t, "one", m, []any{"a"})
	accepts(t, "two", m, []any{"a", "b"})
	refuses(t, "the second is none", m, []any{"a", 7}, "expected: a string | seen: a int")
	for seen, value := range map[string]any{"[]": []any{}, "null": nil, `"a"`: "a", `{"a":1}`: map[string]any{"a": 1}} {
		refuses(t, seen, m, value, "expected: an array with at least one item | seen: "+seen)
	}
}

func TestHoldText(t *testing.T) {
	m := HoldText("header")
	accepts(t, "alone", m, []any{"header"})
	accepts(t, "among others", m, []any{7, nil, "header"})
	for seen, value := range map[string]any{"[]": []any{}, "null": nil, `"header"`: "header", `["Header"]`: []any{"Header"}} {
		refuses(t, seen, m, value, `expected: an array that holds "header" | seen: `+seen)
	}
}

func TestBeURL(t *testing.T) {
	for _, text := range []string{"https://a.example", "http://a.example:8080/p?q=1", "HTTPS://a.example/", "https://[::1]/x"} {
		accepts(t, text, BeURL(""), text)
	}
	for _, text := range []string{"", "a.example", "/p", "//a.example", "ftp://a.example", "https:///p", "https://a b", "https://%zz", "mailto:a@b.example"} {
		refuses(t, text, BeURL(""), text, "expected: an absolute http or https URL | seen: "+Show(text))
	}
	accepts(t, "without", BeURL("?#"), "https://a.example/p")
	refuses(t, "a query", BeURL("?#"), "https://a.example/p?", `expected: a URL without any of ?# | seen: "https://a.example/p?"`)
	refuses(t, "a fragment", BeURL("#"), "https://a.example/#x", `expected: a URL without any of # | seen: "https://a.example/#x"`)
	refuses(t, "no text", BeURL(""), nil, "expected: an absolute URL | seen: null")
}

func TestLackTag(t *testing.T) {
	m := LackTag("old")
	tag := func(name string) any { return map[string]any{"name": name, "value": "v"} }
	accepts(t, "none", m, []any{})
	accepts(t, "others", m, []any{tag("new"), tag("older"), 7})
	accepts(t, "no array", m, nil)
	refuses(t, "it", m, []any{tag("new"), tag("old")},
		`expected: no tag named "old", which was replaced | seen: [{"name":"new","value":"v"},{"name":"old","value":"v"}]`)
}
