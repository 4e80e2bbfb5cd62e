package matcher

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// HaveStatus accepts a response with one of the given status codes.
func HaveStatus(codes ...int) types.GomegaMatcher {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = statusName(code)
	}
	return onStatus("status "+orList(names), func(status int) bool { return slices.Contains(codes, status) })
}

// HaveStatusBetween accepts a response with a status from low to high.
func HaveStatusBetween(low, high int) types.GomegaMatcher {
	return onStatus(fmt.Sprintf("a status of %d to %d", low, high), func(status int) bool { return status >= low && status <= high })
}

// BeClientError accepts a response with a status of 400 to 499.
func BeClientError() types.GomegaMatcher { return HaveStatusBetween(400, 499) }

// BeSuccess accepts a response with a 2xx, or with one of the given statuses.
func BeSuccess(others ...int) types.GomegaMatcher {
	expected := []string{"a status of 200 to 299"}
	for _, code := range others {
		expected = append(expected, statusName(code))
	}
	return onStatus(orList(expected), func(status int) bool { return status/100 == 2 || slices.Contains(others, status) })
}

// BeAuthenticated accepts a response with any status but 401: whoever asked is known, whatever he may do.
func BeAuthenticated() types.GomegaMatcher {
	return onStatus("a token that authenticates", func(status int) bool { return status != http.StatusUnauthorized })
}

// BeCreatedOrRefused accepts 201 and every status with which a client's request may be refused.
func BeCreatedOrRefused() types.GomegaMatcher {
	return onStatus("status 201 Created or a 4xx", func(status int) bool { return status == http.StatusCreated || status/100 == 4 })
}

// BeNoServerError accepts every status below 500, and a target that asks to be left alone (503 with Retry-After).
func BeNoServerError() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		busy := e.Status() == http.StatusServiceUnavailable && e.Response.Header.Get("Retry-After") != ""
		if e.Status() < http.StatusInternalServerError || busy {
			return nil
		}
		return &Mismatch{Expected: "a status below 500", Seen: "status " + statusName(e.Status())}
	})
}

// BeSupported is BeNoServerError for a method that a server need not support: 501 is legal (RFC 9110 section 15.6.2).
func BeSupported() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if e.Status() == http.StatusNotImplemented {
			return nil
		}
		return run(BeNoServerError(), e)
	})
}

// BeCreatedOr accepts 201, and otherwise what m accepts.
func BeCreatedOr(m types.GomegaMatcher) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if e.Status() == http.StatusCreated {
			return nil
		}
		found := run(m, e)
		if found != nil && strings.HasPrefix(found.Expected, "status ") {
			found.Expected = "status 201 Created, or as a refusal " + strings.TrimPrefix(found.Expected, "status ")
		}
		return found
	})
}

// HoldCreated accepts a family of exchanges at least one of which got 201.
func HoldCreated() types.GomegaMatcher {
	return newMatcher(func(family []*exchange.Exchange) *Mismatch {
		answered := answeredOf(family)
		if len(answered) == 0 {
			panic(exchange.Missing{Reason: "there is no response to judge"})
		}
		if slices.ContainsFunc(answered, func(e *exchange.Exchange) bool { return e.Status() == http.StatusCreated }) {
			return nil
		}
		return &Mismatch{Expected: "status 201 Created in one response at least", Seen: statuses(answered), Exchange: answered[0].ID}
	})
}

// ShareStatus accepts exchanges whose answers all have one status. Those without a response count neither way; fewer than
// two responses make the check inconclusive.
func ShareStatus() types.GomegaMatcher {
	return newMatcher(func(family []*exchange.Exchange) *Mismatch {
		answered := answeredOf(family)
		if len(answered) < 2 {
			panic(exchange.Missing{Reason: "fewer than two responses can be compared"})
		}
		other := slices.IndexFunc(answered, func(e *exchange.Exchange) bool { return e.Status() != answered[0].Status() })
		if other < 0 {
			return nil
		}
		return &Mismatch{Expected: "one status for all", Seen: statuses(answered), Exchange: answered[other].ID}
	})
}

// onStatus makes a matcher of the status of a response.
func onStatus(expected string, good func(status int) bool) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if good(e.Status()) {
			return nil
		}
		return &Mismatch{Expected: expected, Seen: "status " + statusName(e.Status())}
	})
}

func answeredOf(family []*exchange.Exchange) []*exchange.Exchange {
	return slices.DeleteFunc(slices.Clone(family), func(e *exchange.Exchange) bool { return !e.Answered() })
}

// statuses lists the steps of a family with their statuses, a line each.
func statuses(family []*exchange.Exchange) string {
	lines := make([]string, len(family))
	for i, e := range family {
		lines[i] = e.Step + ": status " + statusName(e.Status())
	}
	return strings.Join(lines, "\n")
}

func statusName(code int) string {
	if text := http.StatusText(code); text != "" {
		return fmt.Sprintf("%d %s", code, text)
	}
	return strconv.Itoa(code)
}

func orList(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " or " + items[len(items)-1]
}
