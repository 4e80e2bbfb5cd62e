package matcher

import "testing"

func TestBeCleanJSON(t *testing.T) {
	accepts(t, "an object", BeCleanJSON(), answer(200, ` {"a":1} `))
	refuses(t, "two texts", BeCleanJSON(), answer(200, `{} {}`), "expected: one clean JSON text | seen: "+text1(t, `{} {}`)+" | in: p/s")
	accepts(t, "two texts, of names", BeCleanJSON("duplicate-name"), answer(200, `{} {}`))
	refuses(t, "a name twice", BeCleanJSON("duplicate-name"), answer(200, `{"a":1,"a":"`+opaque+`"}`),
		"expected: one clean JSON text | seen: "+text1(t, `{"a":1,"a":2}`)+" | in: p/s")
	accepts(t, "a name twice, of texts", BeCleanJSON("empty", "syntax", "trailing-data", "depth"), answer(200, `{"a":1,"a":2}`))
	lacks(t, "no response", BeCleanJSON(), dropped("s"), "p/s was not answered: closed")
}

// text1 is what the strict reader says of a body.
func text1(t *testing.T, body string) string {
	t.Helper()
	found, _ := Find(BeCleanJSON(), answer(200, body), false)
	if found.Seen == "" {
		t.Fatalf("%s is clean", body)
	}
	if found.Pointer != "" {
		return found.Seen + " | at: " + found.Pointer
	}
	return found.Seen
}

func TestHoldObject(t *testing.T) {
	m := HoldObject()
	accepts(t, "an object", m, answer(200, `{"a":[]}`))
	refuses(t, "an array", m, answer(200, `[]`), "expected: a JSON object | seen: an array | in: p/s")
	refuses(t, "null", m, answer(200, `null`), "expected: a JSON object | seen: null | in: p/s")
	refuses(t, "two objects", m, answer(200, `{} {}`), "expected: one clean JSON text | seen: "+text1(t, `{} {}`)+" | in: p/s")
	refuses(t, "nothing", m, answer(200, ``), "expected: one clean JSON text | seen: "+text1(t, ``)+" | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestHaveSoundLength(t *testing.T) {
	m := HaveSoundLength()
	accepts(t, "none declared", m, answer(200, "abc"))
	accepts(t, "the right one", m, answer(200, "abc", "Content-Length", "3"))
	refuses(t, "another", m, answer(200, "abc", "Content-Length", "4"),
		`expected: Content-Length: 3, the length of the body | seen: Content-Length: "4" | in: p/s`)
	refuses(t, "written otherwise", m, answer(200, "abc", "Content-Length", "+3"),
		`expected: Content-Length: 3, the length of the body | seen: Content-Length: "+3" | in: p/s`)
	refuses(t, "two", m, answer(200, "abc", "Content-Length", "3", "Content-Length", "3"),
		"expected: at most one Content-Length | seen: 2 headers Content-Length | in: p/s")
	cut := answer(200, "abc", "Content-Length", "9000000")
	cut.Response.Truncated = true
	accepts(t, "a body of which the suite kept a part", m, cut)
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestBeDetail(t *testing.T) {
	m := BeDetail("Healthy", "Degraded")
	for name, detail := range map[string]map[string]any{
		"empty": {}, "reason": {"reason": "Healthy"}, "message": {"message": ""}, "both": {"reason": "Degraded", "message": "slow", "more": 1},
	} {
		accepts(t, name, m, detail)
	}
	refuses(t, "no object", m, "Healthy", "expected: an object | seen: a string")
	refuses(t, "null", m, nil, "expected: an object | seen: null")
	refuses(t, "another reason", m, map[string]any{"reason": "healthy"}, `expected: Healthy or Degraded | seen: "healthy" | at: /reason`)
	refuses(t, "a reason of null", m, map[string]any{"reason": nil}, `expected: Healthy or Degraded | seen: null | at: /reason`)
	refuses(t, "no text", m, map[string]any{"reason": "Healthy", "message": []any{}}, "expected: a string | seen: an array | at: /message")
}
