package matcher

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/exchange"
)

func refusal(status int, code string) *exchange.Exchange {
	return answer(status, fmt.Sprintf(`{"error":%q,"error_description":"no"}`, code), "Content-Type", "application/json")
}

// fitting are the pairs of the error schema, and those of RFC 6750 section 3.1.
var fitting = map[int][]string{
	400: {"invalid_request"},
	401: {"access_denied", "invalid_token", "invalid_request", "insufficient_scope"},
	403: {"forbidden", "insufficient_scope"},
	404: {"not_found"},
	405: {"method_not_allowed"},
	409: {"conflict"},
	413: {"request_entity_too_large"},
	415: {"unsupported_media_type"},
	422: {"unprocessable_content"},
	500: {"server_error"},
	503: {"server_error"},
}

func TestHaveFittingErrorCode(t *testing.T) {
	m := HaveFittingErrorCode()
	all := []string{"made_up", ""}
	for _, codes := range fitting {
		all = append(all, codes...)
	}
	for status, codes := range fitting {
		good := map[string]bool{}
		for _, code := range codes {
			good[code] = true
		}
		for _, code := range all {
			name := fmt.Sprintf("%d %s", status, code)
			if good[code] {
				accepts(t, name, m, refusal(status, code))
				continue
			}
			refuses(t, name, m, refusal(status, code),
				fmt.Sprintf("expected: for status %d the error code %s | seen: %q | at: /error | in: p/s", status, orList(codes), code))
		}
	}
	accepts(t, "a status without a pair", m, refusal(429, "slow_down"))
	refuses(t, "a number", m, answer(429, `{"error":1}`), "expected: an error code | seen: 1 | at: /error | in: p/s")
	refuses(t, "null", m, answer(404, `{"error":null}`), "expected: for status 404 the error code not_found | seen: null | at: /error | in: p/s")
	refuses(t, "absent", m, answer(404, `{}`), "expected: a member /error | seen: no such member | at: /error | in: p/s")
	refuses(t, "HTML", m, answer(404, `<h1>`), "expected: a member /error | seen: a body of 4 bytes that is not JSON | at: /error | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestHaveErrorBody(t *testing.T) {
	m := HaveErrorBody(contract(t))
	for status, codes := range fitting {
		for _, code := range codes {
			accepts(t, fmt.Sprintf("%d %s", status, code), m, refusal(status, code))
		}
	}
	for _, status := range []int{400, 404, 500} { // the codes of RFC 6750 belong to 401 and 403 only
		if text(t, m, refusal(status, "invalid_token")) == "" {
			t.Errorf("%d may say invalid_token", status)
		}
	}
	for name, e := range map[string]*exchange.Exchange{
		"no body":        answer(401, ""),
		"HTML":           answer(401, "<html>"),
		"another code":   refusal(401, "made_up"),
		"403's at 403":   refusal(403, "invalid_token"),
		"no description": answer(401, `{"error":"invalid_token"}`),
		"an array":       answer(401, `[]`),
		"twice":          answer(401, `{"error":"access_denied","error":"access_denied","error_description":"no"}`),
	} {
		if text(t, m, e) == "" {
			t.Errorf("%s: it is accepted", name)
		}
	}
	if got := text(t, m, answer(404, `{"error":1,"error_description":"no"}`)); !strings.HasPrefix(got, "expected: the common error body\nseen: /error: expected ") || !strings.HasSuffix(got, "\nat: /error\nin: p/s") {
		t.Errorf("a number: %s", got)
	}
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestBeRefused(t *testing.T) {
	m := BeRefused(contract(t), 400, 422)
	accepts(t, "one", m, refusal(400, "invalid_request"))
	accepts(t, "the other", m, refusal(422, "unprocessable_content"))
	refuses(t, "another status", m, refusal(500, "server_error"),
		"expected: status 400 Bad Request or 422 Unprocessable Entity | seen: status 500 Internal Server Error | in: p/s")
	refuses(t, "another code", m, refusal(400, "not_found"),
		`expected: for status 400 the error code invalid_request | seen: "not_found" | at: /error | in: p/s`)
	if text(t, m, answer(400, "{}")) == "" {
		t.Error("any body will do")
	}
}

func TestEach(t *testing.T) {
	m := Each(HaveStatus(400))
	good, bad := named("good", answer(400, "")), named("bad", answer(201, ""))
	accepts(t, "all", m, []*exchange.Exchange{good, good})
	accepts(t, "one without a response", Each(HaveStatus(400)), []*exchange.Exchange{good})
	refuses(t, "one", m, []*exchange.Exchange{bad}, "expected: status 400 Bad Request | seen: bad: status 201 Created | in: p/bad")
	refuses(t, "two of four", m, []*exchange.Exchange{good, bad, dropped("lost"), named("worse", answer(500, ""))},
		"expected: status 400 Bad Request | seen: 2 of 4 otherwise: |     bad: status 201 Created |     worse: status 500 Internal Server Error | in: p/bad")
	refuses(t, "several lines", Each(By(func(*exchange.Exchange) *Mismatch { return &Mismatch{Expected: "a", Seen: "b\nc"} })), []*exchange.Exchange{bad},
		"expected: a | seen: bad: b; c | in: p/bad")
	lacks(t, "one lost", m, []*exchange.Exchange{good, dropped("lost"), dropped("gone")}, "p/lost was not answered: closed; p/gone was not answered: closed")
	lacks(t, "an empty family", m, []*exchange.Exchange{}, "there is no response to judge")
	lacks(t, "no family", m, nil, "there is no response to judge")
}
