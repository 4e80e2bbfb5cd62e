// Package matcher holds the Gomega matchers of the suite. A matcher looks at recorded values and says what it expected
// and what it saw; it sends nothing, and its messages never hold a token.
package matcher

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// matcher judges a value of type T: nil means that it is as expected. It remembers nothing, so that checks that are judged
// at the same time can share one.
type matcher[T any] struct {
	judge func(T) *Mismatch
}

// finder is a matcher of this package, which says itself what is wrong.
type finder interface {
	find(actual any) *Mismatch
}

// By makes a matcher of a function that returns what is wrong with a value of type T, nil if nothing is.
func By[T any](judge func(T) *Mismatch) types.GomegaMatcher { return newMatcher(judge) }

func newMatcher[T any](judge func(T) *Mismatch) types.GomegaMatcher {
	return &matcher[T]{judge: judge}
}

func (m *matcher[T]) Match(actual any) (bool, error) { return m.find(actual) == nil, nil }

func (m *matcher[T]) find(actual any) *Mismatch {
	value, ok := taken[T](actual)
	if !ok {
		return &Mismatch{Expected: a(value), Seen: Show(actual)}
	}
	return m.judge(value)
}

// taken is the value as a T; nil is one of every type that has a nil.
func taken[T any](actual any) (T, bool) {
	value, ok := actual.(T)
	if kind := reflect.TypeFor[T]().Kind(); actual == nil && (kind == reflect.Interface || kind == reflect.Pointer || kind == reflect.Slice) {
		ok = true
	}
	return value, ok
}

// FailureMessage judges once more: what a matcher says depends on the value alone.
func (m *matcher[T]) FailureMessage(actual any) string {
	found := m.find(actual)
	if found == nil {
		return ""
	}
	return found.String()
}

func (m *matcher[T]) NegatedFailureMessage(actual any) string {
	return notAccepted(actual).String()
}

// onAnswer makes a matcher of a complete response. An exchange without one makes the check inconclusive.
func onAnswer(judge func(*exchange.Exchange) *Mismatch) types.GomegaMatcher {
	return newMatcher(func(e *exchange.Exchange) *Mismatch {
		if !e.Answered() {
			panic(exchange.Missing{Reason: e.Unanswered()})
		}
		found := judge(e)
		if found != nil && e.Response.HeaderCut {
			panic(exchange.Missing{Reason: fmt.Sprintf("the header of %s is longer than the suite keeps; this is a limit of the suite", e.ID)})
		}
		if found != nil && found.Exchange == "" {
			found.Exchange = e.ID
		}
		return found
	})
}

// onBody is onAnswer for what is judged by the body. If the suite read only a part of it, the check is inconclusive: the
// limit is the suite's.
func onBody(judge func(*exchange.Exchange) *Mismatch) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if e.Response.Truncated {
			panic(tooLong(e))
		}
		found := judge(e)
		if r := e.Response.Reduction; found != nil && r != nil && r.Shortened {
			panic(tooLong(e))
		}
		return found
	})
}

func tooLong(e *exchange.Exchange) exchange.Missing {
	return exchange.Missing{Reason: fmt.Sprintf("the body of %s is longer than the suite reads; this is a limit of the suite", e.ID)}
}

// run judges a value with any matcher and returns its failure as a Mismatch, nil if there is none.
func run(m types.GomegaMatcher, value any) *Mismatch {
	if ours, ok := m.(finder); ok {
		found := ours.find(value)
		if found != nil && found.Expected == "" {
			found.Seen = Show(value)
		}
		return found
	}
	ok, err := m.Match(value)
	if err != nil {
		return &Mismatch{Expected: "a value that can be judged", Seen: err.Error()}
	}
	if ok {
		return nil
	}
	return &Mismatch{Expected: mask(strings.TrimSpace(m.FailureMessage(value))), Seen: Show(value)}
}

// Find is what a matcher of this package finds wrong with a value; negated means that the matcher must not accept it. It is
// false for a matcher of another package, and for a value that is as it should be.
func Find(m types.GomegaMatcher, value any, negated bool) (Mismatch, bool) {
	ours, ok := m.(finder)
	if !ok {
		return Mismatch{}, false
	}
	found := ours.find(value)
	switch {
	case negated && found == nil:
		return notAccepted(value), true
	case negated || found == nil:
		return Mismatch{}, false
	}
	return *found, true
}

func notAccepted(value any) Mismatch { return Mismatch{Expected: "anything else", Seen: Show(value)} }
