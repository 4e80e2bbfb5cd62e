package match

import (
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// BeClientError accepts an answer with a status of 400 to 499.
func BeClientError() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if e.Status()/100 == 4 {
			return nil
		}
		return &Mismatch{Expected: "a status of 400 to 499", Seen: "status " + statusName(e.Status())}
	})
}

// BeAuthenticated accepts an answer with any status but 401: whoever asked is known, whatever he may do.
func BeAuthenticated() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if e.Status() != 401 {
			return nil
		}
		return &Mismatch{Expected: "a token that authenticates", Seen: "status " + statusName(e.Status())}
	})
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
			return &Mismatch{Expected: "an answer to each request", Seen: strings.Join(dropped, "\n"), Exchange: first}
		}
		return run(Each(m), family)
	})
}

// BeSameSecond accepts a date-time less than a second away from another: what one answer shows with a fraction, a later
// one may have cut off.
func BeSameSecond(other time.Time) types.GomegaMatcher {
	return onTime(func(t time.Time) *Mismatch {
		if t.Sub(other).Abs() < time.Second {
			return nil
		}
		return &Mismatch{Expected: other.UTC().Format(time.RFC3339Nano), Seen: t.UTC().Format(time.RFC3339Nano)}
	})
}

// BeCreatedOr accepts 201, and otherwise what m accepts.
func BeCreatedOr(m types.GomegaMatcher) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if e.Status() == 201 {
			return nil
		}
		found := run(m, e)
		if found != nil && strings.HasPrefix(found.Expected, "status ") {
			found.Expected = "status 201 Created, or as a refusal " + strings.TrimPrefix(found.Expected, "status ")
		}
		return found
	})
}

// HoldCreated accepts a family of exchanges at least one of which was answered with 201.
func HoldCreated() types.GomegaMatcher {
	return newMatcher(func(family []*exchange.Exchange) *Mismatch {
		var seen []string
		for _, e := range family {
			if e.Status() == 201 {
				return nil
			}
			seen = append(seen, e.Step+": status "+statusName(e.Status()))
		}
		return &Mismatch{Expected: "status 201 Created in one answer at least", Seen: strings.Join(seen, "\n")}
	})
}
