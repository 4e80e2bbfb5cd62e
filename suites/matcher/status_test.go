package matcher

import (
	"testing"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

func TestStatusMatchers(t *testing.T) {
	for name, test := range map[string]struct {
		matcher   types.GomegaMatcher
		good, bad []int
		expected  string
	}{
		"BeSuccess":          {matcher: BeSuccess(), good: []int{200, 201, 204, 299}, bad: []int{199, 300, 409, 500}, expected: "a status of 200 to 299"},
		"BeSuccess or":       {matcher: BeSuccess(409), good: []int{201, 409}, bad: []int{404, 500}, expected: "a status of 200 to 299 or 409 Conflict"},
		"HaveStatusBetween":  {matcher: HaveStatusBetween(300, 499), good: []int{300, 404, 499}, bad: []int{200, 299, 500}, expected: "a status of 300 to 499"},
		"BeClientError":      {matcher: BeClientError(), good: []int{400, 404, 499}, bad: []int{201, 399, 500}, expected: "a status of 400 to 499"},
		"BeAuthenticated":    {matcher: BeAuthenticated(), good: []int{200, 403, 404, 500}, bad: []int{401}, expected: "a token that authenticates"},
		"BeCreatedOrRefused": {matcher: BeCreatedOrRefused(), good: []int{201, 400, 409, 422}, bad: []int{200, 302, 500}, expected: "status 201 Created or a 4xx"},
		"BeNoServerError":    {matcher: BeNoServerError(), good: []int{200, 302, 404, 499}, bad: []int{500, 501, 503, 599}, expected: "a status below 500"},
	} {
		for _, status := range test.good {
			accepts(t, name, test.matcher, answer(status, ""))
		}
		for _, status := range test.bad {
			refuses(t, name, test.matcher, answer(status, ""), "expected: "+test.expected+" | seen: status "+statusName(status)+" | in: p/s")
		}
		lacks(t, name, test.matcher, dropped("s"), "p/s was not answered: closed")
	}
	accepts(t, "a busy target", BeNoServerError(), answer(503, "", "Retry-After", "1"))
	refuses(t, "a broken target", BeNoServerError(), answer(500, "", "Retry-After", "1"),
		"expected: a status below 500 | seen: status 500 Internal Server Error | in: p/s")
}

func TestBeCreatedOr(t *testing.T) {
	m := BeCreatedOr(BeRefused(contract(t), 409))
	accepts(t, "created", m, answer(201, ""))
	accepts(t, "refused", m, refusal(409, "conflict"))
	refuses(t, "neither", m, answer(500, ""),
		"expected: status 201 Created, or as a refusal 409 Conflict | seen: status 500 Internal Server Error | in: p/s")
	refuses(t, "refused, and the code is wrong", m, refusal(409, "not_found"),
		`expected: for status 409 the error code conflict | seen: "not_found" | at: /error | in: p/s`)
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestHoldCreated(t *testing.T) {
	m := HoldCreated()
	accepts(t, "one of them", m, []*exchange.Exchange{answer(409, ""), answer(201, "")})
	accepts(t, "the one that was answered", m, []*exchange.Exchange{dropped("a"), answer(201, "")})
	refuses(t, "none", m, []*exchange.Exchange{dropped("a"), named("b", answer(409, "")), named("c", answer(200, ""))},
		"expected: status 201 Created in one response at least | seen: b: status 409 Conflict |     c: status 200 OK | in: p/b")
	lacks(t, "no response", m, []*exchange.Exchange{dropped("a")}, "there is no response to judge")
}

func TestShareStatus(t *testing.T) {
	m := ShareStatus()
	a, b, c := named("a", answer(401, "")), named("b", answer(401, "")), named("c", answer(403, ""))
	accepts(t, "one status", m, []*exchange.Exchange{a, dropped("x"), b})
	refuses(t, "two", m, []*exchange.Exchange{a, b, dropped("x"), c},
		"expected: one status for all | seen: a: status 401 Unauthorized |     b: status 401 Unauthorized |     c: status 403 Forbidden | in: p/c")
	lacks(t, "one response", m, []*exchange.Exchange{a, dropped("x")}, "fewer than two responses can be compared")
	lacks(t, "none", m, nil, "fewer than two responses can be compared")
}

func TestEachAnswered(t *testing.T) {
	m := EachAnswered(BeClientError())
	good := named("good", answer(400, ""))
	late := &exchange.Exchange{ID: "p/late", Step: "late", Failure: &exchange.Failure{Kind: exchange.Timeout, Message: "no response within 5s"}}
	garbled := &exchange.Exchange{ID: "p/garbled", Step: "garbled", Failure: &exchange.Failure{Kind: exchange.Malformed, Message: "not HTTP"}}
	accepts(t, "all", m, []*exchange.Exchange{good, good})
	refuses(t, "two without", m, []*exchange.Exchange{good, late, dropped("lost"), garbled},
		"expected: a response to each request | seen: lost: closed |     garbled: not HTTP | in: p/lost")
	refuses(t, "one otherwise", m, []*exchange.Exchange{good, late, named("bad", answer(201, ""))},
		"expected: a status of 400 to 499 | seen: 1 of 3 otherwise: |     bad: status 201 Created | in: p/bad")
	lacks(t, "one late", m, []*exchange.Exchange{good, late}, "p/late was not answered: no response within 5s")
	lacks(t, "none", m, nil, "there is no response to judge")
}
