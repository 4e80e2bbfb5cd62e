package matcher

import (
	"encoding/json"
	"testing"

	"github.com/sa-conformance/conformance/internal/exchange"
)

func TestDifferIn(t *testing.T) {
	with := func(step, body string) *exchange.Exchange { return named(step, answer(201, body)) }
	token := func(step, value string) *exchange.Exchange {
		return with(step, `{"status":{"accessToken":"`+value+`"}}`)
	}
	m := DifferIn("/status/accessToken")
	accepts(t, "distinct", m, []*exchange.Exchange{token("a", "1"), token("b", "2")})
	accepts(t, "with others", m, []*exchange.Exchange{
		token("a", "1"), with("c", `{}`), with("d", `{}`), with("e", `{"status":{"accessToken":null}}`), with("f", `{"status":{"accessToken":{}}}`),
		token("g", ""), token("h", ""), with("i", "x"), dropped("j"), token("b", "2"),
	})
	refuses(t, "the same", m, []*exchange.Exchange{token("a", opaque), token("b", jws), token("c", opaque)},
		"expected: a distinct value in each response | seen: the same value in p/a and in p/c | at: /status/accessToken | in: p/c")
	const lack = "fewer than two responses have a string at /status/accessToken"
	lacks(t, "one", m, []*exchange.Exchange{token("a", "1"), with("b", "{}")}, lack)
	lacks(t, "none", m, []*exchange.Exchange{}, lack)
}

func TestHoldTags(t *testing.T) {
	decode := func(text string) (value any) {
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		return value
	}
	m := HoldTags(decode(`[{"name":"a","value":"1"},{"name":"b","value":"2"}]`))
	accepts(t, "in another order, with others", m, decode(`[{"name":"c","value":"1"},7,{"name":"b","value":"2","x":1},{"name":"a","value":"1"}]`))
	accepts(t, "one twice", m, decode(`[{"name":"b","value":"2"},{"name":"a","value":"1"},{"name":"a","value":"1"}]`))
	accepts(t, "none wanted", HoldTags([]any{}), decode(`[]`))
	refuses(t, "one missing", m, decode(`[{"name":"a","value":"1"}]`),
		`expected: the tag {"name":"b","value":"2"}, and no other of its name | seen: [{"name":"a","value":"1"}]`)
	refuses(t, "another value", m, decode(`[{"name":"a","value":"2"},{"name":"b","value":"2"}]`),
		`expected: the tag {"name":"a","value":"1"}, and no other of its name | seen: [{"name":"a","value":"2"},{"name":"b","value":"2"}]`)
	refuses(t, "another value beside it", m, decode(`[{"name":"a","value":"1"},{"name":"a","value":"2"},{"name":"b","value":"2"}]`),
		`expected: the tag {"name":"a","value":"1"}, and no other of its name | seen: [{"name":"a","value":"1"},{"name":"a","value":"2"},{"name":"b","value":"2"}]`)
	refuses(t, "null", m, nil, "expected: an array of tags | seen: null")
}

func TestListMatchers(t *testing.T) {
	list := answer(200, `[{"metadata":{"id":"A","name":"conf-1-x","description":"d"}},{"metadata":{"id":"b","name":"conf-2","description":"conf-1-y"}},7]`)
	accepts(t, "listed", ListAccount("a"), list)
	refuses(t, "not listed", ListAccount("c"), list, `expected: a list that holds the account "c" | seen: a list of 3 accounts without it | in: p/s`)
	refuses(t, "no list", ListAccount("c"), answer(200, "{}"), `expected: a list that holds the account "c" | seen: status 200 OK and no array | in: p/s`)
	refuses(t, "an error", ListAccount("c"), answer(500, "[]"),
		`expected: a list that holds the account "c" | seen: status 500 Internal Server Error and no array | in: p/s`)

	accepts(t, "none of that name", ListNoAccountNamed("conf-3"), list)
	refuses(t, "two of that name", ListNoAccountNamed("conf-1-"), list, `expected: no account named "conf-1-…" | seen: "conf-1-x", "conf-1-y" | in: p/s`)
	lacks(t, "no list", ListNoAccountNamed("x"), answer(500, "[]"), "p/s is not a list")

	accepts(t, "no token", ListNoToken(), list)
	accepts(t, "an empty list", ListNoToken(), answer(200, "[]"))
	refuses(t, "a token", ListNoToken(), answer(200, `[{},{"status":{"accessToken":"`+opaque+`"}}]`),
		"expected: no member /1/status/accessToken | seen: a string | at: /1/status/accessToken | in: p/s")
	lacks(t, "no list", ListNoToken(), answer(200, "{}"), "p/s is not a list")
}
