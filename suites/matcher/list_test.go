package matcher

import "testing"

const twoAccounts = `[{"metadata":{"id":"A1","name":"n"}},{"metadata":{"id":"b2","name":"m"}}]`

func TestBeAccountList(t *testing.T) {
	m := BeAccountList()
	accepts(t, "empty", m, answer(200, "[]"))
	accepts(t, "two", m, answer(200, twoAccounts))
	refuses(t, "an object", m, answer(200, "{}"), "expected: an array of accounts | seen: an object | in: p/s")
	refuses(t, "null", m, answer(200, "null"), "expected: an array of accounts | seen: null | in: p/s")
	refuses(t, "an item of another kind", m, answer(200, `[{},"x"]`), "expected: an account | seen: a string | at: /1 | in: p/s")
	refuses(t, "no JSON", m, answer(200, "<html>"), "expected: an array of accounts | seen: a body of 6 bytes that is not JSON | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestListDistinct(t *testing.T) {
	m := ListDistinct()
	accepts(t, "distinct", m, answer(200, twoAccounts))
	accepts(t, "without ids", m, answer(200, "[{},{}]"))
	refuses(t, "in another case", m, answer(200, `[{"metadata":{"id":"ab"}},{},{"metadata":{"id":"AB"}}]`),
		`expected: an id for each account | seen: "ab" at /0 and at /2 | at: /2/metadata/id | in: p/s`)
	lacks(t, "no list", m, answer(200, "{}"), "p/s is not a list")
	lacks(t, "an error", m, answer(500, "[]"), "p/s is not a list")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestListEach(t *testing.T) {
	m := ListEach("/metadata/name", BeText())
	accepts(t, "each", m, answer(200, twoAccounts))
	accepts(t, "none", m, answer(200, "[]"))
	refuses(t, "the second lacks it", m, answer(200, `[{"metadata":{"name":"a"}},{}]`),
		"expected: a member /1/metadata/name | seen: no such member | at: /1/metadata/name | in: p/s")
	lacks(t, "no list", m, answer(200, "{}"), "p/s is not a list")
}

func TestListEveryAndNot(t *testing.T) {
	list := answer(200, twoAccounts)
	accepts(t, "both, in any case", ListEvery("a1", "B2"), list)
	accepts(t, "nothing asked for", ListEvery(), list)
	refuses(t, "one of two", ListEvery("a1", "c3"), list,
		`expected: a list that holds the 2 accounts that were created | seen: a list of 2 accounts, which lacks 1 of them: ["c3"] | in: p/s`)
	lacks(t, "no list", ListEvery("a1"), answer(404, "[]"), "p/s is not a list")

	accepts(t, "not there", ListNot("c3"), list)
	refuses(t, "there", ListNot("B2"), list, `expected: a list without the account "B2" | seen: a list that holds it | at: /1 | in: p/s`)
	lacks(t, "no list", ListNot("a1"), answer(200, "x"), "p/s is not a list")
}

func TestListNoneBut(t *testing.T) {
	list := answer(200, twoAccounts)
	accepts(t, "told of", ListNoneBut([]string{"n", "m"}, []string{"a1", "B2"}), list)
	accepts(t, "other names", ListNoneBut([]string{"x"}, nil), list)
	refuses(t, "an account that nobody was told of", ListNoneBut([]string{"n", "m"}, []string{"a1"}), list,
		`expected: of the names that were asked for, only the 1 accounts that a response told of | seen: the account "b2" named "m", which no response told of | at: /1 | in: p/s`)
	lacks(t, "no list", ListNoneBut(nil, nil), answer(200, "x"), "p/s is not a list")
}
