package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// HaveStatusBetween accepts an answer with a status from low to high.
func HaveStatusBetween(low, high int) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if status := e.Status(); status >= low && status <= high {
			return nil
		}
		return &Mismatch{Expected: fmt.Sprintf("a status from %d to %d", low, high), Seen: "status " + statusName(e.Status())}
	})
}

// ShareStatus accepts exchanges whose answers all have one status. Those without an answer count neither way; fewer than
// two answers make the check inconclusive.
func ShareStatus() types.GomegaMatcher {
	return newMatcher(func(family []*exchange.Exchange) *Mismatch {
		answered := slices.DeleteFunc(slices.Clone(family), func(e *exchange.Exchange) bool { return !e.Answered() })
		if len(answered) < 2 {
			panic(exchange.Missing{Reason: "fewer than two answers can be compared"})
		}
		var lines []string
		var other *exchange.Exchange
		for _, e := range answered {
			lines = append(lines, e.Step+": status "+statusName(e.Status()))
			if other == nil && e.Status() != answered[0].Status() {
				other = e
			}
		}
		if other == nil {
			return nil
		}
		return &Mismatch{Expected: "one status for all", Seen: strings.Join(lines, "\n"), Exchange: other.ID}
	})
}

// RepeatNone accepts an answer that holds none of the given secrets, in headers or body. Secrets of less than eight bytes
// could be there by chance and are passed over. The message shows none.
func RepeatNone(secrets []string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		found := func(text string) bool {
			return slices.ContainsFunc(secrets, func(s string) bool { return len(s) >= 8 && strings.Contains(text, s) })
		}
		const expected = "an answer without the credential that was presented"
		if found(string(e.Response.Body)) {
			return &Mismatch{Expected: expected, Seen: "a credential in the body"}
		}
		for name, values := range e.Response.Header {
			if slices.ContainsFunc(values, found) {
				return &Mismatch{Expected: expected, Seen: "a credential in the header " + name}
			}
		}
		return nil
	})
}
