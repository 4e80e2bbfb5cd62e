package matcher

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// All accepts what every one of the matchers accepts, and tells what the first of the others saw.
func All(matchers ...types.GomegaMatcher) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		for _, m := range matchers {
			if found := run(m, value); found != nil {
				return found
			}
		}
		return nil
	})
}

// Each accepts a family of exchanges every one of which m accepts, and names each step that it does not accept. Exchanges
// without a response count neither way; if there is nothing else to blame, they make the check inconclusive, and so does
// an empty family.
func Each(m types.GomegaMatcher) types.GomegaMatcher {
	return newMatcher(func(family []*exchange.Exchange) *Mismatch {
		if len(family) == 0 {
			panic(exchange.Missing{Reason: "there is no response to judge"})
		}
		var unanswered, lines []string
		var first *Mismatch
		for _, e := range family {
			if !e.Answered() {
				unanswered = append(unanswered, e.Unanswered())
				continue
			}
			found, missing := attempt(m, e)
			if missing != "" {
				unanswered = append(unanswered, missing)
			}
			if found == nil {
				continue
			}
			if first == nil {
				first = found
				first.Exchange = e.ID
			}
			lines = append(lines, e.Step+": "+strings.ReplaceAll(found.Seen, "\n", "; "))
		}
		if first == nil && len(unanswered) > 0 {
			panic(exchange.Missing{Reason: strings.ReplaceAll(FirstLines(unanswered), "\n", "; ")})
		}
		if first == nil {
			return nil
		}
		first.Seen = strings.Join(lines, "\n")
		if len(family) > 1 {
			first.Seen = fmt.Sprintf("%d of %d otherwise:\n%s", len(lines), len(family), first.Seen)
		}
		return first
	})
}

// attempt is run for one exchange of a family: evidence that is missing there leaves the others to be judged.
func attempt(m types.GomegaMatcher, e *exchange.Exchange) (found *Mismatch, missing string) {
	defer func() {
		cause := recover()
		if lacking, ok := cause.(exchange.Missing); ok && !lacking.Live {
			missing = lacking.Reason
		} else if cause != nil {
			panic(cause)
		}
	}()
	return run(m, e), ""
}

// EachAnswered is Each for exchanges that a target must answer: a connection that it dropped counts against it.
func EachAnswered(m types.GomegaMatcher) types.GomegaMatcher {
	return newMatcher(func(family []*exchange.Exchange) *Mismatch {
		var dropped []string
		var first string
		for _, e := range family {
			if e.Failure != nil && (e.Failure.Kind == exchange.Dropped || e.Failure.Kind == exchange.Malformed) {
				if first == "" {
					first = e.ID
				}
				dropped = append(dropped, e.Step+": "+e.Failure.Message)
			}
		}
		if first != "" {
			return &Mismatch{Expected: "a response to each request", Seen: FirstLines(dropped), Exchange: first}
		}
		return run(Each(m), family)
	})
}

// fewLines is how many lines tell of alike exchanges.
const fewLines = 10

// FirstLines joins the first of many alike lines, and counts the others.
func FirstLines(lines []string) string {
	if n := len(lines) - fewLines; n > 0 {
		lines = append(lines[:fewLines:fewLines], fmt.Sprintf("and %d more", n))
	}
	return strings.Join(lines, "\n")
}
